/** The same input and the same kind of result for every runtime. */

/**
 * The tensor that a network gets for a picture, by the recipe's formula (pixel · scale − mean) / std.
 * @param {{ width: number, height: number, data: ArrayLike<number> }} seen RGBA, already at the size of the input
 * @param {import('../api/types.js').Recipe} recipe
 * @returns {{ data: Float32Array<ArrayBuffer>, shape: number[] }} `shape`: one picture in the recipe's layout
 */
export function modelInput(
  { width, height, data },
  { channels = 'rgb', scale = 1, mean = [], std = [], layout = 'nchw' },
) {
  const pixels = width * height;
  const planes = channels === 'grey' ? 1 : 3;
  const input = new Float32Array(planes * pixels);
  for (let channel = 0; channel < planes; channel++) {
    const from = channels === 'bgr' ? 2 - channel : channel;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const place = layout === 'nhwc' ? pixel * planes + channel : channel * pixels + pixel;
      input[place] = (data[4 * pixel + from] * scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    }
  }
  return { data: input, shape: layout === 'nhwc' ? [1, height, width, planes] : [1, planes, height, width] };
}

/**
 * @param {Float32Array} scores as the file's graph gives them
 * @param {string} output what they are: `logits` or `softmax`
 */
export function probabilities(scores, output) {
  if (output !== 'logits') return scores;
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
