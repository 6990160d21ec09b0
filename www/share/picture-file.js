/** Pictures as files. */

export const EXTENSIONS = new Map([['image/png', 'png'], ['image/jpeg', 'jpg'], ['image/webp', 'webp'], ['image/gif', 'gif'], ['image/bmp', 'bmp'], ['image/avif', 'avif']]);

/** Overlays are over a photo, and most of what a snapshot weighs: as WebP of this quality they are a tenth of a PNG. */
export const OVERLAY = { type: 'image/webp', quality: 0.9 };

/**
 * @param {ImageData | ImageBitmap | HTMLCanvasElement} picture
 * @param {{ type: string, quality?: number }} [as] a PNG where the browser writes no files of that type
 * @returns {Promise<Blob>}
 */
export async function pictureFile(picture, as = { type: 'image/png' }) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (picture instanceof ImageData) context?.putImageData(picture, 0, 0);
  else context?.drawImage(picture, 0, 0);
  return canvas.convertToBlob(as);
}
