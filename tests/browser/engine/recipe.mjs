// A card's recipe for a picture that has the size of the input already, written once more and not taken from the product.

/** @returns {Float32Array} the values of the input, in the recipe's layout */
export function inputFor({ Picture }, bytes, { size, channels, scale, mean, std, layout }) {
  const picture = Picture.decode(new Uint8Array(bytes));
  const { width, height, data } = picture.pixels();
  picture.free();
  if (width !== size || height !== size) throw new Error(`The picture is ${width} × ${height} pixels large, not ${size}`);
  const places = { rgb: [0, 1, 2], bgr: [2, 1, 0], grey: [0] }[channels];
  const values = new Float32Array(places.length * size * size);
  for (let cell = 0; cell < size * size; cell++) {
    const pixel = data.subarray(4 * cell, 4 * cell + 3);
    places.forEach((place, channel) => {
      const level = channels === 'grey' ? grey(pixel) : pixel[place];
      const target = layout === 'nhwc' ? cell * places.length + channel : channel * size * size + cell;
      values[target] = (level * scale - mean[channel]) / std[channel];
    });
  }
  return values;
}

/** ITU-R 601-2 luma in PIL's fixed-point form. */
function grey([red, green, blue]) {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}
