/**
 * One feature map in so few characters that a link can hold it: where it fires, without the photo. So whoever opens the link
 * without the picture still sees what it is about, and nobody sees the picture who was not given it.
 */

import { fromBase64, toBase64 } from './link.js';
import { STILL_SIDE } from './finding.js';

/** Strengths that are told apart, in four bits: steps that the eye does not find once they are smoothed over a tile. */
const LEVELS = 15;

/**
 * @typedef {import('./finding.js').MapStill} MapStill
 * @typedef {{ width: number, height: number, values: Float32Array }} Strengths from 0 to 1, row by row
 */

/**
 * @param {number} map
 * @param {import('../api/types.js').MapValues} values of which those below zero count as nothing
 * @returns {MapStill}
 */
export function mapStill(map, values) {
  const { width, height, values: mean } = shrunk(values);
  const most = mean.reduce((largest, value) => Math.max(largest, value), 0);
  const levels = Array.from(mean, (value) =>
    most > 0 ? Math.round(LEVELS * Math.sqrt(Math.max(0, value) / most)) : 0,
  );
  const bytes = new Uint8Array(Math.ceil(levels.length / 2));
  levels.forEach((level, place) => {
    bytes[place >> 1] |= level << (place % 2 === 0 ? 4 : 0);
  });
  return { map, width, height, cells: toBase64(bytes) };
}

/**
 * @param {MapStill} still
 * @returns {Strengths} where cells are missing or damaged, nothing fires
 */
export function strengthsOf({ width, height, cells }) {
  const bytes = bytesOf(cells);
  const values = Float32Array.from({ length: width * height }, (_, place) => {
    const level = ((bytes[place >> 1] ?? 0) >> (place % 2 === 0 ? 4 : 0)) & LEVELS;
    return (level / LEVELS) ** 2;
  });
  return { width, height, values };
}

/** @param {string} cells */
function bytesOf(cells) {
  try {
    return fromBase64(cells);
  } catch {
    // A still says nothing that is computed with, so the rest of the link is not refused because of it.
    return new Uint8Array(0);
  }
}

/**
 * Means over rectangles of cells, so that no side is longer than a still's.
 * @param {import('../api/types.js').MapValues} map
 * @returns {Strengths} of any scale
 */
function shrunk({ width, height, data }) {
  const [columns, rows] = [Math.min(width, STILL_SIDE), Math.min(height, STILL_SIDE)];
  const sums = new Float32Array(columns * rows);
  const counts = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sums[place] += data[y * width + x];
      counts[place] += 1;
    }
  }
  return { width: columns, height: rows, values: sums.map((sum, place) => sum / counts[place]) };
}
