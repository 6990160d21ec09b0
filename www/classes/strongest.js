/** Where a map fires most in some images. Nothing here knows the DOM. */

import { patchInPhoto, seenInPhoto } from './patch.js';

/**
 * @typedef {import('./study.js').Study} Study
 * @typedef {{ file: File, peak: number, maximum: number }} Place `peak`: the cell of the map, in reading order
 */

/**
 * The images in which the map has its largest values, the largest first.
 * @param {{ maxima: ArrayLike<number>, peaks: ArrayLike<number> }} over what `Study.map` gave
 * @param {{ file: File, place: number }[]} images with their places in the set
 * @param {number} count
 * @returns {Place[]} without images in which it does not fire
 */
export function strongestPlaces({ maxima, peaks }, images, count) {
  return images
    .filter(({ place }) => maxima[place] > 0)
    .sort((one, other) => maxima[other.place] - maxima[one.place])
    .slice(0, count)
    .map(({ file, place }) => ({ file, peak: peaks[place], maximum: maxima[place] }));
}

/** What images are made into for a study's network. @param {Study} study */
function recipeOf({ model, recipe, options }) {
  return options.article ? model.article.recipe : recipe;
}

/**
 * How what the network saw of a photo is painted from a copy of it, whatever size that has.
 * @param {Study} study
 * @param {number} side of the canvas in pixels
 * @returns {(canvas: HTMLCanvasElement, bitmap: ImageBitmap) => void}
 */
export function seenPainter(study, side) {
  return (canvas, bitmap) => paintBox(canvas, bitmap, seenInPhoto(bitmap, recipeOf(study)), side);
}

/**
 * How the patch around a place is painted from a copy of the photo, whatever size that has.
 * @param {Study} study
 * @param {number} peak
 * @param {number} side of the canvas in pixels
 * @returns {(canvas: HTMLCanvasElement, bitmap: ImageBitmap) => void}
 */
export function patchPainter(study, peak, side) {
  const layer = study.model.layers.find(({ id }) => id === study.layer);
  return (canvas, bitmap) => {
    if (layer) paintBox(canvas, bitmap, patchInPhoto(bitmap, layer, recipeOf(study), peak), side);
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 * @param {{ left: number, top: number, width: number, height: number }} box in the bitmap's pixels
 * @param {number} side
 */
function paintBox(canvas, bitmap, { left, top, width, height }, side) {
  canvas.width = canvas.height = side;
  canvas.getContext('2d')?.drawImage(bitmap, left, top, width, height, 0, 0, side, side);
}
