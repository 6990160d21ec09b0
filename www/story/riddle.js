/**
 * The article's riddle: what does a network look at when it calls a basketball a knife?
 */

/** @typedef {import('../featurescope.js').Look} Look */

/**
 * How much of each cell of a map the object covers: the mask's mean over each cell of a map.
 * @param {Pick<ImageData, 'width' | 'height' | 'data'>} mask white where the object is
 * @param {{ width: number, height: number }} size of the map
 * @returns {Float64Array} from 0 to 1, in reading order
 */
export function coveredCells(mask, { width, height }) {
  const covered = new Float64Array(width * height);
  const pixels = new Float64Array(width * height);
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const cell = Math.floor((y * height) / mask.height) * width + Math.floor((x * width) / mask.width);
      covered[cell] += mask.data[4 * (y * mask.width + x)] / 255;
      pixels[cell] += 1;
    }
  }
  return covered.map((sum, cell) => sum / pixels[cell]);
}

/**
 * The part of the picture that the object does not cover: the share outside of a map that is equal everywhere. A share is one
 * of a map that looks beside the object only where it is larger than this.
 * @param {Float64Array} covered by the object, for each cell
 */
export function areaOutside(covered) {
  return 1 - covered.reduce((sum, part) => sum + part, 0) / covered.length;
}

/**
 * Which part of the positive activation of some maps lies outside the object.
 * @param {Pick<Look, 'map'>} look
 * @param {number[]} maps
 * @param {Float64Array} covered by the object, for each cell
 * @returns {number | null} from 0 to 1; null where no map fires
 */
export function shareOutside(look, maps, covered) {
  let [outside, all] = [0, 0];
  for (const map of maps) {
    look.map(map).data.forEach((value, cell) => {
      all += Math.max(0, value);
      outside += Math.max(0, value) * (1 - covered[cell]);
    });
  }
  return all > 0 ? outside / all : null;
}
