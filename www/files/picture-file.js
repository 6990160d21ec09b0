/** Pictures as files. */

import { canvasFile, canvasOf, canvasWrites } from '../api/canvas.js';

export const EXTENSIONS = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/bmp', 'bmp'],
  ['image/avif', 'avif'],
]);

/** Overlays are over a photo, and most of what a snapshot weighs: as WebP of this quality they are a tenth of a PNG. */
export const OVERLAY = { type: 'image/webp', quality: 0.9 };

/**
 * @param {ImageData | ImageBitmap | HTMLCanvasElement} picture
 * @param {{ type: string, quality?: number }} [as] another type where the browser does not write that one
 * @returns {Promise<Blob>}
 * @throws {import('../api/errors.js').FeaturescopeError} `canvas-noise` where the browser changes what a canvas holds; not for an `ImageData`
 */
export async function pictureFile(picture, as = { type: 'image/png' }) {
  if (picture instanceof ImageData && !(await canvasWrites())) return (await import('./png.js')).pngOf(picture);
  return canvasFile(canvasOf(picture), as);
}
