import { checkMap, checkOverlay, checkWhole, mapList } from './arguments.js';
import { part } from './errors.js';

/**
 * @typedef {import('./types.js').AblateOptions} AblateOptions
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('./types.js').CamOptions} CamOptions
 * @typedef {import('./types.js').OverlayOptions} OverlayOptions
 */

/** @param {import('./types.js').Pixels} pixels */
function imageOf({ width, height, data }) {
  return new ImageData(data, width, height);
}

/** What one layer showed on one image. The numbers are here, the overlays are drawn in the worker. */
export class Look {
  #messenger;
  #data;
  #model;

  /**
   * @param {import('./messenger.js').Messenger} messenger
   * @param {import('./types.js').LookData} data
   * @param {{ setMaximum: () => number, answeredBy: (engine: import('./types.js').EngineInfo) => void }} model `setMaximum`: the
   *   largest value of this layer over all looks of the model so far; `answeredBy` is told which engine did
   */
  constructor(messenger, data, model) {
    this.#messenger = messenger;
    this.#data = data;
    this.#model = model;
    this.layer = data.layer;
    /** Of attention, the patch whose it is, or null of a class token's; undefined of any other layer. */
    this.patch = data.patch;
    /** Of a stack of pictures, which of them each slice of the network was, numbered from 0; undefined of a single picture. */
    this.slices = data.slices;
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
    /** Every class, the most probable first; empty where `silence` says why. */
    this.predictions = data.predictions;
    /** As what the scores were taken. */
    this.output = data.output;
    /** Whether the scores may be something else: neither the file nor a card says what they are. */
    this.doubt = data.doubt;
    /** Why there are no predictions: 'no-scores', 'not-finite', 'unclear' or 'missing'; null where there are. */
    this.silence = data.silence;
    /** Why the engine cannot run what follows the layer, so that only its maps are here; null where it can.
     * @type {{ message: string, node?: string } | null} */
    this.missing = data.missing;
    /** What a detector found, the best first, in pixels of the picture; null of other networks.
     * @type {import('./types.js').FoundBox[] | null} */
    this.boxes = data.finds?.boxes ?? null;
    /** Of a segmenter the class of each place; null of other networks.
     * @type {import('./types.js').FoundMask | null} */
    this.mask = data.finds?.mask ?? null;
    /** The vector by which pictures are compared; null of other networks.
     * @type {Float32Array | null} */
    this.embedding = data.finds?.embedding ?? null;
    /** The picture that the network makes; null of other networks.
     * @type {ImageData | null} */
    this.picture = data.finds?.picture ? imageOf(data.finds.picture) : null;
    /** Where on the picture lies what the network saw, in pixels of the picture; null of a network with class scores.
     * @type {import('./types.js').Frame | null} */
    this.frame = data.finds?.frame ?? null;
    /** Whether every value of the maps is a number, and not infinite. */
    this.finite = data.finite;
    /** How many maps are not dead. */
    this.live = data.ranking.length;
  }

  /**
   * The maps with the largest mean. Dead maps never fill up the list.
   * @param {number} count
   * @returns {import('./types.js').RankedMap[]}
   * @throws {FeaturescopeError} `bad-argument` for what is no whole number from 0
   */
  top(count) {
    checkWhole('count', count);
    return this.#data.ranking.slice(0, count);
  }

  /**
   * The values of one map.
   * @param {number} map
   * @returns {import('./types.js').MapValues}
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
   */
  map(map) {
    const { width, height, channels, maps } = this.#data;
    checkMap(map, channels);
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
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, or an option that is out of its range; `cancelled`
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
    const list = mapList(maps, this.channels);
    checkOverlay(options);
    const content = { look: this.#data.handle, maps: list, options: this.#withSetMaximum(options) };
    const { width, height, data, dead, scaleValue } = await this.#messenger.request('overlay', content, { signal });
    return { image: new ImageData(data, width, height), dead, scaleValue };
  }

  /**
   * Weight × mean of every map for one class: what it adds to the class's score.
   * @param {number} classIndex
   * @returns {Promise<{ contributions: Float32Array, bias: number } | undefined>} undefined where the layer is not
   *   pooled and weighed by one linear layer
   * @throws {FeaturescopeError} `bad-argument` for a class that the model has not
   */
  async contributions(classIndex) {
    return (await part(import('./look-asks.js'))).contributions(this, this.#inside(), classIndex);
  }

  /**
   * Switches some of the maps off and runs only the rest of the network; beside it stands what happens without equally many
   * maps that were drawn by lot.
   * @param {number | number[]} maps
   * @param {AblateOptions & CallOptions} [options]
   * @returns {Promise<import('./types.js').Ablation>}
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not or an option that is out of its range, and where there is
   *   nothing that could change (see `silence`); `cancelled`, `device-lost`
   */
  async ablate(maps, { to = 'zero', controls = 8, seed = 1, signal, onProgress } = {}) {
    const wish = { to, controls, seed, signal, onProgress };
    const { engine, ...ablation } = await (await part(import('./look-asks.js'))).ablate(
      this,
      this.#inside(),
      maps,
      wish,
    );
    this.#model.answeredBy(engine);
    return ablation;
  }

  /**
   * Grad-CAM: where in the image a class's score comes from. Each map of the layer is weighed by how much the score rises
   * with it (the mean of the derivative), and what is positive of the sum remains.
   * Of a detector it is asked about one box, for the score of its class, and of a segmenter about a class of the mask, for the sum of its scores where
   * it is, or at one place.
   * @param {number} [classIndex] the most probable class when left out; of a detector the place of a box in `boxes`, the best when left out, and
   *   of a segmenter a class, the largest when left out
   * @param {CamOptions & CallOptions} [options]
   * @returns {Promise<import('./types.js').Cam>}
   * @throws {FeaturescopeError} `bad-argument` for a class that the model has not, an option that is out of its range, a network that gives no
   *   class scores, and maps or scores that are infinite or no numbers; `unsupported-op` names the node after the layer that has no
   *   gradient; `cancelled`, `device-lost`
   */
  async cam(classIndex, { overlay = {}, ...options } = {}) {
    const asks = await part(import('./look-asks.js'));
    const wish = { ...options, classIndex, overlay: this.#withSetMaximum(overlay) };
    const { engine, ...cam } = await asks.cam(this, this.#inside(), wish);
    this.#model.answeredBy(engine);
    return cam;
  }

  #inside() {
    return { messenger: this.#messenger, handle: this.#data.handle };
  }

  /**
   * What full strength is with `scale: 'set'`, where the caller has no images of their own in mind.
   * @param {OverlayOptions} options
   * @returns {OverlayOptions}
   */
  #withSetMaximum(options) {
    return options.scale === 'set'
      ? { ...options, setMaximum: options.setMaximum ?? this.#model.setMaximum() }
      : options;
  }

  /** Frees the maps in the worker. */
  close() {
    this.#messenger.request('release', { handle: this.#data.handle }).catch(() => {});
  }
}
