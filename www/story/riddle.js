/**
 * The article's riddle: what does a network look at when it calls a basketball a knife?
 */

/**
 * @typedef {import('../featurescope.js').Look} Look
 * @typedef {import('./pictures.js').Picture} Picture
 */

/**
 * How much of each cell of a map the object covers: the mask's mean over the cell.
 * @param {Picture} picture
 * @param {{ width: number, height: number }} size of the map
 * @returns {Promise<Float64Array>} from 0 to 1, in reading order
 */
export async function coverage({ mask }, { width, height }) {
  const bitmap = await createImageBitmap(await (await fetch(mask)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const covered = new Float64Array(width * height);
  const pixels = new Float64Array(width * height);
  for (let y = 0; y < bitmap.height; y++) {
    for (let x = 0; x < bitmap.width; x++) {
      const cell = Math.floor((y * height) / bitmap.height) * width + Math.floor((x * width) / bitmap.width);
      covered[cell] += data[4 * (y * bitmap.width + x)] / 255;
      pixels[cell] += 1;
    }
  }
  bitmap.close();
  return covered.map((sum, cell) => sum / pixels[cell]);
}

/**
 * Which part of the positive activation of some maps lies outside the object.
 * @param {Look} look
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
