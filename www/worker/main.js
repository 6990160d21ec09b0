/**
 * The worker: owns the engines, the models and the looks, and answers the page one request at a time.
 * Messages: see messenger.js.
 */

import { listen } from './inbox.js';
import { FeaturescopeError, cancelled, isPanic, part, toErrorData } from '../api/errors.js';
import { text } from '../api/text.js';
import { hosts } from './download.js';
import { Engines } from './engines.js';
import { Gate } from './gate.js';
import { Handles } from './handles.js';
import { drawOverlay, readLook, runLook, settle } from './looks.js';
import { onAnyEngine, openModel } from './models.js';
import { Pictures } from './pictures.js';
import { Queue } from './queue.js';

const engines = new Engines();
const handles = new Handles();
const pictures = new Pictures();
const queue = new Queue();
/** What the actions share. `careful`: pictures are decoded apart from the engine, where a panic costs nothing: one has ended an engine before,
 * or there is an image set or a drawing, which would be lost with it. `alone`: the engine does its work without threads, since further workers have the
 * other cores, or this is one of those. `threads`: how many have been started, this one among them. */
const worker = { engines, handles, pictures, careful: false, alone: false, threads: 1, lookAt, lookOnce, apart };

/** @typedef {typeof worker} Worker */

/**
 * @typedef {object} Call
 * @property {AbortSignal} signal
 * @property {(progress: import('../api/types.js').Progress) => void} progress
 * @property {Gate} gate where a call in several turns waits while it is held
 * @property {<T>(work: () => Promise<T>) => Promise<T>} turn does a part of such a call, when nothing else waits
 */

/**
 * What is done for a request of the page. `any`: what a request holds, and what it is answered with, is as different as they are, and its
 * other end in `api/` is of the same build.
 * @typedef {(message: any, call: Call) => Promise<{ result: any, transfer?: Transferable[] }>} Action
 */

/** What a first look asks for. @type {Record<string, Action>} */
const actions = {
  async create({ engine, careful, alone = false }, call) {
    Object.assign(worker, { careful, alone });
    engines.alone = alone;
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

  async look({ model: handle, picture: source, options }, call) {
    const open = handles.model(handle);
    const wish = { source, options: settle(open.description, options) };
    const { look: engineLook, runMilliseconds, missing } = await lookAt(open, wish, call);
    const read = readLook(engineLook, open.description);
    const isOfClasses = open.description.gives.kind === 'scores';
    const { finds, arrays: found } = isOfClasses
      ? { finds: null, arrays: [] }
      : (await part(import('./finds.js'))).findsIn(engineLook);
    const data = { ...read, finds, missing, milliseconds: runMilliseconds, engine: open.engine.info };
    const arrays = [data.means, data.maxima, data.minima, data.peaks, data.dead, data.maps, data.seen.data, ...found];
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

  async colormap({ name }) {
    return { result: engines.any().module.colormap(name) };
  },

  async release({ handle }) {
    handles.release(handle);
    return { result: undefined };
  },
};

/** @type {ReturnType<typeof loadMore> | null} */
let loading = null;

/** All other actions: they load behind the first look, or with the first request that is one of theirs. */
function more() {
  loading ??= loadMore().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function loadMore() {
  return (await part(import('./more.js'))).createMore(worker);
}

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
 * @returns {ReturnType<typeof runLook>}
 */
async function lookOnce(open, { source, options }, call) {
  call.progress({ stage: 'decode', done: 0, total: 1 });
  const ask = (/** @type {import('../api/engine-types.js').EnginePicture} */ picture) =>
    runLook(open, picture, options, call).catch(async (error) =>
      // Where no other engine may be asked, what this one can run of the network is shown.
      error.ofEngine && error.code === 'unsupported-op' && engines.request !== 'auto'
        ? (await more()).lookAtMaps(open, picture, options, call, error)
        : Promise.reject(error),
    );
  if (source.stack) return (await more()).ofStack(open, source.stack, call, ask);
  const picture = await pictures.decode(open.engine.module, apart(source, open.engine.folder), call.signal);
  call.signal.throwIfAborted();
  return ask(picture);
}

/**
 * A picture as it is to be decoded, where it is not kept from before: by the engine, or apart from it.
 * @param {import('./pictures.js').PictureSource} source
 * @param {string} folder of the engine whose decoder is to be used
 */
function apart(source, folder) {
  const { blob, ahead } = source;
  if (!worker.careful || !blob || ahead) return source;
  return { ...source, ahead: async () => (await more()).decoder.decode(folder, blob, { wait: true }) };
}

/** Requests that are waiting or running, so that they can be cancelled and held.
 * @type {Map<number, { controller: AbortController, gate: Gate }>} */
const running = new Map();

/** Thumbnails, of pictures and of layers, and images of a set wait until nothing else does: they are many, and never what the visitor is waiting for. */
const BACKGROUND = new Set(['depth', 'thumbnail', 'seeImage']);

/** Calls that take their turns by themselves, many short ones. */
const IN_TURNS = new Set(['draw']);

/** @param {MessageEvent} event */
async function receive({ data: { id, action, watched, ...content } }) {
  // A frame without an origin of its own has no locks; then the page learns of a killed worker by its silence alone.
  if (action === 'watch') return holdLock().catch(() => {});
  if (action === 'cancel') return running.get(id)?.controller.abort(cancelled());
  if (action === 'hold') return running.get(id)?.gate.hold(content.held);
  const { set, picture } = content;
  // One of a set that this worker keeps.
  if (set && picture) {
    picture.ahead = more()
      .then(({ ahead }) => ahead(set, picture))
      .catch(() => null);
  }
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
  const handler = actions[action] ?? (await more()).actions[action];
  if (!handler) throw new FeaturescopeError('internal', text.errors.internal(action));
  const answer = await handler(content, call);
  if (action === 'look') {
    engines.secondParts.behindLook(engines.any());
    // Whoever needs them tries again, and is told; what a browser refuses of threads leaves the engine as it is.
    more()
      .then(({ share }) => share())
      .catch(() => {});
  }
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
