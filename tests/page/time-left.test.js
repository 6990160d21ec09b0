import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TimeLeft } from '../../www/worker/time-left.js';

const SIZES = [55, 66, 79, 94, 112, 134, 160, 192, 230];
const STEPS = 20;

/**
 * What is told after each step of a drawing whose steps take `cost` milliseconds at a size, with what really is left.
 * @param {{ sizes?: number[], cost: (size: number) => number, setUp?: number, compile?: number }} drawing
 */
function told({ sizes = SIZES, cost, setUp = 0, compile = 0 }) {
  const timeLeft = new TimeLeft(sizes, STEPS);
  const each = sizes.flatMap((size) => Array.from({ length: STEPS }, (_, step) => ({ size, setUp: step === 0 ? setUp : 0, ran: cost(size) + (step === 0 ? compile : 0) })));
  return each.map(({ size, setUp: before, ran }, place) => {
    timeLeft.add(size, before, ran);
    const left = each.slice(place + 1).reduce((sum, step) => sum + step.setUp + step.ran, 0) / 1000;
    return { seconds: timeLeft.seconds, left };
  });
}

test('the first step tells nothing, and what comes before it is no step', () => {
  const [first, second] = told({ sizes: [128], cost: () => 50, setUp: 2000, compile: 800 });
  assert.equal(first.seconds, undefined);
  assert.equal(second.seconds, second.left);
});

test('at the last step nothing is left', () => {
  for (const cost of [() => 30, (/** @type {number} */ size) => size * size / 100]) {
    assert.equal(told({ cost, setUp: 100, compile: 50 }).at(-1)?.seconds, 0);
  }
});

/** The sizes of the article's way in the story's networks, which begin at three cells of their last layer. */
const SMALL = [33, 39, 46, 55, 66, 79, 94, 112, 134, 160, 192, 230];

for (const side of [24, 40, 66]) {
  test(`of a small network the first that is told is within a factor of two: ${side}×${side} pixels besides`, () => {
    const [, ...rest] = told({ sizes: SMALL, cost: (size) => (size * size + side * side) / 4000, setUp: 1, compile: 2 });
    for (const [place, { seconds, left }] of rest.entries()) {
      if (left < 0.05) continue;
      const factor = /** @type {number} */ (seconds) / left;
      assert.ok(factor < 2 && factor > 0.5, `after step ${place + 2}: ${seconds} s told, ${left} s left`);
    }
  });
}

/** Steps that cost nothing but for the pixels, that cost the same whatever the size, and between. */
const COSTS = /** @type {[string, (size: number) => number][]} */ ([
  ['pixels alone', (size) => size * size / 200],
  ['the same at every size', () => 60],
  ['both', (size) => 40 + size * size / 400],
]);

for (const [name, cost] of COSTS) {
  test(`what is told is near what is left from the second step on: ${name}`, () => {
    const [, ...rest] = told({ cost, setUp: 300, compile: 200 });
    for (const [place, { seconds, left }] of rest.entries()) {
      if (left < 0.2) continue;
      const factor = /** @type {number} */ (seconds) / left;
      // Until there are steps at two sizes, nobody knows how their cost grows.
      const most = place < STEPS ? 4 : 1.2;
      assert.ok(factor < most && factor > 1 / most, `after step ${place + 2}: ${seconds} s told, ${left} s left`);
    }
  });
}
