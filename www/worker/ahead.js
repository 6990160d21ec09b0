/**
 * A decoded picture: three bytes for each pixel, as the engine keeps them, so that neither side converts them.
 * @typedef {{ width: number, height: number, rgb: Uint8Array<ArrayBuffer> }} Decoded
 */

/** A picture at which the decoder panicked: no other decoder may try it. @typedef {'broke'} Broke */

/** A decoder that nobody has asked for so long is ended, and its memory is free, in milliseconds. */
const REST = 10_000;

/** Decodes the next pictures in workers of their own, while the engine is at work on another one. */
export class DecodeAhead {
  /** @type {Decoder[]} */
  #decoders = [];

  /**
   * @param {string} folder of the engine whose decoder is to be used
   * @param {Blob} blob
   * @param {{ wait?: boolean, most?: number }} [options] `wait`: also for the decoder to be loaded; `most`: at most so many decode at a time
   * @returns {Promise<Decoded | Broke | null>} null where it was not decoded: the decoder is still being loaded, cannot be had, or
   *   cannot read the picture
   */
  decode(folder, blob, { wait = false, most = 1 } = {}) {
    const [least] = this.#decoders.toSorted((one, other) => one.waiting - other.waiting);
    if (least && (least.waiting === 0 || this.#decoders.length >= most)) return least.decode(folder, blob, wait);
    const another = new Decoder();
    this.#decoders.push(another);
    return another.decode(folder, blob, wait);
  }
}

/** One of them. */
class Decoder {
  /** @type {Worker | null} */
  #worker = null;
  #ready = false;
  #folder = '';
  #nextId = 1;
  /** @type {Map<number, (pixels: Decoded | Broke | null) => void>} */
  #asked = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {string} folder of the engine whose decoder is to be used
   * @param {Blob} blob
   * @param {boolean} wait also for the decoder to be loaded
   * @returns {Promise<Decoded | Broke | null>}
   */
  async decode(folder, blob, wait) {
    if (folder !== this.#folder || !this.#worker) this.#start(folder);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#end(), REST);
    if (!this.#worker || !(this.#ready || wait)) return null;
    const id = this.#nextId++;
    this.#worker.postMessage({ id, blob });
    return new Promise((resolve) => this.#asked.set(id, resolve));
  }

  /** How many pictures it has not answered. */
  get waiting() {
    return this.#asked.size;
  }

  /** @param {string} folder */
  #start(folder) {
    this.#end();
    this.#folder = folder;
    try {
      const worker = new Worker(new URL('./decoder.js', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data: { ready, id, pixels } }) => {
        if (ready) this.#ready = true;
        this.#asked.get(id)?.(pixels);
        this.#asked.delete(id);
        if (pixels === 'broke') this.#end();
      };
      // Without a decoder of its own the engine decodes, as it does for a single photo.
      worker.onerror = (event) => {
        event.preventDefault();
        this.#end();
      };
      worker.postMessage({ folder });
      this.#worker = worker;
    } catch {
      // A page of another origin may not start it.
    }
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = false;
    for (const resolve of this.#asked.values()) resolve(null);
    this.#asked.clear();
  }
}
