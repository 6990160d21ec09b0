// Gradients of the four models against PyTorch in float64, in the browser; those of single operators are in engine-ops.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** The largest error, as a part of the largest |gradient|. */
const TOLERANCE = 1e-3;

const cases = JSON.parse(readFileSync(join(ROOT, 'tests/gradients/models.json'), 'utf8'));

test('eight objectives of four models are recorded', () => {
  expect(cases).toHaveLength(8);
  expect(new Set(cases.map(({ model }) => model)).size).toBe(4);
});

for (const [place, { model, objective }] of cases.entries()) {
  test(`the gradient of ${objective} of ${model} is PyTorch’s`, async ({ callEngine, engine }) => {
    test.setTimeout(600_000);
    const { name, error, kink, largestError, valueError } = await callEngine('compareGradient', place);
    console.log(`${engine}, ${name}: error ${error.toExponential(1)} of the largest |gradient|, the largest itself ${largestError.toExponential(1)}, the objective ${valueError.toExponential(1)}${kink ? `; on the other side of a kink of ${kink}` : ''}`);
    expect(error).toBeLessThanOrEqual(TOLERANCE);
    expect(largestError).toBeLessThanOrEqual(TOLERANCE);
    expect(valueError).toBeLessThanOrEqual(TOLERANCE);
  });
}
