/**
 * A part of a picture in another size, with values between the four nearest pixels: what a canvas does, without a canvas, since not
 * every browser lets a page read one.
 * @param {{ width: number, height: number, data: Uint8ClampedArray }} picture
 * @param {{ left: number, top: number, width: number, height: number }} part in pixels, which need not be whole ones
 * @param {number} width of the result
 * @param {number} height
 * @returns {Uint8ClampedArray<ArrayBuffer>} four bytes each, row by row
 */
export function resampled(picture, part, width, height) {
  const columns = positions(part.left, part.width, width, picture.width);
  const rows = positions(part.top, part.height, height, picture.height);
  const { data, width: stride } = picture;
  const pixels = new Uint8ClampedArray(4 * width * height);
  let place = 0;
  for (const [top, bottom, down] of rows) {
    for (const [left, right, across] of columns) {
      for (let channel = 0; channel < 4; channel++) {
        const first = data[4 * (top * stride + left) + channel];
        const second = data[4 * (top * stride + right) + channel];
        const third = data[4 * (bottom * stride + left) + channel];
        const fourth = data[4 * (bottom * stride + right) + channel];
        const upper = first + (second - first) * across;
        pixels[place++] = upper + (third + (fourth - third) * across - upper) * down;
      }
    }
  }
  return pixels;
}

/**
 * Between which two pixels each one of the result lies, and how near to the second.
 * @param {number} start
 * @param {number} length
 * @param {number} count
 * @param {number} side of the picture
 * @returns {[first: number, second: number, share: number][]}
 */
function positions(start, length, count, side) {
  return Array.from({ length: count }, (_, place) => {
    const middle = Math.min(Math.max(start + ((place + 0.5) * length) / count - 0.5, 0), side - 1);
    const first = Math.floor(middle);
    return [first, Math.min(first + 1, side - 1), middle - first];
  });
}
