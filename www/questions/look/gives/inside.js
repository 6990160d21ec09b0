/**
 * Of each map of a look, how much of what it shows lies in a box: its positive values there, as a part of all of them. A cell that the box
 * covers in part counts by that part.
 * @param {Pick<import('../../../page/state.js').LookView, 'channels' | 'width' | 'height' | 'map'>} look
 * @param {import('../../../api/types.js').Frame} frame where on the photo lies what the network saw
 * @param {import('../../../api/types.js').Frame} box on the photo
 */
export function sharesInside(look, frame, box) {
  const { channels, width, height } = look;
  const columns = covered(width, (box.x - frame.x) / frame.width, (box.x + box.width - frame.x) / frame.width);
  const rows = covered(height, (box.y - frame.y) / frame.height, (box.y + box.height - frame.y) / frame.height);
  const shares = new Float32Array(channels);
  for (let map = 0; map < channels; map++) {
    const { data } = look.map(map);
    let [inside, all] = [0, 0];
    data.forEach((value, cell) => {
      if (!(value > 0)) return;
      all += value;
      inside += value * rows[Math.floor(cell / width)] * columns[cell % width];
    });
    shares[map] = all > 0 ? inside / all : 0;
  }
  return shares;
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
