import { canvasReads } from '../api/canvas.js';
import { FeaturescopeError, isPanic, toError } from '../api/errors.js';
import { text } from '../api/text.js';
import { download } from './download.js';

/**
 * @typedef {import('../api/engine-types.js').EngineModule} EngineModule
 * @typedef {import('../api/engine-types.js').EnginePicture} EnginePicture
 * @typedef {import('./ahead.js').Decoded} Decoded
 * @typedef {import('./ahead.js').Broke} Broke
 * @typedef {Promise<Decoded | Broke | null>} Ahead
 * @typedef {{ url?: string, blob?: Blob, key?: number, pixels?: ImageData, bitmap?: ImageBitmap, ahead?: Ahead | (() => Ahead) }} PictureSource
 *   `ahead`: the pixels of the blob, where they are being decoded already, or what has them decoded apart from the engine
 */

/** Decoded pictures kept for the next look: the current one, the one beside it, and one for thumbnails. */
const KEPT = 3;

/** Bytes of decoded pictures that are kept: a large photo is freed before the next one is decoded, or the engine's memory would grow by
 * both, and it never shrinks. */
const KEPT_BYTES = 96 * 2 ** 20;

/** A picture of more pixels is made smaller for its thumbnail before a canvas gets it, which would take four bytes of each in the engine's
 * memory. */
const LARGE = 8_000_000;

/** The code of the engine for a format that it leaves to the browser. */
const NEEDS_BROWSER = 'needs-browser';

/** Largest picture that is read back from the browser's decoder, as the engine's own limit. */
const MAX_PIXELS = 50_000_000;

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

  /**
   * @param {EngineModule} module
   * @param {PictureSource} source
   * @param {number} size
   * @param {AbortSignal} signal
   */
  async thumbnail(module, source, size, signal) {
    // From the engine's decoder, which knows the limits that keep a hostile file from filling the memory.
    const picture = await this.decode(module, source, signal);
    const { width, height } = picture;
    const factor = Math.min(1, size / Math.max(width, height));
    const pixels =
      width * height > LARGE
        ? reduced(picture, Math.floor(Math.max(width, height) / (2 * size)) || 1)
        : picture.pixels();
    const bitmap = await createImageBitmap(new ImageData(pixels.data, pixels.width, pixels.height), {
      resizeWidth: Math.max(1, Math.round(width * factor)),
      resizeHeight: Math.max(1, Math.round(height * factor)),
      resizeQuality: 'high',
    });
    return { bitmap, width, height };
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
  if (source.bitmap) return fromBitmap(Picture, source.bitmap);
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
    // The colours of a JPEG are taken as they are stored, as those that the engine decodes.
    const bitmap = await createImageBitmap(blob, isJpeg(bytes) ? { colorSpaceConversion: 'none' } : {}).catch(
      () => null,
    );
    if (bitmap) return fromBitmap(Picture, bitmap);
    // The engine's sentence names the format and says that neither of the two can read it.
    throw new FeaturescopeError('bad-image', toError(error).message);
  }
}

/** @param {EnginePicture} picture */
function bytesOf({ width, height }) {
  return width * height * 3;
}

/**
 * The mean of every `factor` by `factor` pixels. What is left over at the right and at the bottom, less than one of these, is cut off.
 * @param {EnginePicture} picture
 * @param {number} factor
 */
function reduced(picture, factor) {
  const rgb = picture.rgb();
  const [width, height] = [picture.width, picture.height].map((side) => Math.floor(side / factor));
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      for (let row = y * factor; row < (y + 1) * factor; row++) {
        let at = 3 * (row * picture.width + x * factor);
        for (let column = 0; column < factor; column++) {
          sums[0] += rgb[at++];
          sums[1] += rgb[at++];
          sums[2] += rgb[at++];
        }
      }
      data.set([...sums.map((sum) => sum / (factor * factor)), 255], 4 * (y * width + x));
    }
  }
  return { width, height, data };
}

/** @param {Uint8Array} bytes */
function isJpeg(bytes) {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/**
 * @param {import('../api/engine-types.js').EngineModule['Picture']} Picture
 * @param {ImageBitmap} bitmap
 */
function fromBitmap(Picture, bitmap) {
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) throw new FeaturescopeError('too-large', text.errors.tooManyPixels(width, height));
  if (!canvasReads()) throw new FeaturescopeError('bad-image', text.errors.canvasReads);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new FeaturescopeError('internal', text.errors.internal('no 2d canvas'));
  // White first, as behind the transparent parts of every other picture.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  return Picture.fromRgba(width, height, new Uint8Array(context.getImageData(0, 0, width, height).data.buffer));
}
