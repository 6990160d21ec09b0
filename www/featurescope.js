/**
 * Featurescope's public interface: open a CNN, look at an image, see which feature maps fire and where.
 *
 *     import { Featurescope } from './featurescope.js';
 *     const scope = await Featurescope.create();
 *     const model = await scope.open('squeezenet1.1');
 *     const look = await model.look(document.querySelector('img'));
 *     look.top(5);                                     // [{ map, mean, rank }]
 *     await look.overlay(look.top(1)[0].map);          // ImageData
 *
 * All computing happens in a worker that this module starts. Everything that is opened is closed with
 * `close()`, which frees its memory; closing a model closes its looks.
 */

import { FeaturescopeError } from './errors.js';
import { ImageSet, tiedOutputs } from './image-set.js';
import { Messenger } from './messenger.js';
import { text } from './text.js';

export { FeaturescopeError, ImageSet };

/**
 * @typedef {import('./types.js').AblateOptions} AblateOptions
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./types.js').DrawOptions} DrawOptions
 * @typedef {import('./types.js').LookOptions} LookOptions
 * @typedef {import('./types.js').OverlayOptions} OverlayOptions
 * @typedef {Blob | File | URL | string | ImageData | ImageBitmap | HTMLImageElement} ImageSource
 * @typedef {string | URL | Blob | File | File[] | ArrayBuffer} ModelSource
 */

/** One engine in one worker. */
export class Featurescope {
  #messenger;
  /** The worker keeps the last decoded pictures by these keys.
   * @type {WeakMap<object, number>} */
  #pictureKeys = new WeakMap();
  #nextPictureKey = 1;

  /**
   * @param {Messenger} messenger
   * @param {import('./types.js').EngineInfo} engine
   */
  constructor(messenger, engine) {
    this.#messenger = messenger;
    /** Which engine runs, on what, and why. A model that this engine cannot run may be opened on the
     * CPU instead: see `model.engine`. */
    this.engine = engine;
    /** Settles, with the reason, once the worker is gone and this object is of no more use.
     * @type {Promise<FeaturescopeError>} */
    this.lost = messenger.lost;
  }

  /**
   * @param {CallOptions & { engine?: import('./types.js').EngineRequest }} [options]
   * @returns {Promise<Featurescope>}
   * @throws {FeaturescopeError} `no-gpu` where `webgpu` is forced and missing, `network`, `worker-lost`
   */
  static async create({ engine = 'auto', signal, onProgress } = {}) {
    const messenger = new Messenger(new URL('./worker.js', import.meta.url));
    try {
      return new Featurescope(messenger, await messenger.request('create', { engine }, { signal, onProgress }));
    } catch (error) {
      messenger.terminate(/** @type {FeaturescopeError} */ (error));
      throw error;
    }
  }

  /**
   * Opens a model.
   * @param {ModelSource} source a bundled model's name, an address, a file, an .onnx file with its data
   *   files (and its card, a .json file), or the file's bytes
   * @param {CallOptions & { card?: import('./types.js').Card }} [options] without a card one is guessed
   * @returns {Promise<Model>}
   * @throws {FeaturescopeError} `bad-model`, `too-large`, `unsupported-op`, `network`, `cancelled`
   */
  async open(source, { card, signal, onProgress } = {}) {
    const plain = source instanceof URL ? { url: source.href } : typeof source === 'string' ? namedSource(source)
      : source instanceof ArrayBuffer ? { files: [new File([source], 'model.onnx')] }
      : { files: Array.isArray(source) ? source : [source] };
    const opened = await this.#messenger.request('open', { source: plain, card }, { signal, onProgress });
    return new Model(this.#messenger, (image) => this.#picture(image), opened);
  }

  /**
   * Decodes an image and makes a small copy of it, upright and with its own proportions.
   * @param {ImageSource} image
   * @param {CallOptions & { size?: number }} [options] `size`: pixels of the longer side at most
   * @returns {Promise<{ bitmap: ImageBitmap, width: number, height: number }>} width and height of the image itself
   * @throws {FeaturescopeError} `bad-image`, `too-large`, `network`, `cancelled`
   */
  async thumbnail(image, { size = 640, signal } = {}) {
    const { picture, transfer } = await this.#picture(image);
    return this.#messenger.request('thumbnail', { picture, size }, { signal, transfer });
  }

  /**
   * A colour map as the overlays use it.
   * @param {string} name
   * @returns {Promise<Uint8Array>} 256 RGB triples, from no activation to the strongest
   */
  colormap(name) {
    return this.#messenger.request('colormap', { name });
  }

  /** The addresses that the worker has loaded so far: its scripts, the engine, models and photos.
   * @returns {Promise<string[]>} */
  loaded() {
    return this.#messenger.request('loaded');
  }

  /** What the engines hold in memory now, in bytes and pieces.
   * @returns {Promise<import('./types.js').Memory>} */
  memory() {
    return this.#messenger.request('memory');
  }

  /** Destroys the graphics device as a driver reset would. For tests of what happens then.
   * @returns {Promise<void>} */
  destroyDevice() {
    return this.#messenger.request('destroyDevice');
  }

  /** Resolves once nothing that was cancelled is still running. */
  settled() {
    return this.#messenger.idle();
  }

  /** Ends the worker and frees everything that was opened with it. */
  close() {
    this.#messenger.terminate(new FeaturescopeError('closed', text.errors.closed));
  }

  /**
   * @param {ImageSource} image
   * @returns {Promise<{ picture: object, transfer: Transferable[] }>}
   */
  async #picture(image) {
    if (typeof image === 'string') return { picture: { url: new URL(image, globalThis.location.href).href }, transfer: [] };
    if (image instanceof URL) return { picture: { url: image.href }, transfer: [] };
    if (image instanceof Blob) {
      const key = this.#pictureKeys.get(image) ?? this.#nextPictureKey++;
      this.#pictureKeys.set(image, key);
      return { picture: { blob: image, key }, transfer: [] };
    }
    if (image instanceof ImageData) return { picture: { pixels: image }, transfer: [] };
    try {
      // Copied even when it is a bitmap already, since what is sent to the worker is gone here.
      const bitmap = await createImageBitmap(image);
      return { picture: { bitmap }, transfer: [bitmap] };
    } catch {
      throw new FeaturescopeError('bad-image', text.errors.badImage);
    }
  }
}

/** An opened model. */
export class Model {
  #messenger;
  #picture;
  #handle;

  /**
   * @param {Messenger} messenger
   * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
   * @param {{ handle: number, description: import('./types.js').ModelDescription, engine: import('./types.js').EngineInfo }} opened
   */
  constructor(messenger, picture, { handle, description, engine }) {
    this.#messenger = messenger;
    this.#picture = picture;
    this.#handle = handle;
    /** The engine that runs this model; a look may move it to the CPU where the GPU lacks an operator. */
    this.engine = engine;
    this.title = description.title;
    /** Number of outputs. */
    this.classes = description.classes;
    this.labels = description.labels;
    /** The labels are ImageNet's, since the model recognises its photos. */
    this.labelsAreGuessed = description.labelsAreGuessed;
    this.output = description.output;
    /** How a picture becomes the input, in use now. */
    this.recipe = description.recipe;
    /** Whether it comes from the model's card and is not a guess. */
    this.recipeIsKnown = description.recipeIsKnown;
    /** Recipes to choose from, the card's or the best guess first; guessed ones with their score. */
    this.recipes = description.recipes;
    this.layers = description.layers;
    this.defaultLayer = description.defaultLayer;
    /** What the option `article` of a look takes. */
    this.article = description.article;
    this.residual = description.residual;
    this.inputShape = description.inputShape;
    /** Where pooling and one linear layer make the scores: the layer whose maps have contributions. */
    this.linearHead = description.linearHead;
    /** Why there is no such layer, in a sentence. */
    this.noLinearHead = description.noLinearHead;
    /** Size of the model's file. */
    this.bytes = description.bytes;
  }

  /**
   * Runs the network on an image and keeps the maps of one layer.
   * @param {ImageSource} image
   * @param {LookOptions & CallOptions} [options]
   * @returns {Promise<Look>}
   * @throws {FeaturescopeError} `bad-image`, `too-large`, `device-lost`, `cancelled`
   */
  async look(image, { signal, onProgress, ...options } = {}) {
    const { picture, transfer } = await this.#picture(image);
    const content = { model: this.#handle, picture, options };
    const data = await this.#messenger.request('look', content, { signal, onProgress, transfer });
    this.engine = data.engine;
    return new Look(this.#messenger, data);
  }

  /**
   * An empty set, to which images are added.
   * @param {string[]} [names] of its classes, where it has any
   * @param {LookOptions} [options]
   * @returns {Promise<ImageSet>}
   */
  async imageSet(names = [], options = {}) {
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new FeaturescopeError('bad-argument', text.errors.sameClassTwice(twice));
    const content = { model: this.#handle, options };
    return new ImageSet(this.#messenger, this.#picture, await this.#messenger.request('imageSet', content), names);
  }

  /**
   * Question 1: which maps belong to which class?
   * @param {import('./image-set.js').ImageClass[]} classes
   * @param {LookOptions & CallOptions & { perImage?: number, perClass?: number }} [options] at most so many maps of each
   *   image and of each class, 25 where left out
   * @returns {Promise<import('./types.js').ClassMaps[]>}
   * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `device-lost`, `cancelled`
   */
  async classMaps(classes, { perImage, perClass, ...options } = {}) {
    return this.#ask(classes, options, (set) => set.classMaps({ perImage, perClass }));
  }

  /**
   * Question 5: are the maps of a class unique to it? The sum of their activations for every image.
   * @param {import('./types.js').ClassMaps[]} classMaps as `classMaps` returns them
   * @param {import('./image-set.js').ImageClass[]} testClasses
   * @param {LookOptions & CallOptions} [options]
   * @returns {Promise<Record<string, Record<string, Float32Array>>>} by the class that the maps belong to, then by the class
   *   of the images, which keep their order
   * @throws {FeaturescopeError} as `classMaps`
   */
  async classSums(classMaps, testClasses, options = {}) {
    return this.#ask(testClasses, options, async (set) => {
      const sums = classMaps.map(async ({ name, maps }) => [name, await set.sums(maps.map(({ map }) => map))]);
      return Object.fromEntries(await Promise.all(sums));
    });
  }

  /**
   * Question 4: which class does the network take each image for?
   * @param {import('./image-set.js').ImageClass[]} testClasses
   * @param {CallOptions & { ties?: Record<string, number | number[]>, recipe?: import('./types.js').Recipe }} [options]
   *   `ties`: the outputs that belong to a class; where left out, those whose label is the class's name
   * @returns {Promise<import('./types.js').Confusion>} the last column is for all other outputs
   * @throws {FeaturescopeError} as `classMaps`
   */
  async confusion(testClasses, { ties = {}, ...options } = {}) {
    const names = testClasses.map(({ name }) => name);
    return this.#ask(testClasses, options, (set) => set.confusion(tiedOutputs(names, ties, this.labels)));
  }

  /**
   * @template T
   * @param {import('./image-set.js').ImageClass[]} classes
   * @param {LookOptions & CallOptions} options
   * @param {(set: ImageSet) => Promise<T>} question
   * @returns {Promise<T>}
   */
  async #ask(classes, { signal, onProgress, ...options }, question) {
    const set = await this.imageSet(classes.map(({ name }) => name), options);
    try {
      await set.addAll(classes, { signal, onProgress });
      return await question(set);
    } finally {
      set.close();
    }
  }

  /**
   * Switches some maps of a layer off and runs only the rest of the network: do the predictions need them?
   * @param {ImageSource} image
   * @param {LookOptions & CallOptions & AblateOptions & { maps: number[] }} options
   * @returns {Promise<import('./types.js').Ablation>}
   * @throws {FeaturescopeError} as `look`; `bad-argument` for a map that the layer has not
   */
  async ablate(image, { maps, to, controls, seed, signal, onProgress, ...options }) {
    const look = await this.look(image, { ...options, signal, onProgress });
    try {
      return await look.ablate(maps, { to, controls, seed, signal, onProgress });
    } finally {
      look.close();
    }
  }

  /**
   * Question 2: draws what one map looks for, by gradient steps on a picture: as the article does (`preset: 'article'`, pixels
   * that are enlarged again and again) or as has become usual since (`'modern'`, waves at one size, seen from ever changing
   * views). What is asked of the model meanwhile is answered between two steps.
   * @param {{ layer?: string, map: number }} target
   * @param {DrawOptions & CallOptions} [options] `onProgress` is also given the picture so far, and the map's mean
   * @returns {Promise<import('./types.js').Drawing>}
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, a size at which the layer has no place to
   *   draw at, or an option that is out of its range; `too-large` names the largest size that fits; `unsupported-op` names the node that has no gradient; `cancelled`
   */
  async draw({ layer = this.defaultLayer, map }, options = {}) {
    const { preset = 'article', seed = 1, blur = 0, totalVariation = 0, l2 = 0, article = false, signal, onProgress, pause } = options;
    if (preset !== 'article' && preset !== 'modern') throw new FeaturescopeError('bad-argument', text.errors.noSuchPreset(preset));
    const { size, steps } = { ...(preset === 'modern' ? { size: 128, steps: 512 } : { size: 230, steps: 20 }), ...withoutGaps(options) };
    const content = { model: this.#handle, options: { preset, layer, map, size, steps, seed, blur, totalVariation, l2, article } };
    /** @type {import('./types.js').EngineDrawing} */
    const { image, ...drawing } = await this.#messenger.request('draw', content, { signal, onProgress, pause });
    return { ...drawing, image: new ImageData(image.data, image.width, image.height) };
  }

  /**
   * Makes another recipe the model's own, for every look from now on.
   * @param {import('./types.js').Recipe} recipe
   */
  async setRecipe(recipe) {
    await this.#messenger.request('setRecipe', { model: this.#handle, recipe });
    this.recipe = recipe;
  }

  /**
   * A copy of the model that has learned nothing: random weights in the same network. What its maps seem to say, any
   * network's would.
   * @param {number} seed a whole number from 0; the same seed gives the same weights
   * @param {CallOptions} [options]
   * @returns {Promise<Model>}
   * @throws {FeaturescopeError} as `open`
   */
  async randomised(seed, { signal, onProgress } = {}) {
    const content = { model: this.#handle, seed };
    return new Model(this.#messenger, this.#picture, await this.#messenger.request('randomise', content, { signal, onProgress }));
  }

  /** Frees the model and its looks. */
  close() {
    this.#messenger.request('release', { handle: this.#handle }).catch(() => {});
  }
}

/** What one layer showed on one image. The numbers are here, the overlays are drawn in the worker. */
export class Look {
  #messenger;
  #data;

  /**
   * @param {Messenger} messenger
   * @param {import('./types.js').LookData} data
   */
  constructor(messenger, data) {
    this.#messenger = messenger;
    this.#data = data;
    this.layer = data.layer;
    /** Time of the network's run alone. */
    this.milliseconds = data.milliseconds;
    this.channels = data.channels;
    this.width = data.width;
    this.height = data.height;
    /** Mean over H×W of every map, signed. */
    this.means = data.means;
    this.maxima = data.maxima;
    this.minima = data.minima;
    /** Where each map is largest, as an index into its values. */
    this.peaks = data.peaks;
    /** 1 for each map that says nothing: one value everywhere (in a layer of single cells: zero). */
    this.dead = data.dead;
    /** Whether values below zero carry meaning, so that overlays have diverging colours. */
    this.signed = data.signed;
    /** The layer's largest value, or largest magnitude where it is signed. */
    this.layerScale = data.layerScale;
    /** Whether the graph ran rewritten for the engine or as it is in the file. */
    this.graph = data.graph;
    /** Every class, the most probable first. */
    this.predictions = data.predictions;
    /** How many maps are not dead. */
    this.live = data.ranking.length;
  }

  /**
   * The maps with the largest mean. Dead maps never fill up the list.
   * @param {number} count
   * @returns {import('./types.js').RankedMap[]}
   */
  top(count) {
    return this.#data.ranking.slice(0, count);
  }

  /**
   * The values of one map.
   * @param {number} map
   * @returns {import('./types.js').MapValues}
   */
  map(map) {
    const { width, height, channels, maps } = this.#data;
    if (!(map >= 0 && map < channels)) throw new FeaturescopeError('bad-argument', text.errors.noSuchMap(map, channels));
    return { width, height, data: maps.slice(map * width * height, (map + 1) * width * height) };
  }

  /** What the network saw: the resized or cropped picture. */
  seen() {
    const { width, height, data } = this.#data.seen;
    return new ImageData(new Uint8ClampedArray(data), width, height);
  }

  /**
   * Draws one map over the picture, or several as their sum.
   * @param {number | number[]} maps
   * @param {OverlayOptions & CallOptions} [options]
   * @returns {Promise<ImageData>}
   */
  async overlay(maps, options = {}) {
    return (await this.draw(maps, options)).image;
  }

  /**
   * As `overlay`, with the value that counts as full strength and whether the map is dead.
   * @param {number | number[]} maps
   * @param {OverlayOptions & CallOptions} [options]
   * @returns {Promise<{ image: ImageData, dead: boolean, scaleValue: number | null }>} null where several maps have
   *   each their own
   */
  async draw(maps, { signal, onProgress, ...options } = {}) {
    const list = Array.isArray(maps) ? maps : [maps];
    const content = { look: this.#data.handle, maps: list, options };
    const { width, height, data, dead, scaleValue } = await this.#messenger.request('overlay', content, { signal });
    return { image: new ImageData(data, width, height), dead, scaleValue };
  }

  /**
   * Weight × mean of every map for one class: what it adds to the class's score.
   * @param {number} classIndex
   * @returns {Promise<{ contributions: Float32Array, bias: number } | undefined>} undefined where the layer is not
   *   pooled and weighed by one linear layer
   */
  contributions(classIndex) {
    return this.#messenger.request('contributions', { look: this.#data.handle, classIndex });
  }

  /**
   * Switches some of the maps off and runs only the rest of the network; beside it stands what happens without equally many
   * maps that were drawn by lot.
   * @param {number | number[]} maps
   * @param {AblateOptions & CallOptions} [options]
   * @returns {Promise<import('./types.js').Ablation>}
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, `cancelled`, `device-lost`
   */
  async ablate(maps, { to = 'zero', controls = 8, seed = 1, signal, onProgress } = {}) {
    const list = Array.isArray(maps) ? maps : [maps];
    const content = { look: this.#data.handle, options: { maps: list, to, controls, seed } };
    /** @type {{ after: Float32Array, controls: { maps: Uint32Array, after: Float32Array }[] }} */
    const found = await this.#messenger.request('ablate', content, { signal, onProgress });
    const labels = new Map(this.predictions.map(({ index, label }) => [index, label]));
    const predictions = (/** @type {Float32Array} */ probabilities) => Array.from(probabilities, (probability, index) =>
      ({ index, label: labels.get(index) ?? '', probability })).sort((one, other) => other.probability - one.probability || one.index - other.index);
    return {
      before: this.predictions,
      after: predictions(found.after),
      controls: found.controls.map((control) => ({ maps: Array.from(control.maps), after: predictions(control.after) })),
    };
  }

  /** Frees the maps in the worker. */
  close() {
    this.#messenger.request('release', { handle: this.#data.handle }).catch(() => {});
  }
}

/**
 * Size and steps, where they are given.
 * @param {DrawOptions} options
 */
function withoutGaps({ size, steps }) {
  return { ...(size === undefined ? {} : { size }), ...(steps === undefined ? {} : { steps }) };
}

/**
 * A bundled model's name has neither a scheme nor a slash.
 * @param {string} source
 */
function namedSource(source) {
  return /[/:]/.test(source) ? { url: new URL(source, globalThis.location.href).href } : { name: source };
}
