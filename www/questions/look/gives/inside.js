/** @typedef {import('../../../api/types.js').Frame} Frame */
/** @typedef {import('../../../api/types.js').FoundBox} FoundBox */

/**
 * The mask of a box, where the network gives one that has any places.
 * @param {Pick<FoundBox, 'mask'>} box
 */
export function shapeOf({ mask }) {
  return mask && mask.share > 0 ? mask : null;
}

/**
 * Of each map of a look, how much of what it shows lies in a box, or in the mask of what is in it: its positive values there, as a part of all of
 * them. A cell that is covered in part counts by that part.
 * @param {Pick<import('../../../page/state.js').LookView, 'channels' | 'width' | 'height' | 'map'>} look
 * @param {Frame} frame where on the photo lies what the network saw
 * @param {Frame & Pick<FoundBox, 'mask'>} box on the photo
 */
export function sharesInside(look, frame, box) {
  const { channels } = look;
  const cover = coverOf(look, frame, box);
  const shares = new Float32Array(channels);
  for (let map = 0; map < channels; map++) {
    const { data } = look.map(map);
    let [inside, all] = [0, 0];
    data.forEach((value, cell) => {
      if (!(value > 0)) return;
      all += value;
      inside += value * cover[cell];
    });
    shares[map] = all > 0 ? inside / all : 0;
  }
  return shares;
}

/**
 * How much of each cell of a map is covered, row by row.
 * @param {{ width: number, height: number }} cells of the map
 * @param {Frame} frame
 * @param {Frame & Pick<FoundBox, 'mask'>} box
 */
function coverOf({ width, height }, frame, box) {
  // A box is a shape of one place.
  const shape = shapeOf(box) ?? { frame: box, width: 1, height: 1, data: [1] };
  const columns = parts(shape.width, shape.frame.x, shape.frame.width).map(([from, to]) =>
    covered(width, (from - frame.x) / frame.width, (to - frame.x) / frame.width),
  );
  const cover = new Float64Array(width * height);
  parts(shape.height, shape.frame.y, shape.frame.height).forEach(([from, to], row) => {
    const rows = covered(height, (from - frame.y) / frame.height, (to - frame.y) / frame.height);
    const line = new Float64Array(width);
    columns.forEach((column, place) => {
      if (shape.data[row * shape.width + place] > 0) column.forEach((part, cell) => (line[cell] += part));
    });
    cover.forEach((_, cell) => (cover[cell] += rows[Math.floor(cell / width)] * line[cell % width]));
  });
  return cover;
}

/**
 * Where equal parts of a length begin and end.
 * @param {number} count
 * @param {number} first where the length begins
 * @param {number} length
 */
function parts(count, first, length) {
  return Array.from({ length: count }, (_, part) => [
    first + (length * part) / count,
    first + (length * (part + 1)) / count,
  ]);
}

/**
 * How much of each of some equal cells lies between two places.
 * @param {number} cells
 * @param {number} from as a part of all cells
 * @param {number} to
 */
function covered(cells, from, to) {
  return Array.from({ length: cells }, (_, cell) =>
    Math.max(0, Math.min(cell + 1, to * cells) - Math.max(cell, from * cells)),
  );
}
