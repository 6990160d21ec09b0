// Convolutions in tiles.

import { onnxFile } from '../../../bench/networks/onnx.js';
import { evaluate, largestDifference } from './evaluate.mjs';
import { openEngine } from './open.mjs';

/** What the engine's own check finds, and what it takes the adapter for. */
export async function checkItself({ scope }) {
  return { ...(await scope.selfCheck()), fallback: scope.info().fallback };
}

let oracle;

/**
 * Runs convolutions `{ inputs, outputs, height, width, side, stride }` on the engine and on the CPU engine. Returns the largest difference of
 * each as a part of its largest value.
 */
export async function compareConvolutions(engine, cases) {
  oracle ??= openEngine('cpu');
  const differences = [];
  for (const { inputs, outputs, height, width, side, stride } of cases) {
    const weights = new Map([
      ['weight', { shape: [outputs, inputs, side, side], data: noise(outputs * inputs * side * side, 1) }],
      ['bias', { shape: [outputs], data: noise(outputs, 2) }],
    ]);
    const attributes = { kernel_shape: [side, side], strides: [stride, stride], pads: Array(4).fill(side >> 1) };
    const [rows, columns] = [height, width].map((size) => Math.floor((size - 1) / stride) + 1);
    const file = onnxFile({
      name: 'one convolution',
      input: { name: 'x', shape: [1, inputs, height, width] },
      output: { name: 'y', shape: [1, outputs, rows, columns] },
      nodes: [{ op: 'Conv', inputs: ['x', 'weight', 'bias'], output: 'y', attributes }],
      weights,
    });
    const given = [{ name: 'x', shape: [1, inputs, height, width], data: noise(inputs * height * width, 3) }];
    const [ours, expected] = [await evaluate(engine, file, given, ['y']), await evaluate(await oracle, file, given, ['y'])]
      .map(({ values: [{ data }] }) => data);
    differences.push(relative(ours, expected));
  }
  return differences;
}

/**
 * The same of products of `[matrices, rows, inner, columns]`. Both factors follow from the input, since a constant one would make it a convolution:
 * the second is a constant times the input's largest value.
 */
export async function compareMatrices(engine, cases) {
  oracle ??= openEngine('cpu');
  const differences = [];
  for (const [matrices, rows, inner, columns] of cases) {
    const shape = [1, matrices, rows, inner];
    const file = onnxFile({
      name: 'one product',
      input: { name: 'x', shape },
      output: { name: 'y', shape: [1, matrices, rows, columns] },
      nodes: [
        { op: 'ReduceMax', inputs: ['x'], output: 'largest', attributes: { axes: [1, 2, 3] } },
        { op: 'Mul', inputs: ['weight', 'largest'], output: 'second' },
        { op: 'MatMul', inputs: ['x', 'second'], output: 'y' },
      ],
      weights: new Map([['weight', { shape: [1, matrices, inner, columns], data: noise(matrices * inner * columns, 1) }]]),
    });
    const given = [{ name: 'x', shape, data: noise(matrices * rows * inner, 3) }];
    const [ours, expected] = [await evaluate(engine, file, given, ['y']), await evaluate(await oracle, file, given, ['y'])]
      .map(({ values: [{ data }] }) => data);
    differences.push(relative(ours, expected));
  }
  return differences;
}

/** The largest difference as a part of the largest value. */
function relative(ours, expected) {
  return largestDifference(ours, expected) / expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Numbers between −1 and 1 that look random. */
function noise(count, seed) {
  let state = seed * 0x9e37_79b9;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
