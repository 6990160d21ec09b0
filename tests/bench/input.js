// The same input and the same kind of result for both sides.

/**
 * The tensor that a network gets for a picture, by the recipe's formula (pixel · scale − mean) / std.
 * @param {{ width: number, height: number, data: ArrayLike<number> }} seen RGBA, already at the size of the input
 * @param {{ channels: 'rgb' | 'bgr', scale: number, mean: number[], std: number[], layout: 'nchw' }} recipe
 * @returns {{ data: Float32Array, shape: number[] }}
 */
export function modelInput({ width, height, data }, { channels, scale, mean, std, layout }) {
  if (layout !== 'nchw' || !['rgb', 'bgr'].includes(channels)) throw new Error(`no bench input for ${layout} ${channels}`);
  const pixels = width * height;
  const input = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === 'bgr' ? 2 - channel : channel;
    for (let pixel = 0; pixel < pixels; pixel++) {
      input[channel * pixels + pixel] = (data[4 * pixel + from] * scale - mean[channel]) / std[channel];
    }
  }
  return { data: input, shape: [1, 3, height, width] };
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
