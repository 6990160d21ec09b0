import { canvasReads } from '../api/canvas.js';
import { FeaturescopeError } from '../api/errors.js';
import { text as more } from '../api/more-text.js';
import { text } from '../api/text.js';

/** @typedef {import('../api/engine-types.js').EnginePicture} EnginePicture */

/** Largest picture that is read back from the browser's decoder, as the engine's own limit. */
const MAX_PIXELS = 50_000_000;

/**
 * A picture of what the browser has decoded.
 * @param {import('../api/engine-types.js').EngineModule['Picture']} Picture
 * @param {ImageBitmap} bitmap
 */
export function fromBitmap(Picture, bitmap) {
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) throw new FeaturescopeError('too-large', more.tooManyPixels(width, height));
  if (!canvasReads()) throw new FeaturescopeError('bad-image', more.canvasReads);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new FeaturescopeError('internal', text.errors.internal('no 2d canvas'));
  // White first, as behind the transparent parts of every other picture.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  return Picture.fromRgba(width, height, new Uint8Array(context.getImageData(0, 0, width, height).data.buffer));
}

/**
 * A picture of a format that the engine leaves to the browser.
 * @param {import('../api/engine-types.js').EngineModule['Picture']} Picture
 * @param {Blob} blob
 * @param {Uint8Array} bytes of it
 * @param {string} refusal the engine's sentence, which names the format and says that neither of the two can read it
 */
export async function decodedByBrowser(Picture, blob, bytes, refusal) {
  // The colours of a JPEG are taken as they are stored, as those that the engine decodes.
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const bitmap = await createImageBitmap(blob, isJpeg ? { colorSpaceConversion: 'none' } : {}).catch(() => null);
  if (bitmap) return fromBitmap(Picture, bitmap);
  throw new FeaturescopeError('bad-image', refusal);
}
