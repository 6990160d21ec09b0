// Products of matrices in tiles, which a graphics card gets and a software adapter does not: here the adapter pretends to be a card. The same
// checks as of the other form, and every tile at odd sizes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** The largest error, as a part of the largest value: of networks, and of a single convolution. */
const TOLERANCE = 1e-3;
const OF_ONE = 1e-5;
const PROBABILITY_TOLERANCE = 1e-4;

const GOLDENS = {
  'squeezenet1.1': 'chelsea-227',
  'efficientnet-lite0': 'chelsea-224',
  'fer-mini-xception': 'astronaut-face-64',
  'cifar10-plaincnn': 'chelsea-32',
};

/** One in so many of the drawn forms of operators, and so many at a time. */
const ONE_IN = 24;
const BATCH = 20;

/** Output channels, rows and columns for which each tile is chosen (`src/engine/wonnx/kernels/tiled.rs`), none of them a multiple of it; the
 * pixels of the last are too few for any but the smallest. */
const FOR_TILES = [
  [127, 63, 65],
  [62, 61, 67],
  [30, 63, 65],
  [13, 89, 93],
  [45, 7, 9],
];

/** How many matrices, rows, inner places and columns: of the largest tile, of a middle one for many matrices, and of the smallest. */
const PRODUCTS = [
  [1, 255, 19, 2047],
  [3, 61, 7, 999],
  [2, 33, 18, 45],
];

test.describe('a graphics card', { tag: '@webgpu' }, () => {
  test.describe.configure({ timeout: 900_000 });
  test.beforeEach(({ callEngine }) => callEngine('pretendGraphicsCard'));

  test('is checked in the form that it gets', async ({ callEngine }) => {
    expect(await callEngine('checkItself')).toEqual({ ok: true, op: null, fallback: false });
  });

  test('computes convolutions of odd sizes as the CPU does', async ({ callEngine }) => {
    const windows = [[1, 1], [3, 1], [3, 2], [5, 1]];
    const cases = FOR_TILES.flatMap(([outputs, height, width]) => [
      // The same number of pixels whatever the stride; five channels are no multiple of the steps that a tile takes at once.
      ...windows.map(([side, stride]) => ({ inputs: 5, outputs, height: height * stride, width: width * stride, side, stride })),
      // A multiple of four, which is read in vectors.
      { inputs: 19, outputs, height, width: width + 3 - ((width + 3) % 4), side: 1, stride: 1 },
    ]);
    const differences = await callEngine('compareConvolutions', cases);
    const wrong = cases.map((found, place) => ({ ...found, difference: differences[place] })).filter(({ difference }) => !(difference <= OF_ONE));
    expect(wrong).toEqual([]);
  });

  test('computes products of matrices of odd sizes as the CPU does', async ({ callEngine }) => {
    const differences = await callEngine('compareMatrices', PRODUCTS);
    const wrong = PRODUCTS.map((sizes, place) => ({ sizes, difference: differences[place] })).filter(({ difference }) => !(difference <= OF_ONE));
    expect(wrong).toEqual([]);
  });

  for (const [model, picture] of Object.entries(GOLDENS)) {
    test(`computes in every layer of ${model} what onnxruntime computes`, async ({ callEngine }) => {
      const { layers, probabilities } = await callEngine('compareWithGolden', model, picture);
      expect(layers.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
      expect(layers.filter(({ swaps }) => swaps.some(({ gap }) => !(gap <= TOLERANCE)))).toEqual([]);
      expect(probabilities.error).toBeLessThanOrEqual(PROBABILITY_TOLERANCE);
    });
  }

  test('computes forms of operators that were drawn at random, and their gradients', async ({ callEngine }) => {
    const bytes = readFileSync(join(ROOT, 'tests/grid/cases.bin'));
    const { cases } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
    const places = [...cases.keys()].filter((place) => place % ONE_IN === 0);
    const failures = [];
    for (let first = 0; first < places.length; first += BATCH) {
      failures.push(...(await callEngine('runGrid', places.slice(first, first + BATCH))).failures);
    }
    expect(failures).toEqual([]);
  });
});
