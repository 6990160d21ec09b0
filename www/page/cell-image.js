/**
 * One pixel per cell.
 * @param {import('../api/types.js').MapValues} values
 * @param {number[]} palette
 */
export function cellImage({ width, height, data }, palette) {
  const image = new ImageData(width, height);
  const most = data.reduce((max, value) => Math.max(max, value), 0) || 1;
  data.forEach((value, i) => {
    const place = Math.round((Math.max(0, value) / most) * 255) * 3;
    image.data.set([palette[place], palette[place + 1], palette[place + 2], 255], i * 4);
  });
  return image;
}
