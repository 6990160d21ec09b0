// Gradients of whole models; tests/gradients/record.py describes the recordings.

import { largestDifference, read, readJson } from './evaluate.mjs';

const FOLDER = 'tests/gradients';
const POSITIONS = 1024;

/**
 * The gradient of recorded case `place`: `{ name, error, kink, largestError, valueError }`, the errors as a part of the largest
 * recorded number of their kind. `kink` names the activation that took a value for being on the other side of a kink that lies
 * nearer than float32 can tell, if the gradient is the recorded one of that side.
 */
export async function compareGradient({ module, scope }, place) {
  const [cases, numbers] = await Promise.all([readJson(`${FOLDER}/models.json`), read(`${FOLDER}/models.bin`)]);
  const { model, input, shape, objective, maps = [], class: classIndex, value, largest, kinks, ...offsets } = cases[place];
  const bytes = await read(`models/${model}`);
  const file = new module.ModelFile(bytes.byteLength);
  file.write(0, new Uint8Array(bytes));
  const inputs = [{ name: input, shape, data: picture(shape) }];
  const chosen = classIndex === undefined ? { maps } : { classIndex };
  const found = await scope.differentiate(file, inputs, { objective, withRespectTo: input, ...chosen }).finally(() => file.free());
  const slopes = found.gradient.data;
  if (slopes.length !== inputs[0].data.length) throw new Error(`${objective}: a gradient of ${slopes.length} numbers`);
  const computed = Float32Array.from(new Uint32Array(numbers, offsets.positions, POSITIONS), (position) => slopes[position]);
  const most = slopes.reduce((all, slope) => Math.max(all, Math.abs(slope)), 0);
  const sides = [{ gradient: offsets.gradient, value: null }, ...kinks].map(({ gradient, value: kink }) =>
    ({ kink, error: largestDifference(computed, new Float32Array(numbers, gradient, POSITIONS)) / largest }));
  return {
    name: `${model}, ${objective}`,
    ...sides.reduce((best, side) => (side.error < best.error ? side : best)),
    largestError: Math.abs(most - largest) / largest,
    valueError: Math.abs(found.value - value) / Math.abs(value),
  };
}

/** Numbers between −2 and 2 that look random; record.py makes the same. */
function picture(shape) {
  let state = 0x2545_f491;
  return Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return ((state >>> 8) / 16_777_216) * 4 - 2;
  });
}
