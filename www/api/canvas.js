/**
 * Pixels and files out of a canvas, and whether they are what was drawn: browsers that protect against fingerprinting (Firefox's
 * resistFingerprinting, Brave) change what a page reads, some a little and some all of it, and say nothing. A known picture is read back
 * once for that, in each worker and on the page. What is made without a canvas stays possible there.
 */

import { FeaturescopeError } from './errors.js';
import { text as more } from './more-text.js';
import { text } from './text.js';

/** The known picture's side. Some browsers change few pixels, and none of a small picture. */
const SIDE = 64;

/** @type {boolean | undefined} */
let reads;
/** @type {Promise<boolean> | undefined} */
let writes;

/** Whether pixels read from a canvas are those that were drawn. */
export function canvasReads() {
  reads ??= isKnown(readBack(known()));
  return reads;
}

/** Whether a file made from a canvas shows what was drawn. */
export async function canvasWrites() {
  writes ??= written();
  return canvasReads() && writes;
}

/**
 * The pixels of what is drawn.
 * @param {OffscreenCanvas} canvas
 * @throws {FeaturescopeError} `canvas-noise`
 */
export function canvasPixels(canvas) {
  if (!canvasReads()) throw new FeaturescopeError('canvas-noise', more.canvasReads);
  return contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * A file of what is drawn.
 * @param {OffscreenCanvas} canvas
 * @param {{ type: string, quality?: number }} [as] where the browser writes no WebP it is a JPEG: a PNG would be ten times as large
 * @throws {FeaturescopeError} `canvas-noise`
 */
export async function canvasFile(canvas, as = { type: 'image/png' }) {
  if (!(await canvasWrites())) throw new FeaturescopeError('canvas-noise', more.canvasWrites);
  const blob = await canvas.convertToBlob(as);
  return blob.type === as.type ? blob : canvas.convertToBlob({ ...as, type: 'image/jpeg' });
}

/**
 * A canvas with a picture on it.
 * @param {ImageData | (CanvasImageSource & { width: number, height: number })} picture
 */
export function canvasOf(picture) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  if (picture instanceof ImageData) contextOf(canvas).putImageData(picture, 0, 0);
  else contextOf(canvas).drawImage(picture, 0, 0);
  return canvas;
}

/** Opaque pixels of all values, each unlike its neighbours. */
function known() {
  const pixels = new ImageData(SIDE, SIDE);
  for (let at = 0; at < pixels.data.length; at++)
    pixels.data[at] = at % 4 === 3 ? 255 : (at * 37 + (at >> 8) * 11) & 255;
  return pixels;
}

/** @param {ImageData | ImageBitmap} picture */
function readBack(picture) {
  return contextOf(canvasOf(picture)).getImageData(0, 0, SIDE, SIDE);
}

/** @param {ImageData} pixels */
function isKnown({ data }) {
  return known().data.every((value, at) => value === data[at]);
}

async function written() {
  const blob = await canvasOf(known()).convertToBlob({ type: 'image/png' });
  const bitmap = await createImageBitmap(blob);
  try {
    return isKnown(readBack(bitmap));
  } finally {
    bitmap.close();
  }
}

/** @param {OffscreenCanvas} canvas */
function contextOf(canvas) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new FeaturescopeError('internal', text.errors.internal('no 2d canvas'));
  return context;
}
