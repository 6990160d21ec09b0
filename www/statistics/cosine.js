/**
 * The cosine of the angle between two vectors; 0 where one of them has no direction.
 * @param {Float32Array} one
 * @param {Float32Array} other
 */
export function cosine(one, other) {
  let [product, first, second] = [0, 0, 0];
  for (let place = 0; place < one.length; place++) {
    product += one[place] * other[place];
    first += one[place] ** 2;
    second += other[place] ** 2;
  }
  return first > 0 && second > 0 ? product / Math.sqrt(first * second) : 0;
}
