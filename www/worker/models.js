import { FeaturescopeError, cancelled, isPanic, part, toError } from '../api/errors.js';
import { text } from '../api/text.js';
import { download } from './download.js';
import { withTask } from './task.js';

/**
 * @typedef {import('../api/types.js').Card} Card
 * @typedef {import('./engines.js').Engine} Engine
 * @typedef {import('./engines.js').Call} Call
 * @typedef {{ name?: string, url?: string, follow?: boolean, files?: (File | Blob)[], paths?: string[] }} Source `follow`: the address may lead to
 *   another one; `paths`: where each of the files lay
 * @typedef {{ path: string, content: Blob }} External a file beside a model, by its path from anywhere above
 * @typedef {{ graph: Blob, external: External[], card: Card | undefined, seed?: number }} Parts
 * @typedef {{ model: import('../api/engine-types.js').EngineModel, engine: Engine, description: import('../api/types.js').ModelDescription, parts: Parts }} OpenModel
 */

/** How much of a file is in JavaScript's memory at a time. */
const SLICE = 8 * 1024 * 1024;

/**
 * @param {import('./engines.js').Engines} engines
 * @param {Source} source
 * @param {Card} card what is known better than the card beside the model says
 * @param {Call} call
 * @returns {Promise<OpenModel>}
 */
export async function openModel(engines, source, card, call) {
  const parts = await find(source, call);
  let all = { ...parts.card, ...card };
  if (all.beside || all.from) all = (await part(import('./joined.js'))).joined(parts.card, card);
  parts.card = await completeCard(all, call);
  return openParts(engines, parts, call);
}

/**
 * @param {import('./engines.js').Engines} engines
 * @param {Parts} parts
 * @param {Call} call
 * @returns {Promise<OpenModel>}
 */
export async function openParts(engines, parts, call) {
  const engine = engines.any();
  const model = await openOn(engine, parts, call);
  const open = { model, engine, description: describe(model, parts.card), parts };
  try {
    await onAnyEngine(engines, open, call, () => guessRecipe(engines, open, call));
    call.signal.throwIfAborted();
    return open;
  } catch (error) {
    // After a panic there is nothing to free: the worker ends.
    if (!isPanic(error)) closeModel(open);
    throw error;
  }
}

/**
 * Runs `work` on the engine that the model is open on. Where that one lacks an operator, the model is too large for its
 * device, or no answer comes from there, and the choice is ours, the model moves to the CPU engine and `work` runs again.
 * @template T
 * @param {import('./engines.js').Engines} engines
 * @param {OpenModel} open is changed where the model moves
 * @param {Call} call
 * @param {() => Promise<T>} work
 * @param {(move: () => Promise<void>) => Promise<void>} [turn] of a call in several turns: waits until nobody uses the model
 * @returns {Promise<T>}
 */
export async function onAnyEngine(engines, open, call, work, turn = (move) => move()) {
  const asked = open.engine;
  try {
    return await work();
  } catch (thrown) {
    if (isPanic(thrown)) throw thrown;
    const error = toError(thrown);
    const isBeyondIt = /** @type {{ ofEngine?: boolean }} */ (thrown).ofEngine;
    const mayMove =
      (isBeyondIt || error.code === 'no-answer') && engines.request === 'auto' && asked.info.device === 'webgpu';
    if (!mayMove) throw thrown;
    const { move } = await part(import('./move.js'));
    await turn(() => move(engines, open, call, { asked, error }));
    return work();
  }
}

/** The bundled photos' labels are ImageNet's, so they only tell about models with its classes. */
const IMAGENET_CLASSES = 1000;

/**
 * Finds out which recipe a model without a card wants. Few visitors bring one, so how to guess is loaded when it is needed.
 * @param {import('./engines.js').Engines} engines
 * @param {OpenModel} open
 * @param {Call} call
 */
async function guessRecipe(engines, open, call) {
  if (open.description.recipeIsKnown || open.description.classes !== IMAGENET_CLASSES) return;
  const guess = await import('./guess.js');
  await engines.run(open.engine, call, (watched) => guess.guessRecipe(open, watched));
}

/**
 * Frees the engine's part of a model.
 * @param {OpenModel} open
 */
export function closeModel({ model }) {
  model.release();
  model.free();
}

/**
 * @param {Engine} engine
 * @param {Parts} parts
 * @param {Call} call
 */
export async function openOn({ module, scope }, { graph, external, card, seed }, call) {
  const { signal, progress } = call;
  const total = external.reduce((sum, { content }) => sum + content.size, graph.size);
  const file = new module.ModelFile(graph.size);
  let done = 0;
  /** @param {Blob} blob @param {(offset: number, chunk: Uint8Array) => void} write */
  const copy = async (blob, write) => {
    for (let offset = 0; offset < blob.size; offset += SLICE) {
      progress({ stage: 'read', done, total });
      const chunk = new Uint8Array(await blob.slice(offset, offset + SLICE).arrayBuffer());
      signal.throwIfAborted();
      write(offset, chunk);
      done += chunk.byteLength;
    }
  };
  try {
    await copy(graph, (offset, chunk) => file.write(offset, chunk));
    // Files of one name in several folders are told apart by where they lie.
    for (const { path, content } of external) {
      file.addExternal(path, content.size);
      await copy(content, (offset, chunk) => file.writeExternal(path, offset, chunk));
    }
    if (seed !== undefined) file.randomise(seed);
    progress({ stage: 'setup', done: 0 });
    const { value: model } = await withTask(module, call, (task) => scope.open(file, card, task));
    if (!signal.aborted) return model;
    model.free();
    throw cancelled();
  } finally {
    file.free();
  }
}

/**
 * @param {import('../api/engine-types.js').EngineModel} model
 * @param {Card | undefined} card
 * @returns {import('../api/types.js').ModelDescription}
 */
function describe(model, card) {
  const { title, input, headLayer, noHead, recipes, ...rest } = model.describe();
  return {
    ...rest,
    title: title ?? card?.title ?? '',
    statedOutput: card?.output ?? null,
    statedScores: card?.scores ?? null,
    inputShape: input.shape,
    recipes: rest.recipeIsKnown ? [{ name: 'card', recipe: rest.recipe }, ...recipes] : recipes,
    linearHead: headLayer ? { layer: headLayer } : null,
    noLinearHead: noHead,
  };
}

/**
 * @param {Source} source
 * @param {Call} call
 * @returns {Promise<Parts>}
 */
async function find({ name, url, follow, files, paths = [] }, call) {
  if (name) {
    const card = await readCard(new URL(`../models/${name}.json`, import.meta.url), call);
    const address = new URL(`../models/${card.file ?? `${name}.onnx`}`, import.meta.url);
    return {
      graph: await download(address.href, call),
      external: [],
      card: { ...card, title: text.model.named(name, card.title ?? '') },
    };
  }
  const { partsAt, partsOf } = await part(import('./brought.js'));
  return url ? partsAt(url, { ...call, follow }) : partsOf(files ?? [], paths, call);
}

/**
 * @param {URL} address
 * @param {Call} call
 * @returns {Promise<Card>}
 */
async function readCard(address, call) {
  const blob = await download(address.href, { ...call, progress: () => {} });
  return parseCard(await blob.text(), address.href);
}

/**
 * @param {string} json
 * @param {string} name of its file, for what is said where it is none
 * @returns {Card}
 */
export function parseCard(json, name) {
  try {
    const card = JSON.parse(json);
    if (card && typeof card === 'object' && !Array.isArray(card)) return card;
  } catch {
    // The sentence below says all there is to say.
  }
  throw new FeaturescopeError('bad-model', text.errors.badCard(name));
}

/**
 * Labels may be the name of a list beside the models, since many models share ImageNet's.
 * @param {Card | undefined} card
 * @param {Call} call
 * @returns {Promise<Card | undefined>}
 */
async function completeCard(card, call) {
  if (typeof card?.labels !== 'string') return card;
  // A card comes from anywhere, so it may name a list of this page and no address.
  if (!/^[\w-][\w.-]*$/.test(card.labels))
    throw new FeaturescopeError(
      'bad-model',
      (await part(import('../api/more-text.js'))).text.unknownLabels(card.labels.slice(0, 80)),
    );
  const address = new URL(card.labels, new URL('../models/', import.meta.url));
  const blob = await download(address.href, { ...call, progress: () => {} });
  try {
    return { ...card, labels: JSON.parse(await blob.text()) };
  } catch {
    throw new FeaturescopeError('bad-model', text.errors.badCard(address.href));
  }
}
