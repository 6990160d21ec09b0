import { canvasReads } from './canvas.js';
import { FeaturescopeError } from './errors.js';
import { text as more } from './more-text.js';
import { text } from './text.js';

/**
 * The pixels of a picture that the browser has decoded.
 * @param {ImageBitmap | HTMLImageElement} image
 * @param {Promise<ImageBitmap> | null} copy of a bitmap
 * @returns {Promise<ImageBitmap | null>} null for an element whose pixels this browser changes
 * @throws {FeaturescopeError} `bad-image`, `bad-argument`
 */
export async function readableBitmap(image, copy) {
  let bitmap;
  try {
    if (image instanceof HTMLImageElement) await image.decode();
    if (image instanceof HTMLImageElement && !canvasReads()) return null;
    bitmap = await (copy ?? createImageBitmap(image));
  } catch {
    throw new FeaturescopeError('bad-image', text.errors.badImage);
  }
  if (!isReadable(bitmap)) throw new FeaturescopeError('bad-argument', more.otherOrigin);
  return bitmap;
}

/**
 * Whether the page may read the pixels: those of another origin's <img> without CORS it may only show.
 * @param {ImageBitmap} bitmap
 */
function isReadable(bitmap) {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  try {
    context?.drawImage(bitmap, 0, 0);
    context?.getImageData(0, 0, 1, 1);
    return true;
  } catch {
    return false;
  }
}
