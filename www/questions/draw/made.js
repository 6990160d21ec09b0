/**
 * How the finished drawings that show were made, so that they can be made again elsewhere. A canvas that shows an earlier step, or
 * a drawing that was stopped, is not in it.
 */

/**
 * @typedef {object} Made
 * @property {string} layer
 * @property {number} map
 * @property {import('./settings.js').Settings} settings
 * @property {number} seed
 * @property {boolean} article whether the network saw pixels from 0 to 1
 * @property {number} activation the map's mean at the end
 */

/** @type {WeakMap<HTMLCanvasElement, Made>} */
export const made = new WeakMap();

/** The pixels that each canvas of a drawing shows, which not every browser lets a page read from it.
 * @type {WeakMap<HTMLCanvasElement, ImageData>} */
export const pixels = new WeakMap();

/** The map's mean at the end of a drawing: the last that is a number, or else 0. @param {ArrayLike<number>} activations */
export function lastMean(activations) {
  return Array.from(activations).findLast(Number.isFinite) ?? 0;
}
