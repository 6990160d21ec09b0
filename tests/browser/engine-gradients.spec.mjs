// Gradients of the four models against PyTorch in float64, in the browser; those of single operators are in engine-ops.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** The largest error, as a part of the largest |gradient|. */
const TOLERANCE = 1e-3;

const cases = JSON.parse(readFileSync(join(ROOT, 'tests/gradients/models.json'), 'utf8'));

/** Two objectives of each: of a layer in the middle and near the end, or of a class. */
const MODELS = ['squeezenet1.1', 'efficientnet-lite0', 'cifar10-plaincnn', 'fer-mini-xception'];

for (const [at, expected] of MODELS.entries()) {
  const places = [2 * at, 2 * at + 1];
  test(`the gradients of ${places.map((place) => cases[place].objective).join(' and ')} of ${expected} are PyTorch’s`, async ({ callEngine, engine }) => {
    test.setTimeout(600_000);
    for (const place of places) {
      expect(cases[place].model).toBe(`${expected}.onnx`);
      const { name, error, kink, largestError, valueError } = await callEngine('compareGradient', place);
      console.log(`${engine}, ${name}: error ${error.toExponential(1)} of the largest |gradient|, the largest itself ${largestError.toExponential(1)}, the objective ${valueError.toExponential(1)}${kink ? `; on the other side of a kink of ${kink}` : ''}`);
      expect(error, name).toBeLessThanOrEqual(TOLERANCE);
      expect(largestError, name).toBeLessThanOrEqual(TOLERANCE);
      expect(valueError, name).toBeLessThanOrEqual(TOLERANCE);
    }
  });
}
