// The drawn forms of operators; tests/grid/README.md describes them.

import { evaluate, largestDifference, read } from './evaluate.mjs';

const FOLDER = 'tests/grid';

/** The largest error of an output, relative to its largest value, or to 1 where that is smaller. */
const TOLERANCE = 1e-4;
/** The largest error of a derivative, as a part of the length of the gradient, and the least length. */
const OF_LENGTH = 1e-4;
const SMALLEST = 1e-2;

const DIRECTIONS = 3;
/** Inputs are held in this part of one. */
const PART = 1 / 32;
/** Streams of random numbers, and how far inputs move, as in gradients.py. */
const OF_INPUT = 8;
const OF_OUTPUT = 1000;
const AWAY = 0.45;

const count = ({ shape }) => shape.reduce((all, size) => all * size, 1);

let grid;

/** The parts of cases.bin, and gradients.bin. */
async function load() {
  const [cases, gradients] = await Promise.all([read(`${FOLDER}/cases.bin`), read(`${FOLDER}/gradients.bin`)]);
  const length = Number(new DataView(cases).getBigUint64(0, true));
  const { cases: list } = JSON.parse(new TextDecoder().decode(new Uint8Array(cases, 8, length)));
  return { list, blob: cases.slice(8 + length), gradients: new DataView(gradients) };
}

/** Runs the cases at these places of the grid: what is wrong, in sentences, and the largest error of a gradient. */
export async function runGrid(engine, places) {
  grid ??= load();
  const { list, blob, gradients } = await grid;
  const failures = [];
  let worst = 0;
  for (const place of places) {
    const found = list[place];
    const fail = (detail) => failures.push(`${found.name} (${found.what}): ${detail}`);
    try {
      const difference = await forward(engine, blob, found);
      if (!(difference <= TOLERANCE)) fail(`differs by ${difference}`);
      const error = await backward(engine, blob, found, gradients, place);
      if (!(error <= OF_LENGTH)) fail(`the gradient is off by ${error}`);
      worst = Math.max(worst, error);
    } catch (error) {
      if (error instanceof Error) throw error;
      fail(`${error.code}, node ${error.node}: ${error.message}`);
    }
  }
  return { failures, worst };
}

async function forward(engine, blob, { model, inputs, outputs }) {
  const given = inputs.map(({ name, shape, at }) =>
    ({ name, shape, data: Float32Array.from(new Int8Array(blob, at, count({ shape })), (byte) => byte * PART) }));
  const names = outputs.map(({ name }) => name);
  const { values } = await evaluate(engine, blob.slice(model[0], model[0] + model[1]), given, names);
  const differences = outputs.map((output, index) => {
    const expected = new Float32Array(blob.slice(output.at, output.at + 4 * count(output)));
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    return largestDifference(values[index].data, expected) / largest;
  });
  return Math.max(...differences);
}

/** The largest error of the derivatives along the recorded directions, as a part of the length of the gradient. */
async function backward(engine, blob, found, gradients, place) {
  const record = place * 4 * (1 + DIRECTIONS);
  const seed = gradients.getUint32(record, true);
  const recorded = Array.from({ length: DIRECTIONS }, (_, direction) => gradients.getFloat32(record + 4 + 4 * direction, true));
  // What is quantised moves in steps only.
  if (recorded.every(Number.isNaN)) return 0;
  const given = found.inputs.map(({ name, shape, at }, index) => {
    const away = numbers(seed, OF_INPUT * index, count({ shape }));
    return { name, shape, data: Float32Array.from(new Int8Array(blob, at, away.length), (byte, i) => (byte + away[i] * AWAY) * PART) };
  });
  const sums = new Array(DIRECTIONS).fill(0);
  let squares = 0;
  for (const [index, input] of found.inputs.entries()) {
    const gradient = await slopes(engine, blob, found, given, input, seed);
    for (const slope of gradient) squares += slope * slope;
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      const along = numbers(seed, OF_INPUT * index + 1 + direction, gradient.length);
      for (let i = 0; i < gradient.length; i++) sums[direction] += gradient[i] * along[i];
    }
  }
  const length = Math.max(Math.sqrt(squares), SMALLEST);
  const errors = sums.map((sum, direction) => Math.abs(sum - recorded[direction]) / length);
  return errors.some(Number.isNaN) ? Infinity : Math.max(...errors);
}

/** The gradient of the weighted sum of all outputs with respect to one input. */
async function slopes({ module, scope }, blob, { model, outputs }, given, input, seed) {
  const sum = new Float64Array(count(input));
  for (const [index, output] of outputs.entries()) {
    const file = new module.ModelFile(model[1]);
    file.write(0, new Uint8Array(blob, ...model));
    const weights = numbers(seed, OF_OUTPUT + index, count(output));
    const options = { objective: output.name, withRespectTo: input.name, maps: [], weights };
    try {
      const { gradient } = await scope.differentiate(file, given, options).finally(() => file.free());
      if (gradient.data.length !== sum.length) throw new Error(`a gradient of ${gradient.data.length} numbers`);
      gradient.data.forEach((slope, i) => { sum[i] += slope; });
    } catch (error) {
      // Some results do not depend on an input, as those of a Split that takes a part of it.
      if (!error.message.includes('does not depend on')) throw error;
    }
  }
  return sum;
}

/** Numbers from −1 to below 1 that look random, all of them exact in single precision; gradients.py makes the same. */
function numbers(seed, stream, length) {
  const start = mix(seed) + stream;
  const first = mix(start);
  return Array.from({ length }, (_, place) => (mix(first + place) >>> 8) / 8_388_608 - 1);
}

/** A permutation of the integers of 32 bits (lowbias32 of Chris Wellons' hash-prospector). */
function mix(value) {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
