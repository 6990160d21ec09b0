/**
 * Where maps fire in photos of which nobody has written down where the object is: on the plain part of the picture, or on the other.
 */

import { seededRandom } from '../statistics/random.js';

/** @typedef {import('../featurescope.js').Look} Look */
/** A size in cells. @typedef {{ width: number, height: number }} Size */

/**
 * How much of each map's activation lies in a part of a photo.
 * @typedef {object} Fired
 * @property {Float64Array} inside for each map the sum of what is positive in that part
 * @property {Float64Array} all the same of the whole photo
 * @property {number} area of that part, as a share of the photo
 */

/** Weights of red, green and blue in the brightness of a pixel (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/**
 * How much the brightness changes within each cell of a map: its standard deviation, in grey levels.
 * @param {Pick<ImageData, 'width' | 'height' | 'data'>} picture
 * @param {Size} size of the map
 * @returns {Float64Array} in reading order
 */
export function contrastOfCells(picture, { width, height }) {
  const [pixels, sums, squares] = [0, 1, 2].map(() => new Float64Array(width * height));
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const cell = Math.floor((y * height) / picture.height) * width + Math.floor((x * width) / picture.width);
      const at = 4 * (y * picture.width + x);
      const light = LUMA.reduce((sum, weight, channel) => sum + weight * picture.data[at + channel], 0);
      pixels[cell] += 1;
      sums[cell] += light;
      squares[cell] += light * light;
    }
  }
  return pixels.map((count, cell) => Math.sqrt(Math.max(0, squares[cell] / count - (sums[cell] / count) ** 2)));
}

/**
 * The plain half of a picture: the half of its cells in which the brightness changes least. Of equal ones the upper and left ones.
 * @param {Float64Array} contrast of each cell
 * @returns {Uint8Array} 1 for each cell of it
 */
export function plainHalf(contrast) {
  const order = [...contrast.keys()].sort((one, other) => contrast[one] - contrast[other] || one - other);
  const plain = new Uint8Array(contrast.length);
  for (const cell of order.slice(0, Math.round(contrast.length / 2))) plain[cell] = 1;
  return plain;
}

/**
 * What of a part lies in the upper half of the picture, as the sky does.
 * @param {Uint8Array} part
 * @param {Size} size
 */
export function upperHalf(part, { width, height }) {
  return part.map((is, cell) => (Math.floor(cell / width) < height / 2 ? is : 0));
}

/**
 * @param {Pick<Look, 'map' | 'channels'>} look
 * @param {Uint8Array} part 1 for each cell of it
 * @returns {Fired}
 */
export function firedIn(look, part) {
  const inside = new Float64Array(look.channels);
  const all = new Float64Array(look.channels);
  for (let map = 0; map < look.channels; map++) {
    look.map(map).data.forEach((value, cell) => {
      all[map] += Math.max(0, value);
      inside[map] += Math.max(0, value) * part[cell];
    });
  }
  return { inside, all, area: part.reduce((sum, is) => sum + is, 0) / part.length };
}

/**
 * The share of some maps' activation that lies in the part: the mean over the photos in which one of them fires.
 * @param {Fired[]} photos
 * @param {number[]} maps
 * @returns {number | null} null where none fires anywhere
 */
export function shareInside(photos, maps) {
  const shares = photos.flatMap(({ inside, all }) => {
    const total = maps.reduce((sum, map) => sum + all[map], 0);
    return total > 0 ? [maps.reduce((sum, map) => sum + inside[map], 0) / total] : [];
  });
  return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null;
}

/** So often maps are drawn by lot. */
export const DRAWS = 1000;

/**
 * How often equally many maps, drawn by lot, have a share at least as large.
 * @param {Fired[]} photos
 * @param {number} count of maps
 * @param {number} share
 * @param {number} seed
 * @returns {number} of `DRAWS`
 */
export function reachedByChance(photos, count, share, seed) {
  const random = seededRandom(seed);
  const channels = photos[0]?.all.length ?? 0;
  const maps = Array.from({ length: channels }, (_, map) => map);
  const most = Math.min(count, channels);
  let reached = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    // As many steps of a shuffle as maps are wanted: the rest need not be in order.
    for (let place = 0; place < most; place++) {
      const other = place + Math.floor(random() * (channels - place));
      [maps[place], maps[other]] = [maps[other], maps[place]];
    }
    if ((shareInside(photos, maps.slice(0, most)) ?? -1) >= share) reached += 1;
  }
  return reached;
}
