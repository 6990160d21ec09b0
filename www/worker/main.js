/**
 * The worker: owns the engines, the models and the looks, and answers the page one request at a time.
 * Messages: see messenger.js.
 */

import { listen } from './inbox.js';
import { FeaturescopeError, cancelled, isPanic, toErrorData } from '../api/errors.js';
import { text } from '../api/text.js';
import { DecodeAhead } from './ahead.js';
import { hosts } from './download.js';
import { Engines } from './engines.js';
import { Gate } from './gate.js';
import { Handles } from './handles.js';
import { ImageSet } from './image-sets.js';
import { drawOverlay, engineOverlay, readLook, runLook, settle } from './looks.js';
import { onAnyEngine, openModel, openRandomised } from './models.js';
import { Pictures } from './pictures.js';
import { Queue } from './queue.js';
import { withTask } from './task.js';

const engines = new Engines();
const handles = new Handles();
const pictures = new Pictures();
const decoder = new DecodeAhead();
const queue = new Queue();
/** Pictures are decoded apart from the engine, where a panic costs nothing: one has ended an engine before, or there is an image set or a
 * drawing, which would be lost with it. */
let careful = false;

/**
 * @typedef {object} Call
 * @property {AbortSignal} signal
 * @property {(progress: import('../api/types.js').Progress) => void} progress
 * @property {Gate} gate where a call in several turns waits while it is held
 * @property {<T>(work: () => Promise<T>) => Promise<T>} turn does a part of such a call, when nothing else waits
 */

/** What is done for each request of the page. `any`: what a request holds, and what it is answered with, is as different as they are, and its
 * other end in `api/` is of the same build.
 * @type {Record<string, (message: any, call: Call) => Promise<{ result: any, transfer?: Transferable[] }>>} */
const actions = {
  async create({ engine, careful: wanted }, call) {
    careful = wanted;
    return { result: await engines.start(engine, call) };
  },

  async open({ source, card }, call) {
    const model = await openModel(engines, source, card, call);
    const { description, engine, parts } = model;
    return {
      result: {
        handle: handles.add(model),
        description,
        engine: engine.info,
        cameFrom: hosts.get(parts.graph) ?? null,
      },
    };
  },

  async randomise({ model: handle, seed }, call) {
    const model = await openRandomised(engines, handles.model(handle), seed, call);
    const { description, engine } = model;
    return { result: { handle: handles.add(model), description, engine: engine.info } };
  },

  async setRecipe({ model, recipe }) {
    const { model: engineModel, description } = handles.model(model);
    try {
      engineModel.setRecipe(recipe);
    } catch (error) {
      // Nobody gave a card here.
      throw new FeaturescopeError('bad-argument', toErrorData(error).message);
    }
    description.recipe = recipe;
    return { result: undefined };
  },

  async setOutput({ model, output }) {
    const open = handles.model(model);
    try {
      open.model.setOutput(output);
    } catch (error) {
      throw new FeaturescopeError('bad-argument', toErrorData(error).message);
    }
    open.description.output = output;
    // The model keeps it where it moves to another engine.
    open.parts = { ...open.parts, card: { ...open.parts.card, output } };
    return { result: undefined };
  },

  async look({ model: handle, picture: source, options }, call) {
    const open = handles.model(handle);
    const wish = { source, options: settle(open.description, options) };
    const { look: engineLook, runMilliseconds, missing } = await lookAt(open, wish, call);
    const read = readLook(engineLook, open.description);
    const data = { ...read, missing, milliseconds: runMilliseconds, engine: open.engine.info };
    const { mask, embedding, picture } = data.finds ?? {};
    const found = [mask?.data, embedding, picture?.data].filter((array) => array !== undefined && array !== null);
    const own = [data.means, data.maxima, data.minima, data.peaks, data.dead, data.maps, data.seen.data];
    const arrays = [...own, ...found];
    const { width, height } = data.seen;
    return {
      result: {
        handle: handles.addLook({
          engineLook,
          module: open.engine.module,
          seen: { width, height },
          model: handle,
          wish,
        }),
        ...data,
      },
      transfer: arrays.map(({ buffer }) => buffer),
    };
  },

  async overlay({ look, maps, options }) {
    const { engineLook, seen } = handles.look(look);
    const { width, height, data, dead, scale } = drawOverlay(engineLook, seen, maps, options);
    return { result: { width, height, data, dead, scaleValue: scale }, transfer: [data.buffer] };
  },

  async contributions({ look, classIndex }) {
    return { result: handles.look(look).engineLook.contributions(classIndex) };
  },

  async ablate({ look: handle, options }, call) {
    const look = handles.look(handle);
    const open = handles.model(look.model);
    const value = await onLook(open, look, call, (task) => open.model.ablate(look.engineLook, options, task));
    return { result: { ...value, engine: open.engine.info } };
  },

  async cam({ look: handle, options: { overlay, ...options } }, call) {
    const look = handles.look(handle);
    const open = handles.model(look.model);
    const wish = { ...options, overlay: engineOverlay(look.seen, overlay) };
    const value = await onLook(open, look, call, (task) => open.model.cam(look.engineLook, wish, task));
    const arrays = [value.data, value.cells.data, value.weights, value.image.data];
    return { result: { ...value, engine: open.engine.info }, transfer: arrays.map(({ buffer }) => buffer) };
  },

  async depth({ model: handle, picture: source, options }, call) {
    const open = handles.model(handle);
    const { depthOf } = await import('./depth.js');
    // Thumbnails are no reason to move a model to another engine.
    const layers = await engines.run(open.engine, call, async (watched) => {
      const picture = await pictures.decode(open.engine.module, apart(source, open.engine.folder), watched.signal);
      watched.signal.throwIfAborted();
      return depthOf(open, picture, options, watched);
    });
    return { result: layers, transfer: layers.map(({ data }) => data.buffer) };
  },

  async draw({ model, options: { article, ...options } }, call) {
    careful = true;
    const open = handles.model(model);
    const recipe = article ? open.description.article.recipe : open.description.recipe;
    const draw = async () => {
      // The model may move while the drawing is on its way, and a drawing stays where it has begun.
      const { drawing, engine } = await call.turn(async () => ({
        drawing: open.model.draw({ ...options, recipe }),
        engine: open.engine,
      }));
      try {
        const { drawAll } = await import('./drawings.js');
        return await drawAll(engine.module, drawing, call, (watched, step) => engines.run(engine, watched, step));
      } finally {
        drawing.free();
      }
    };
    const value = await onAnyEngine(engines, open, call, draw, call.turn);
    return { result: { ...value, engine: open.engine.info } };
  },

  async imageSet({ model, options }) {
    handles.model(model);
    careful = true;
    return { result: handles.addImageSet(new ImageSet(options), model) };
  },

  async addImage({ set, picture: source }, call) {
    const { images, model: handle } = handles.imageSet(set);
    const open = handles.model(handle);
    const { look } = await lookAt(open, { source, options: images.options }, call);
    try {
      return { result: images.on(open.engine.module).add(look) };
    } finally {
      look.free();
    }
  },

  async classMaps({ set, classes, perImage, perClass }) {
    return { result: openSet(set).classMaps(classes, perImage, perClass) };
  },

  async sums({ set, maps }) {
    return { result: openSet(set).sums(Uint32Array.from(maps)) };
  },

  async mapOverSet({ set, map }) {
    return { result: openSet(set).map(map) };
  },

  async said({ set }) {
    return { result: openSet(set).said() };
  },

  async confusion({ set, classes, ties }) {
    return { result: openSet(set).confusion(classes, ties) };
  },

  async thumbnail({ picture, size }, call) {
    const { module, folder } = engines.any();
    const result = await pictures.thumbnail(module, apart(picture, folder), size, call.signal);
    return { result, transfer: [result.bitmap] };
  },

  async colormap({ name }) {
    return { result: engines.any().module.colormap(name) };
  },

  async release({ handle }) {
    handles.release(handle);
    return { result: undefined };
  },

  async loaded(_, call) {
    // To be kept as well, if it can be had.
    await engines.secondParts.whole(engines.any(), call).catch(() => {});
    return { result: performance.getEntriesByType('resource').map(({ name }) => name) };
  },

  async memory() {
    return { result: engines.memory() };
  },

  async destroyDevice() {
    engines.destroyDevice();
    return { result: undefined };
  },
};

/**
 * Decodes a picture and runs the model on it.
 * @param {import('./models.js').OpenModel} open
 * @param {import('./handles.js').Wish} wish
 * @param {Call} call
 */
function lookAt(open, wish, call) {
  return onAnyEngine(engines, open, call, () =>
    engines.run(open.engine, call, (watched) => lookOnce(open, wish, watched)),
  );
}

/**
 * The same on the engine that the model is open on.
 * @param {import('./models.js').OpenModel} open
 * @param {import('./handles.js').Wish} wish
 * @param {Call} call
 */
async function lookOnce(open, { source, options }, call) {
  call.progress({ stage: 'decode', done: 0, total: 1 });
  const picture = await pictures.decode(open.engine.module, apart(source, open.engine.folder), call.signal);
  call.signal.throwIfAborted();
  try {
    return await runLook(open, picture, options, call);
  } catch (error) {
    // Where no other engine may be asked, what this one can run of the network is shown.
    const { ofEngine, code } = /** @type {{ ofEngine?: boolean, code?: string }} */ (error);
    if (!ofEngine || code !== 'unsupported-op' || engines.request === 'auto') throw error;
    const { message, node } = toErrorData(error);
    return { ...(await runLook(open, picture, options, call, true)), missing: { message, node } };
  }
}

/**
 * Asks the model about a look. Where the model has moved to another engine since, it looks again there, since no engine sees
 * into the memory of another.
 * @template T
 * @param {import('./models.js').OpenModel} open
 * @param {import('./handles.js').OpenLook} look
 * @param {Call} call
 * @param {(task: import('../api/engine-types.js').EngineTask) => Promise<T>} question
 * @returns {Promise<T>}
 */
function onLook(open, look, call, question) {
  return onAnyEngine(engines, open, call, async () => {
    const { module } = open.engine;
    if (look.module !== module) {
      const { look: engineLook } = await lookOnce(open, look.wish, call);
      look.engineLook.free();
      Object.assign(look, { engineLook, module });
    }
    return (await withTask(module, call, question)).value;
  });
}

/**
 * Begins to decode an image of a set that has to wait for its turn.
 * @param {number} set
 * @param {import('./pictures.js').PictureSource} source
 */
async function decodeAhead(set, { blob }) {
  if (!blob) return null;
  const { engine } = handles.model(handles.imageSet(set).model);
  return decoder.decode(engine.folder, blob, { wait: careful });
}

/**
 * A picture as it is to be decoded, where it is not kept from before: by the engine, or apart from it.
 * @param {import('./pictures.js').PictureSource} source
 * @param {string} folder of the engine whose decoder is to be used
 */
function apart(source, folder) {
  const { blob, ahead } = source;
  return careful && blob && !ahead ? { ...source, ahead: () => decoder.decode(folder, blob, { wait: true }) } : source;
}

/** @param {number} handle */
function openSet(handle) {
  const { images, model } = handles.imageSet(handle);
  return images.begun ?? images.on(handles.model(model).engine.module);
}

/** Requests that are waiting or running, so that they can be cancelled and held.
 * @type {Map<number, { controller: AbortController, gate: Gate }>} */
const running = new Map();

/** Thumbnails, of pictures and of layers, wait until nothing else does: they are many, and never what the visitor is waiting for. */
const BACKGROUND = new Set(['depth', 'thumbnail']);

/** Calls that take their turns by themselves, many short ones. */
const IN_TURNS = new Set(['draw']);

/** @param {MessageEvent} event */
async function receive({ data: { id, action, watched, ...content } }) {
  // A frame without an origin of its own has no locks; then the page learns of a killed worker by its silence alone.
  if (action === 'watch') return holdLock().catch(() => {});
  if (action === 'cancel') return running.get(id)?.controller.abort(cancelled());
  if (action === 'hold') return running.get(id)?.gate.hold(content.held);
  if (action === 'addImage') content.picture.ahead = decodeAhead(content.set, content.picture).catch(() => null);
  const controller = new AbortController();
  const gate = new Gate();
  running.set(id, { controller, gate });
  const { signal } = controller;
  /** @type {Call} */
  const call = {
    signal,
    gate,
    turn: (work) => queue.run(work, { signal, background: true }),
    /** @param {import('../api/types.js').Progress} progress */
    progress: (progress) => {
      if (watched) self.postMessage({ id, progress });
    },
  };
  try {
    // Before its turn, so that what is ready at once does not wait behind it.
    await engines.secondParts.before(action, content, engines.chosen, call);
    const work = () => perform(action, content, call);
    const { result, transfer = [] } = await (IN_TURNS.has(action)
      ? work()
      : queue.run(work, { signal, background: BACKGROUND.has(action) }));
    self.postMessage({ id, result }, { transfer });
  } catch (error) {
    if (isPanic(error)) return giveUp(error);
    self.postMessage({ id, error: toErrorData(error) });
  } finally {
    running.delete(id);
  }
}
listen(receive);

/**
 * @param {string} action
 * @param {object} content of the request, as the action takes it
 * @param {Call} call
 */
async function perform(action, content, call) {
  const handler = actions[action];
  if (!handler) throw new FeaturescopeError('internal', text.errors.internal(action));
  const answer = await handler(content, call);
  if (action === 'look') engines.secondParts.behindLook(engines.any());
  return answer;
}

/**
 * A panic leaves the engine's memory in an unknown state: the page is told, and starts a new worker.
 * @param {unknown} error
 */
function giveUp(error) {
  const detail = error instanceof Error ? error.message : String(error);
  // Set where the panic came from decoding.
  const { picture } = /** @type {{ picture?: string | number }} */ (error);
  self.postMessage({ lost: { code: 'worker-lost', message: text.errors.workerLost(detail) }, picture });
  self.close();
}

// A panic inside a future of wasm-bindgen rejects nothing: its promise never settles, and the trap
// arrives here.
self.addEventListener('error', (event) => {
  if (isPanic(event.error)) giveUp(event.error);
});
self.addEventListener('unhandledrejection', (event) => {
  if (isPanic(event.reason)) giveUp(event.reason);
});

/** Holds a lock for as long as this worker lives; see `Messenger`. */
async function holdLock() {
  const name = `featurescope-worker-${crypto.randomUUID()}`;
  await navigator.locks.request(name, () => {
    self.postMessage({ lock: name });
    return new Promise(() => {});
  });
}
