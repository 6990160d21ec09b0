/** What the page asks for beyond a first look. */

import { FeaturescopeError, part, toErrorData } from '../api/errors.js';
import { roomHere } from '../api/room.js';
import { DecodeAhead } from './ahead.js';
import { ImageSet } from './image-sets.js';
import { engineOverlay, runLook } from './looks.js';
// With these, so that what a visitor brings needs no network any more.
import './bitmaps.js';
import './brought.js';
import { findsWithout } from './finds.js';
import { onAnyEngine, openParts } from './models.js';
import { ofStack } from './stacks.js';
import { withTask } from './task.js';
import { thumbnail } from './thumbnails.js';

/**
 * @typedef {import('./main.js').Action} Action
 * @typedef {import('./main.js').Call} Call
 * @typedef {import('./main.js').Worker} Worker
 */

/** @param {Worker} worker */
export function createMore(worker) {
  const decoder = new DecodeAhead();
  return {
    /** @type {Record<string, Action>} */
    actions: { ...ofModels(worker), ...ofLooks(worker), ...ofImageSets(worker), ...ofEngines(worker) },
    decoder,
    /** @param {number} set @param {import('./pictures.js').PictureSource} source */
    ahead: (set, source) => decodeAhead(worker, decoder, set, source),
    lookAtMaps,
    share: () => shareAmongThreads(worker),
    /**
     * @template T
     * @param {import('./models.js').OpenModel} open
     * @param {import('./pictures.js').PictureSource[]} stack
     * @param {Call} call
     * @param {(stack: import('../api/engine-types.js').EnginePicture) => Promise<T>} ask
     * @returns {Promise<T>}
     */
    ofStack: (open, stack, call, ask) => ofStack(worker, open, stack, call, ask),
  };
}

/** The engine that has its threads, or is getting them. @type {import('./engines.js').Engine | null} */
let shared = null;

/**
 * Has the CPU engine's loops done by threads, where its memory is shared. It may come late, in place of a graphics card.
 * @param {Worker} worker
 */
async function shareAmongThreads(worker) {
  const engine = worker.engines.loaded.find(({ exports }) => exports);
  if (!engine || shared || worker.alone) return;
  shared = engine;
  const { startThreads } = await part(import('./threads.js'));
  worker.threads = await startThreads(engine, () => worker.alone);
}

/**
 * What is asked of a model, or said about it.
 * @param {Worker} worker
 * @returns {Record<string, Action>}
 */
function ofModels(worker) {
  const { engines, handles, pictures } = worker;
  return {
    async randomise({ model: handle, seed }, call) {
      const model = await openRandomised(engines, handles.model(handle), seed, call);
      const { description, engine } = model;
      return { result: { handle: handles.add(model), description, engine: engine.info } };
    },

    /** What another worker opens the same model from. Files are handed on as they are, and copied by whoever opens them. */
    async parts({ model }) {
      return { result: { parts: partsInUse(handles.model(model)), request: engines.request } };
    },

    async openParts({ parts, request }, call) {
      // So that an operator that is missing is answered as it is there.
      engines.request = request;
      return { result: { handle: handles.add(await openParts(engines, parts, call)) } };
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

    async depth({ model: handle, picture: source, options }, call) {
      const open = handles.model(handle);
      const { depthOf } = await import('./depth.js');
      // Thumbnails are no reason to move a model to another engine.
      const layers = await engines.run(open.engine, call, async (watched) => {
        if (source.stack)
          return ofStack(worker, open, source.stack, watched, (stack) => depthOf(open, stack, options, watched));
        const picture = await pictures.decode(
          open.engine.module,
          worker.apart(source, open.engine.folder),
          watched.signal,
        );
        watched.signal.throwIfAborted();
        return depthOf(open, picture, options, watched);
      });
      return { result: layers, transfer: layers.map(({ data }) => data.buffer) };
    },

    async draw({ model, options: { article, ...options } }, call) {
      worker.careful = true;
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
  };
}

/**
 * What is asked about a look.
 * @param {Worker} worker
 * @returns {Record<string, Action>}
 */
function ofLooks(worker) {
  const { handles } = worker;
  return {
    async contributions({ look, classIndex }) {
      return { result: handles.look(look).engineLook.contributions(classIndex) };
    },

    async ablate({ look: handle, options }, call) {
      const look = handles.look(handle);
      const open = handles.model(look.model);
      const found = await onLook(worker, open, look, call, (task) => open.model.ablate(look.engineLook, options, task));
      const { value, arrays } = findsWithout(found);
      return { result: { ...value, engine: open.engine.info }, transfer: arrays.map(({ buffer }) => buffer) };
    },

    async cam({ look: handle, options: { overlay, ...options } }, call) {
      const look = handles.look(handle);
      const open = handles.model(look.model);
      const wish = { ...options, overlay: engineOverlay(look.seen, overlay) };
      const value = await onLook(worker, open, look, call, (task) => open.model.cam(look.engineLook, wish, task));
      const arrays = [value.data, value.cells.data, value.weights, value.image.data];
      return { result: { ...value, engine: open.engine.info }, transfer: arrays.map(({ buffer }) => buffer) };
    },
  };
}

/**
 * What is asked of a set of images.
 * @param {Worker} worker
 * @returns {Record<string, Action>}
 */
function ofImageSets(worker) {
  const { handles } = worker;
  return {
    async imageSet({ model, options }) {
      handles.model(model);
      worker.careful = true;
      return { result: handles.addImageSet(new ImageSet(options), model) };
    },

    async addImage({ set, picture: source }, call) {
      const { images, model: handle } = handles.imageSet(set);
      const open = handles.model(handle);
      const { look } = await worker.lookAt(open, { source, options: images.options }, call);
      try {
        return { result: images.on(open.engine.module).add(look) };
      } finally {
        look.free();
      }
    },

    /** What a set keeps of an image, for a set that may be in another worker. */
    async seeImage({ model: handle, picture: source, options }, call) {
      const open = handles.model(handle);
      const { look } = await worker.lookAt(open, { source, options }, call);
      try {
        const seen = open.engine.module.ImageSet.seen(look);
        const { means, maxima, peaks, ranked } = seen;
        return { result: seen, transfer: [means, maxima, peaks, ranked].map(({ buffer }) => buffer) };
      } finally {
        look.free();
      }
    },

    async takeSeen({ set, seen: { layer, means, maxima, peaks, ranked, said } }) {
      return { result: openSet(handles, set).take(layer, means, maxima, peaks, ranked, said) };
    },

    async classMaps({ set, classes, perImage, perClass }) {
      return { result: openSet(handles, set).classMaps(classes, perImage, perClass) };
    },

    async sums({ set, maps }) {
      return { result: openSet(handles, set).sums(Uint32Array.from(maps)) };
    },

    async mapOverSet({ set, map }) {
      return { result: openSet(handles, set).map(map) };
    },

    async said({ set }) {
      return { result: openSet(handles, set).said() };
    },

    async confusion({ set, classes, ties }) {
      return { result: openSet(handles, set).confusion(classes, ties) };
    },
  };
}

/**
 * What is asked of the engines.
 * @param {Worker} worker
 * @returns {Record<string, Action>}
 */
function ofEngines(worker) {
  const { engines, pictures } = worker;
  return {
    async thumbnail({ picture, size }, call) {
      const { module, folder } = engines.any();
      const result = await thumbnail(pictures, module, worker.apart(picture, folder), size, call.signal);
      return { result, transfer: [result.bitmap] };
    },

    async loaded(_, call) {
      // To be kept as well, if it can be had.
      await engines.secondParts.whole(engines.any(), call).catch(() => {});
      return { result: performance.getEntriesByType('resource').map(({ name }) => name) };
    },

    async memory() {
      return { result: { ...memoryOf(engines.loaded), threads: worker.threads } };
    },

    /** Whether further workers have the other cores now. */
    async leaveCores({ alone }) {
      worker.alone = alone;
      return { result: undefined };
    },

    async destroyDevice() {
      for (const { info, scope } of engines.loaded) if (info.device === 'webgpu') scope.destroyDevice();
      return { result: undefined };
    },
  };
}

/**
 * The same model with random weights, and with the recipe in use.
 * @param {import('./engines.js').Engines} engines
 * @param {import('./models.js').OpenModel} open
 * @param {number} seed
 * @param {Call} call
 */
function openRandomised(engines, open, seed, call) {
  return openParts(engines, { ...partsInUse(open), seed }, call);
}

/**
 * What the model was opened from, with the recipe in use and the labels that are known by now.
 * @param {import('./models.js').OpenModel} open
 * @returns {import('./models.js').Parts}
 */
function partsInUse({ parts, description: { recipe, labels } }) {
  return { ...parts, card: { ...parts.card, recipe, labels } };
}

/**
 * Asks the model about a look. Where the model has moved to another engine since, it looks again there, since no engine sees
 * into the memory of another.
 * @template T
 * @param {Worker} worker
 * @param {import('./models.js').OpenModel} open
 * @param {import('./handles.js').OpenLook} look
 * @param {Call} call
 * @param {(task: import('../api/engine-types.js').EngineTask) => Promise<T>} question
 * @returns {Promise<T>}
 */
function onLook(worker, open, look, call, question) {
  return onAnyEngine(worker.engines, open, call, async () => {
    const { module } = open.engine;
    if (look.module !== module) {
      const { look: engineLook } = await worker.lookOnce(open, look.wish, call);
      look.engineLook.free();
      Object.assign(look, { engineLook, module });
    }
    return (await withTask(module, call, question)).value;
  });
}

/** @param {Worker['handles']} handles @param {number} handle */
function openSet(handles, handle) {
  const { images, model } = handles.imageSet(handle);
  return images.begun ?? images.on(handles.model(model).engine.module);
}

/**
 * Begins to decode an image of a set that has to wait for its turn.
 * @param {Worker} worker
 * @param {DecodeAhead} decoder
 * @param {number} set
 * @param {import('./pictures.js').PictureSource} source
 */
async function decodeAhead({ handles, careful }, decoder, set, { blob }) {
  if (!blob) return null;
  const { engine } = handles.model(handles.imageSet(set).model);
  // On the CPU the cores have engines to run.
  const most = engine.info.device === 'webgpu' ? roomHere(0) : 1;
  return decoder.decode(engine.folder, blob, { wait: careful, most });
}

/**
 * Looks at the maps alone, where the engine lacks an operator of what follows them.
 * @param {import('./models.js').OpenModel} open
 * @param {import('../api/engine-types.js').EnginePicture} picture
 * @param {import('../api/types.js').LookOptions} options
 * @param {Call} call
 * @param {unknown} error that says what the engine lacks
 */
async function lookAtMaps(open, picture, options, call, error) {
  const { message, node } = toErrorData(error);
  return { ...(await runLook(open, picture, options, call, true)), missing: { message, node } };
}

/** What engines hold together. @param {import('./engines.js').Engine[]} engines @returns {import('../api/types.js').Memory} */
function memoryOf(engines) {
  const [sum, ...others] = engines.map(({ scope }) => ({ ...scope.memory() }));
  for (const memory of others) {
    for (const key of /** @type {(keyof import('../api/types.js').Memory)[]} */ (Object.keys(memory)))
      sum[key] += memory[key];
  }
  return sum;
}
