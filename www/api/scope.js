/** The class that the library begins with: an engine in a worker. Its public address is featurescope.js. */

import { checkRamp, checkSize, checkWhole } from './arguments.js';
import { FeaturescopeError, part } from './errors.js';
import { Messenger } from './messenger.js';
import { Model } from './model.js';
import { PictureSources, addressOf } from './picture-sources.js';
import { text } from './text.js';

/**
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./types.js').Card} Card
 * @typedef {import('./picture-sources.js').ImageSource} ImageSource
 * @typedef {string | URL | Blob | File | File[] | ArrayBuffer} ModelSource
 */

/** Nobody has more cores. */
const MOST_WORKERS = 256;

/** One engine in one worker, and for work over many more of the same. */
export class Featurescope {
  #messenger;
  #pictures = new PictureSources();

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
    messenger.onBroke = (picture) => this.#pictures.endedEngine(picture);
  }

  /**
   * @param {CallOptions & { engine?: import('./types.js').EngineRequest, workers?: number }} [options] `workers`: work over many
   *   pictures or drawings is spread over at most so many on the CPU engine; when left out, over as many as the device has cores and memory for.
   *   With a single one the engine has no threads either
   * @param {MessagePort} [port] to another page of this origin, of which one lets the worker be used: see `serve`
   * @returns {Promise<Featurescope>}
   * @throws {FeaturescopeError} `bad-argument` for another engine than these, or what is no number of workers; `no-gpu` where `webgpu` is forced and missing, `network`, `worker-lost`
   */
  static async create({ engine = 'auto', workers, signal, onProgress } = {}, port) {
    if (!['auto', 'webgpu', 'cpu'].includes(engine))
      throw new FeaturescopeError('bad-argument', text.errors.noSuchEngine(engine));
    if (workers !== undefined) checkWhole('workers', workers, 1, MOST_WORKERS);
    const line = port && (await import('./relay.js')).lineThrough(port);
    const messenger = new Messenger(new URL('../worker/main.js', import.meta.url), line);
    // Another page's worker is one for all of them.
    messenger.workers = port ? 1 : workers;
    try {
      return new Featurescope(
        messenger,
        await messenger.request(
          'create',
          { engine, careful: PictureSources.careful, alone: workers === 1 },
          { signal, onProgress },
        ),
      );
    } catch (error) {
      messenger.terminate(/** @type {FeaturescopeError} */ (error));
      throw error;
    }
  }

  /**
   * Opens a model.
   * @param {ModelSource} source a bundled model's name, an address, a file, an .onnx file with its data
   *   files (and its card, a .json file), or the file's bytes
   * @param {CallOptions & { card?: Card, recipe?: Card['recipe'], labels?: Card['labels'], output?: Card['output'], scores?: Card['scores'] }} [options]
   *   the fields of a card that are known better than the card beside the model says, together or by themselves; what is
   *   said nowhere is guessed
   * @param {() => Promise<boolean>} [follow] asks whether another host may pass the request on to an address that browsers do not tell;
   *   followed unasked when left out
   * @returns {Promise<Model>}
   * @throws {FeaturescopeError} `bad-argument`, `bad-model`, `bad-card`, `too-large`, `unsupported-op`, `network`, `cancelled`
   */
  async open(source, { card, recipe, labels, output, scores, signal, onProgress } = {}, follow) {
    const plain =
      source instanceof URL
        ? { url: source.href }
        : typeof source === 'string'
          ? namedSource(source)
          : source instanceof ArrayBuffer
            ? { files: [new File([source], 'model.onnx')] }
            : await withPaths(Array.isArray(source) ? source : [source]);
    const request = (/** @type {boolean} */ mayFollow) =>
      this.#messenger.request(
        'open',
        {
          source: { ...plain, follow: mayFollow },
          card: { ...known(card ?? {}), ...known({ recipe, labels, output, scores }) },
        },
        { signal, onProgress },
      );
    const opened = await request(!follow).catch(async (error) => {
      if (error.code !== 'redirected' || !follow) throw error;
      if (!(await follow())) throw error;
      return request(true);
    });
    return new Model(this.#messenger, (image) => this.#pictures.source(image), opened);
  }

  /**
   * Decodes an image and makes a small copy of it, upright and with its own proportions.
   * @param {ImageSource} image
   * @param {CallOptions & { size?: number }} [options] `size`: pixels of the longer side at most
   * @returns {Promise<{ bitmap: ImageBitmap, width: number, height: number }>} width and height of the image itself
   * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `network`, `cancelled`
   */
  async thumbnail(image, { size = 640, signal } = {}) {
    checkSize(size);
    const { picture, transfer } = await this.#pictures.source(image);
    return this.#messenger.request('thumbnail', { picture, size }, { signal, transfer });
  }

  /**
   * A colour map as the overlays use it, for a legend.
   * @param {string} name as in an overlay's options, or `glow` and (where values below zero carry meaning) `glow-signed` for the colours of that style
   * @returns {Promise<Uint8Array>} 256 RGB triples, from no activation to the strongest
   * @throws {FeaturescopeError} `bad-argument` for another name
   */
  async colormap(name) {
    checkRamp(name);
    return this.#messenger.request('colormap', { name });
  }

  /** The addresses that the worker has loaded so far: its scripts, the engine, models and photos.
   * @returns {Promise<string[]>} */
  loaded() {
    return this.#messenger.request('loaded');
  }

  /** What the engines hold in memory now, in bytes and pieces; without those of further workers, which end when nothing is asked of them.
   * @returns {Promise<import('./types.js').Memory>} */
  memory() {
    return this.#messenger.request('memory');
  }

  /** Destroys the graphics device as a driver reset would. For tests of what happens then.
   * @returns {Promise<void>} */
  destroyDevice() {
    return this.#messenger.request('destroyDevice');
  }

  /** Whether something is being drawn, which would be lost with the worker. */
  get isDrawing() {
    return this.#messenger.isAsked('draw');
  }

  /** Resolves once nothing that was cancelled is still running. */
  settled() {
    return this.#messenger.idle();
  }

  /**
   * Lets another page of this origin use the same worker, as figures in one article do: there `create` is given the other end of
   * the port. What it opens is freed when it closes its own object; when this one is closed, the other's is lost.
   * @param {MessagePort} port
   * @param {() => void} onEnd when the other page has closed
   */
  async serve(port, onEnd) {
    const { relay } = await import('./relay.js');
    relay(this.#messenger, this.engine, port, onEnd);
  }

  /** Ends the worker and frees everything that was opened with it. */
  close() {
    this.#messenger.terminate(new FeaturescopeError('closed', text.errors.closed));
  }
}

/**
 * A bundled model's name has neither a scheme nor a slash.
 * @param {string} source
 */
function namedSource(source) {
  return /[/:]/.test(source) ? { url: addressOf(source) } : { name: source };
}

/**
 * Files, and where they lay, which they do not know any more in the worker.
 * @param {(File | Blob)[]} files
 */
async function withPaths(files) {
  const { pathOf } = await part(import('../files/file-kinds.js'));
  return { files, paths: files.map((file) => (file instanceof File ? pathOf(file) : '')) };
}

/**
 * The fields that are given.
 * @param {Partial<Card>} card
 */
function known(card) {
  return Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
}
