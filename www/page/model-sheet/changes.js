/** What the sheet of a model asks of the engine, and what its buttons do. */

import { toError } from '../../api/errors.js';
import { save } from '../../ui/save.js';
import { closeSheet, typeOnSheet } from '../changes.js';
import { currentPhoto, imageOf } from '../state.js';
import { cardOf, fieldsOf, fieldsOfRecipe, isSameRecipe, read, stem } from './fields.js';
import { text } from './text.js';

/**
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {import('../state.js').State} State
 * @typedef {import('../../api/types.js').Recipe} Recipe
 */

/** The visitor has stopped typing after this time, in milliseconds. */
const PAUSE = 250;
/** So many classes are said. */
const SAID = 3;

/**
 * What the fields of the open sheet say.
 * @param {Pick<State, 'sheet' | 'model'>} state
 */
export function readSheet({ sheet, model }) {
  return sheet && model ? read(fieldsOf(model, sheet.typed), model) : null;
}

/** What the picture on the sheet is of: null where there is none to make. @param {State} state */
export function seenKey(state) {
  const recipe = readSheet(state)?.recipe;
  const photo = currentPhoto(state);
  return recipe && photo ? JSON.stringify([recipe, photo.id, photo.strokes]) : null;
}

/** Looks with the recipe of the fields; the newest question counts. @param {Session} session */
export function createAsker(session) {
  let running = new AbortController();
  /** @type {{ key: string, answer: Promise<void> } | null} */
  let asked = null;

  /** @param {string} key @param {number} pause */
  async function look(key, pause) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    await new Promise((resolve) => setTimeout(resolve, pause));
    const { state, model } = session;
    const recipe = readSheet(state)?.recipe;
    const photo = currentPhoto(state);
    if (signal.aborted || !model || !recipe || !photo) return;
    const seen = await seenBy(model, photo, recipe, signal);
    if (seen && session.state.sheet) session.set({ sheet: { ...session.state.sheet, seen: { key, ...seen } } });
  }

  return {
    /** Settles when the answer for what stands in the fields now is there. @param {number} [pause] */
    ask(pause = PAUSE) {
      const key = seenKey(session.state);
      if (key === null || session.state.sheet?.seen?.key === key || !session.model) return Promise.resolve();
      if (asked?.key !== key || pause === 0) asked = { key, answer: look(key, pause) };
      return asked.answer;
    },
    stop() {
      running.abort();
      asked = null;
    },
  };
}

/**
 * @param {import('../../featurescope.js').Model} model
 * @param {import('../state.js').Photo} photo
 * @param {Recipe} recipe
 * @param {AbortSignal} signal
 * @returns {Promise<Omit<import('../state.js').Seen, 'key'> | null>} null where nobody waits for it any more
 */
async function seenBy(model, photo, recipe, signal) {
  try {
    const look = await model.look(imageOf(photo, model), { recipe, erase: photo.strokes, signal });
    const seen = {
      image: look.seen(),
      predictions: look.predictions.slice(0, SAID),
      silence: look.silence,
      refused: null,
    };
    look.close();
    return seen;
  } catch (thrown) {
    const { code, message } = toError(thrown);
    if (signal.aborted || ['cancelled', 'closed', 'worker-lost'].includes(code)) return null;
    return { image: null, predictions: [], silence: null, refused: message };
  }
}

/** Puts a recipe into the fields. @param {Session} session @param {Recipe} recipe */
export function takeRecipe(session, recipe) {
  typeOnSheet(session, fieldsOfRecipe(recipe));
}

/** The fields as the model's files and the page's guess have them. @param {Session} session */
export async function takeGuess(session) {
  const { guess } = session.state.model ?? {};
  if (guess)
    return typeOnSheet(session, { ...fieldsOfRecipe(guess.recipe), names: guess.labels.join('\n'), output: '' });
  // It was opened with what somebody said, so it is guessed now.
  session.set({ sheet: { typed: {}, seen: null } });
  await session.sayOfModel({});
}

/**
 * Reads the model as the fields say, from now on; with something wrong in them the sheet stays.
 * @param {Session} session
 * @param {ReturnType<typeof createAsker>} asker
 * @returns {Promise<boolean>} whether the sheet is closed
 */
export async function use(session, asker) {
  const { state, opened } = session;
  const said = readSheet(state);
  if (!state.model || !state.sheet || !said?.recipe || said.names === null || said.bands === null) return false;
  await asker.ask(0);
  const { sheet, model } = session.state;
  if (!sheet || !model || sheet.seen?.refused) return false;
  const { guess } = model;
  const typed = sheet.typed.names !== undefined;
  const isGuess = JSON.stringify(said.names) === JSON.stringify(guess?.labels ?? []);
  const card = sheet.typed.bands === undefined ? opened.card : { ...opened.card, bands: said.bands };
  const labels = typed ? (isGuess || said.names.length === 0 ? undefined : said.names) : opened.labels;
  closeSheet(session);
  await session.sayOfModel({
    recipe: isSameRecipe(said.recipe, model.recipe) ? model.recipe : said.recipe,
    ...(said.output ? { output: said.output } : {}),
    ...(labels ? { labels } : {}),
    ...(card ? { card } : {}),
  });
  return true;
}

/** Saves what stands in the fields as a card. @param {Session} session */
export async function saveCard(session) {
  const { state, opened } = session;
  const said = readSheet(state);
  const { model } = state;
  if (!model || !said?.recipe || said.names === null || said.bands === null) return;
  const graph = await graphOf(opened.source);
  const card = cardOf(
    {
      title: model.title,
      recipe: said.recipe,
      names: said.names,
      output: said.output,
      scores: model.statedScores,
      defaultLayer: model.defaultLayer,
      bands: said.bands,
    },
    graph,
  );
  const blob = new Blob([`${JSON.stringify(card, null, 2)}\n`], { type: 'application/json' });
  save(blob, `${stem(graph?.name ?? model.title) || 'card'}.json`);
  if (session.state.sheet) session.set({ sheet: { ...session.state.sheet, note: text.saved } });
}

/**
 * Name and content of the network's file, where it is one of the visitor's.
 * @param {import('../../featurescope.js').ModelSource} source
 */
async function graphOf(source) {
  const files = (Array.isArray(source) ? source : [source]).filter((file) => file instanceof File);
  const file = files.find(({ name }) => /\.onnx$/i.test(name)) ?? files[0];
  if (!file) return null;
  try {
    const { sha256 } = await import('../../share/files.js');
    return { name: file.name, bytes: file.size, sha256: await sha256(file) };
  } catch {
    // Pages that came over plain http compute no hashes, and a card does without.
    return { name: file.name, bytes: file.size };
  }
}
