/**
 * The overlay style `glow` without an engine, for a still whose map came in a link: the photo in dark grey, and over it inferno
 * where the map fires. The constants are those of `src/domain/overlay/light.rs`.
 */

/** @typedef {import('./map-still.js').Strengths} Strengths */
/** @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Pixels */

const FULL = 0.3;
const FIRST = 0.2;
const GREYS = [16, 92];
const RELIEF = 0.2;
/** Rec. 709. */
const LUMA = [0.2126, 0.7152, 0.0722];

/** Every sixteenth colour of inferno (S. van der Walt and N. Smith, CC0), between which the others lie within seven levels: the whole table
 * is in `src/domain/colormap/tables.rs`. */
const INFERNO = (
  '000004 0b0724 210c4a 3d0965 57106e 71196e 8a226a a32c61 bc3754' +
  ' d04545 e35933 f1711f f98c0a fcaa0f f9c932 f2e865 fcffa4'
)
  .split(' ')
  .map((colour) => [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));

/**
 * @param {Strengths} map
 * @param {Pixels | null} photo as the network saw it; over black where there is none
 * @param {{ width: number, height: number }} size in pixels, where there is no photo
 * @returns {Pixels}
 */
export function glow(map, photo, size) {
  const { width, height } = photo ?? size;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const luma = photo ? LUMA.reduce((sum, weight, channel) => sum + weight * photo.data[at + channel], 0) / 255 : 0;
      const value = between(map, ((x + 0.5) / width) * map.width - 0.5, ((y + 0.5) / height) * map.height - 0.5);
      data.set(glowing(luma, value), at);
    }
  }
  return { width, height, data };
}

/**
 * @param {number} luma of the photo's pixel, from 0 to 1
 * @param {number} value of the map, from 0 to 1
 * @returns {number[]} red, green, blue and full alpha
 */
export function glowing(luma, value) {
  const lightness = luma + 0.3 * luma * (1 - luma);
  const grey = mix(GREYS[0], GREYS[1], lightness);
  const share = gradually(value / FULL);
  const relief = mix(1 - RELIEF, 1, lightness);
  return [...inferno(mix(FIRST, 1, Math.sqrt(value))).map((level) => mix(grey, relief * level, share)), 255];
}

/** @param {number} place from 0 to 1 @returns {number[]} levels from 0 to 255 */
export function inferno(place) {
  const stop = place * (INFERNO.length - 1);
  const below = Math.min(INFERNO.length - 2, Math.floor(stop));
  return INFERNO[below].map((level, channel) => mix(level, INFERNO[below + 1][channel], stop - below));
}

/**
 * Between the centres of cells in proportion to the distance, and at the edges as the last cell.
 * @param {Strengths} map
 * @param {number} x
 * @param {number} y
 */
function between({ width, height, values }, x, y) {
  const [column, row] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const above = mix(values[top * width + left], values[top * width + right], column - left);
  const below = mix(values[bottom * width + left], values[bottom * width + right], column - left);
  return mix(above, below, row - top);
}

/** @param {number} first @param {number} last @param {number} share */
function mix(first, last, share) {
  return first + (last - first) * share;
}

/** From 0 to 1 without an edge at either end. @param {number} share */
function gradually(share) {
  const within = Math.min(1, Math.max(0, share));
  return within * within * (3 - 2 * within);
}
