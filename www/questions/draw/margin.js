/**
 * What of a drawing the network hardly saw: pooling and convolutions without padding leave the last rows and columns out, so that the
 * article's way leaves them nearly as they were, which is grey. On the page they are out of sight; files hold the whole picture.
 */

/** An outer row or column belongs to the margin where neighbours along it differ by less than this part of what they do in the middle one
 * of all. In the article's way to the letter it was .02 to .28 there and .7 inside, with blur and total variation up to .3. */
const FAINT = 0.3;
/** At most so much of the side is cut off. */
const MOST = 0.1;

/**
 * The square that is worth showing.
 * @param {{ width: number, height: number, data: ArrayLike<number> }} picture a square
 * @returns {{ left: number, top: number, side: number }} as parts of the picture's side
 */
export function seenPart({ width, data }) {
  const luminance = (/** @type {number} */ pixel) => data[4 * pixel] + 2 * data[4 * pixel + 1] + data[4 * pixel + 2];
  /** How far neighbours differ along each line. @param {number} along @param {number} across strides in pixels */
  const details = (along, across) =>
    Array.from({ length: width }, (_, line) => {
      let sum = 0;
      for (let place = 1; place < width; place++) {
        const pixel = line * across + place * along;
        sum += Math.abs(luminance(pixel) - luminance(pixel - along));
      }
      return sum;
    });
  const [left, right] = faintEnds(details(width, 1));
  const [top, bottom] = faintEnds(details(1, width));
  const cut = Math.max(left + right, top + bottom);
  // The cut is the same in both directions, so it takes something more where less is faint.
  return { left: left / width, top: top / width, side: (width - cut) / width };
}

/** How many lines are faint at either end. @param {number[]} details @returns {[number, number]} */
function faintEnds(details) {
  const middle = [...details].sort((one, other) => one - other)[details.length >> 1];
  const most = Math.floor(MOST * details.length);
  const count = (/** @type {number[]} */ lines) => {
    const seen = lines.findIndex((detail) => detail >= FAINT * middle);
    return Math.min(most, Math.max(0, seen));
  };
  return [count(details), count([...details].reverse())];
}
