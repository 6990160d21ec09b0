import { FeaturescopeError, part } from './errors.js';
import { text } from './text.js';

/** @typedef {Blob | File | URL | string | ImageData | ImageBitmap | HTMLImageElement} ImageSource */

/** The pictures at which an engine's decoder panicked, which cost that engine: no other one is asked for them.
 * @type {WeakSet<Blob>} */
const broke = new WeakSet();
/** Those that were given by their address.
 * @type {Set<string>} */
const brokeByAddress = new Set();

/** Makes of a picture, in whichever form it was given, what can be sent to the worker. */
export class PictureSources {
  /** Some picture has ended an engine. */
  static careful = false;

  /** The worker keeps the last decoded pictures by these keys.
   * @type {WeakMap<Blob, number>} */
  #keys = new WeakMap();
  /** @type {Map<number, WeakRef<Blob>>} */
  #byKey = new Map();

  /**
   * @param {ImageSource | ImageSource[]} image several are the slices of a volume
   * @returns {Promise<{ picture: object, transfer: Transferable[] }>}
   * @throws {FeaturescopeError} `bad-image`, `bad-argument`
   */
  async source(image) {
    if (Array.isArray(image)) return (await part(import('./stack.js'))).stackOf(this, image);
    if (typeof image === 'string' || image instanceof URL) {
      const url = addressOf(image);
      if (brokeByAddress.has(url)) throw new FeaturescopeError('bad-image', text.errors.decoderBroke);
      return { picture: { url }, transfer: [] };
    }
    if (image instanceof Blob) {
      if (broke.has(image)) throw new FeaturescopeError('bad-image', text.errors.decoderBroke);
      return { picture: { blob: image, key: this.#keyOf(image) }, transfer: [] };
    }
    if (image instanceof ImageData) return { picture: { pixels: image }, transfer: [] };
    // Copied at once: whose it is may close it, and what is sent to the worker is gone here.
    const copy = image instanceof ImageBitmap ? createImageBitmap(image) : null;
    copy?.catch(() => {});
    const { readableBitmap } = await part(import('./readable-bitmap.js'));
    const bitmap = await readableBitmap(image, copy);
    if (bitmap) return { picture: { bitmap }, transfer: [bitmap] };
    // Where a canvas is not to be trusted, its file is loaded again and decoded without one.
    return this.source(/** @type {HTMLImageElement} */ (image).currentSrc);
  }

  /**
   * The worker is gone.
   * @param {string | number} picture because of which one
   */
  endedEngine(picture) {
    PictureSources.careful = true;
    if (typeof picture === 'string') return brokeByAddress.add(picture);
    const blob = this.#byKey.get(picture)?.deref();
    if (blob) broke.add(blob);
  }

  /** @param {Blob} blob */
  #keyOf(blob) {
    const known = this.#keys.get(blob);
    if (known !== undefined) return known;
    const key = this.#byKey.size + 1;
    this.#keys.set(blob, key);
    this.#byKey.set(key, new WeakRef(blob));
    return key;
  }
}

/** @param {string | URL} address */
export function addressOf(address) {
  if (!URL.canParse(address, globalThis.location.href))
    throw new FeaturescopeError('bad-argument', text.errors.noAddress);
  return new URL(address, globalThis.location.href).href;
}
