import { FeaturescopeError, isPanic, part, toError } from '../api/errors.js';
import { text } from '../api/text.js';
import { download } from './download.js';

/**
 * @typedef {import('../api/engine-types.js').EngineModule} EngineModule
 * @typedef {import('../api/engine-types.js').EnginePicture} EnginePicture
 * @typedef {import('./ahead.js').Decoded} Decoded
 * @typedef {import('./ahead.js').Broke} Broke
 * @typedef {Promise<Decoded | Broke | null>} Ahead
 * @typedef {{ url?: string, blob?: Blob, key?: number, pixels?: ImageData, bitmap?: ImageBitmap, stack?: PictureSource[], ahead?: Ahead | (() => Ahead) }} PictureSource
 *   `stack`: the slices of a volume, where it is no single picture; `ahead`: the pixels of the blob, where they are being decoded already, or what has them decoded apart from the engine
 */

/** Decoded pictures kept for the next look: the current one, the one beside it, and one for thumbnails. */
const KEPT = 3;

/** Bytes of decoded pictures that are kept: a large photo is freed before the next one is decoded, or the engine's memory would grow by
 * both, and it never shrinks. */
const KEPT_BYTES = 96 * 2 ** 20;

/** The code of the engine for a format that it leaves to the browser. */
const NEEDS_BROWSER = 'needs-browser';

/** Decodes pictures, and remembers the last ones. */
export class Pictures {
  /** Oldest first; the key holds for one module only, whose memory the picture is in.
   * @type {{ key: string | number, module: EngineModule, picture: EnginePicture }[]} */
  #kept = [];
  /** The keys of pictures at which a decoder panicked.
   * @type {Set<string | number>} */
  #broke = new Set();

  /**
   * @param {EngineModule} module the engine whose memory the picture goes to
   * @param {PictureSource} source
   * @param {AbortSignal} signal
   * @returns {Promise<EnginePicture>} owned by this object
   */
  async decode(module, source, signal) {
    const key = source.url ?? source.key;
    const found = this.#kept.find((entry) => entry.key === key && entry.module === module);
    if (found && key !== undefined) {
      this.#kept = [...this.#kept.filter((entry) => entry !== found), found];
      return found.picture;
    }
    const refuseBroken = () => {
      if (key !== undefined && this.#broke.has(key)) throw new FeaturescopeError('bad-image', text.errors.decoderBroke);
    };
    refuseBroken();
    const ahead = await (typeof source.ahead === 'function' ? source.ahead() : source.ahead);
    if (ahead === 'broke' && key !== undefined) this.#broke.add(key);
    refuseBroken();
    while (this.#kept.reduce((sum, { picture }) => sum + bytesOf(picture), 0) > KEPT_BYTES)
      this.#kept.shift()?.picture.free();
    const picture = await decode(module, source, ahead, signal).catch((error) => {
      // The engine that it was is lost. The page remembers the picture, and asks no other engine for it.
      if (isPanic(error) && !error.isMissingPart) throw Object.assign(error, { picture: key });
      throw error;
    });
    this.#kept.push({ key: key ?? NaN, module, picture });
    while (this.#kept.length > KEPT) this.#kept.shift()?.picture.free();
    return picture;
  }
}

/**
 * @param {EngineModule} module
 * @param {PictureSource} source
 * @param {Decoded | Broke | null | undefined} pixels of its blob, where they were decoded apart from the engine
 * @param {AbortSignal} signal
 * @returns {Promise<EnginePicture>}
 */
async function decode({ Picture }, source, pixels, signal) {
  if (source.pixels)
    return Picture.fromRgba(source.pixels.width, source.pixels.height, new Uint8Array(source.pixels.data));
  if (source.bitmap) return (await part(import('./bitmaps.js'))).fromBitmap(Picture, source.bitmap);
  const blob = source.url ? await download(source.url, { signal, progress: () => {} }) : source.blob;
  if (!blob) throw new FeaturescopeError('bad-image', text.errors.badImage);
  signal.throwIfAborted();
  if (pixels && pixels !== 'broke') return Picture.fromRgb(pixels.width, pixels.height, pixels.rgb);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  signal.throwIfAborted();
  try {
    return Picture.decode(bytes);
  } catch (error) {
    if (isPanic(error) || toError(error).code !== NEEDS_BROWSER) throw error;
    return (await part(import('./bitmaps.js'))).decodedByBrowser(Picture, blob, bytes, toError(error).message);
  }
}

/** @param {EnginePicture} picture */
function bytesOf({ width, height }) {
  return width * height * 3;
}
