import { GIFEncoder, applyPalette, quantize } from '../vendor/gifenc.js';

/** How long a picture stands, and the last one, in milliseconds. */
const DELAY = 120;
const LAST_DELAY = 2000;

/** Colours that a picture of a GIF may have. */
const COLOURS = 256;

/**
 * Pictures of a drawing one after another, all in the size of the last, as an animated GIF.
 * @param {ImageData[]} pictures
 * @returns {Blob}
 */
export function animation(pictures) {
  const { width, height } = pictures[pictures.length - 1];
  const encoder = GIFEncoder();
  for (const [place, picture] of pictures.entries()) {
    const { data } = enlarged(picture, width, height);
    const palette = quantize(data, COLOURS);
    encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay: place === pictures.length - 1 ? LAST_DELAY : DELAY });
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

/** @param {ImageData} picture @param {number} width @param {number} height */
function enlarged(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture;
  const from = new OffscreenCanvas(picture.width, picture.height);
  from.getContext('2d')?.putImageData(picture, 0, 0);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true }));
  context.drawImage(from, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
