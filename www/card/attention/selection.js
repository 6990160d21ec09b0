/** Patches and their places in what the network sees. Nothing here knows the DOM. */

/** @typedef {{ row: number, column: number }} Cell */
/** A place from the left and from the top, from 0 to 1. @typedef {{ x: number, y: number }} Place */
/** How many rows and columns of patches there are. @typedef {{ height: number, width: number }} Grid */

/**
 * The patch at a place.
 * @param {Grid} grid
 * @param {Place} place
 * @returns {Cell}
 */
export function cellOf({ height, width }, { x, y }) {
  return { row: within(Math.floor(y * height), height), column: within(Math.floor(x * width), width) };
}

/**
 * The middle of a patch; of one beyond the edge, of the last one before it.
 * @param {Grid} grid
 * @param {Cell} cell
 * @returns {Place}
 */
export function placeOf({ height, width }, { row, column }) {
  return { x: (within(column, width) + 0.5) / width, y: (within(row, height) + 0.5) / height };
}

/** @param {number} place @param {number} count */
function within(place, count) {
  return Math.max(0, Math.min(count - 1, place));
}
