/** A photo as a network sees it, without an engine: for a still, where the eye does not tell one way to resize from another. */

import { canvasPixels } from '../api/canvas.js';

/**
 * @param {Blob} photo
 * @param {{ width: number, height: number, resize: 'squash' | 'crop' | 'letterbox' }} seen the network's input
 * @param {number} longer side of what comes out, in pixels
 * @returns {Promise<ImageData | null>} null where it cannot be decoded or its pixels cannot be read
 */
export async function seenPicture(photo, { width, height, resize }, longer) {
  const input = { width, height };
  const scale = longer / Math.max(width, height);
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  try {
    const bitmap = await createImageBitmap(photo);
    const whole = { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
    const from = { squash: () => whole, crop: () => middle(bitmap, input), letterbox: () => around(bitmap, input) }[
      resize
    ]();
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.imageSmoothingQuality = 'high';
    // What lies beside a picture in its own shape (`src/domain/recipe.rs`).
    context.fillStyle = 'rgb(114 114 114)';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvasPixels(canvas);
  } catch {
    return null;
  }
}

/**
 * The part of a picture that cropping leaves: 224/256 of what covers the input, in the middle, as torchvision's `Resize` and
 * `CenterCrop` (`src/domain/recipe.rs`).
 * @param {{ width: number, height: number }} picture
 * @param {{ width: number, height: number }} input
 */
export function middle(picture, input) {
  const scale = (Math.min(picture.width / input.width, picture.height / input.height) * 224) / 256;
  const [width, height] = [input.width * scale, input.height * scale];
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}

/**
 * What the input covers where it shows all of a picture in its own shape: more than the picture, on two sides.
 * @param {{ width: number, height: number }} picture
 * @param {{ width: number, height: number }} input
 */
function around(picture, input) {
  const scale = Math.max(picture.width / input.width, picture.height / input.height);
  const [width, height] = [input.width * scale, input.height * scale];
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}
