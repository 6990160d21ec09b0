import assert from 'node:assert/strict';
import { test } from 'node:test';

import { accuracy, alarmCounts, classRates, precision, recall } from '../../www/statistics/alarm.js';
import { aucInterval } from '../../www/statistics/bootstrap.js';
import { mcnemarExact } from '../../www/statistics/mcnemar.js';
import { seededRandom, shuffled } from '../../www/statistics/random.js';
import { areaUnderCurve } from '../../www/statistics/ranks.js';
import { roc, youdenThreshold } from '../../www/statistics/roc.js';
import { halves } from '../../www/statistics/split.js';

/** Score sets of every small size, with many ties. */
function scoreSets(count = 200) {
  const random = seededRandom(5);
  const scores = (length) => Array.from({ length }, () => Math.floor(random() * 9) - 4);
  return Array.from({ length: count }, (_, i) => [scores(1 + (i % 12)), scores(1 + Math.floor(i / 12))]);
}

test('the area is the part of the pairs in which the positive scores higher, ties as one half', () => {
  for (const [positives, negatives] of scoreSets()) {
    const pairs = positives.flatMap((positive) => negatives.map((negative) => (Math.sign(positive - negative) + 1) / 2));
    assert.equal(roc(positives, negatives).auc, pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length);
  }
});

test('the points are the alarms at every distinct score, from none to all', () => {
  for (const [positives, negatives] of scoreSets()) {
    const { points } = roc(positives, negatives);
    const thresholds = [Infinity, ...[...new Set([...positives, ...negatives])].sort((a, b) => b - a)];
    assert.deepEqual(points.map(({ threshold }) => threshold), thresholds);
    for (const { threshold, truePositives, falsePositives, truePositiveRate, falsePositiveRate } of points) {
      const counts = alarmCounts(positives, negatives, threshold);
      assert.deepEqual([truePositives, falsePositives], [counts.truePositives, counts.falsePositives]);
      assert.deepEqual([truePositiveRate, falsePositiveRate], [recall(counts), falsePositives / negatives.length]);
    }
    assert.deepEqual([points.at(-1).truePositiveRate, points.at(-1).falsePositiveRate], [1, 1]);
  }
});

test('without one of the two there is no area', () => {
  assert.equal(areaUnderCurve([1, 2], [0, 0]), null);
  assert.equal(areaUnderCurve([0, 0], [1, 2]), null);
  assert.equal(areaUnderCurve([], []), null);
});

test('no threshold has a larger J than the Youden threshold, and none above it as large a one', () => {
  for (const [positives, negatives] of scoreSets()) {
    const chosen = youdenThreshold(positives, negatives);
    const index = (threshold) => {
      const { truePositives, falsePositives } = alarmCounts(positives, negatives, threshold);
      return truePositives * negatives.length - falsePositives * positives.length;
    };
    for (const threshold of [Infinity, ...positives, ...negatives]) {
      assert.ok(threshold > chosen ? index(threshold) < index(chosen) : index(threshold) <= index(chosen));
    }
  }
});

test('of equal J the higher threshold is taken also where the rates differ in their last bits', () => {
  // J is ⅓ at 9, 7 and 5, but in floating point 1 − 2/3 is larger than 1/3.
  assert.ok(1 - 2 / 3 > 1 / 3);
  assert.equal(youdenThreshold([9, 7, 5], [8, 6, 4]), 9);
});

test('zero has no sign', () => {
  assert.equal(roc([0], [-0]).auc, 0.5);
  assert.equal(roc([0], [-0]).points.length, 2);
});

test('without a class or without a rest there is no curve, no threshold and no interval', () => {
  for (const [positives, negatives] of [[[], []], [[1], []], [[], [1]]]) {
    assert.deepEqual(roc(positives, negatives), { points: [], auc: null });
    assert.equal(youdenThreshold(positives, negatives), null);
    assert.equal(aucInterval(positives, negatives, { random: seededRandom(1) }), null);
  }
});

test('a score that is no number is refused', () => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    assert.throws(() => roc([1, wrong], [0]), RangeError);
    assert.throws(() => youdenThreshold([1], [wrong]), RangeError);
    assert.throws(() => aucInterval([wrong], [0], { random: seededRandom(1) }), RangeError);
  }
});

test('float32 scores are taken as they are', () => {
  const positives = Float32Array.of(0.1, 0.7);
  assert.equal(youdenThreshold(positives, Float32Array.of(0.2)), Math.fround(0.7));
});

test('an alarm is a score at or above the threshold', () => {
  const counts = alarmCounts([0.2, 0.5, 0.9], [0.1, 0.5], 0.5);
  assert.deepEqual(counts, { truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 });
  assert.deepEqual([precision(counts), recall(counts), accuracy(counts)], [2 / 3, 2 / 3, 3 / 5]);
});

test('a rate of nothing is null', () => {
  const never = alarmCounts([1], [0], Infinity);
  assert.deepEqual([precision(never), recall(never), accuracy(never)], [null, 0, 0.5]);
  const nothing = alarmCounts([], [], 0);
  assert.deepEqual([precision(nothing), recall(nothing), accuracy(nothing)], [null, null, null]);
});

test('classes of a confusion matrix', () => {
  const counts = [
    [8, 1, 0, 1],
    [2, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  assert.deepEqual(classRates(counts, ['cat', 'dog', 'fox']), [
    { recall: 0.8, precision: 0.8 },
    { recall: 0, precision: 0 },
    { recall: null, precision: null },
  ]);
  assert.throws(() => classRates(counts, ['cat', 'dog']), RangeError);
  assert.throws(() => classRates([[1]], ['cat']), RangeError);
  // A row too few, and one row of several that is too short.
  assert.throws(() => classRates([[1, 0, 0]], ['cat', 'dog']), RangeError);
  assert.throws(() => classRates([[1, 0, 0], [0, 1]], ['cat', 'dog']), /does not fit the classes/);
});

test('a shuffled list has the same entries, and the given one stays as it is', () => {
  const list = Array.from({ length: 100 }, (_, i) => i % 40);
  const before = [...list];
  const result = shuffled(list, seededRandom(3));
  assert.deepEqual(list, before);
  assert.notDeepEqual(result, before);
  assert.deepEqual(result.sort((a, b) => a - b), before.sort((a, b) => a - b));
  assert.deepEqual(shuffled([], seededRandom(3)), []);
});

test('every order of a list is about equally likely', () => {
  const random = seededRandom(11);
  const seen = new Map();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  assert.equal(seen.size, 6);
  // The standard deviation of each count is 29.
  for (const [order, count] of seen) assert.ok(Math.abs(count - 1000) < 120, `${order}: ${count}`);
});

test('the halves have of each group alike, and a single image is scored', () => {
  const groups = [0, 1, 2, 3, 10, 11, 250];
  for (let seed = 0; seed < 20; seed++) {
    const split = halves(groups, seed);
    assert.deepEqual(split.map((group) => group.length), groups);
    assert.deepEqual(split.map((group) => group.filter((chooses) => chooses).length), [0, 0, 1, 2, 5, 6, 125]);
  }
});

test('the same seed splits alike and another one differently', () => {
  const groups = [20, 30];
  assert.deepEqual(halves(groups, 4), halves(groups, 4));
  assert.notDeepEqual(halves(groups, 4), halves(groups, 5));
  // The choosing half is not simply the first images.
  assert.ok(halves(groups, 4)[1].lastIndexOf(true) > 15);
});

test('the interval is the same for the same seed and lies about the area', () => {
  const random = seededRandom(8);
  const positives = Array.from({ length: 40 }, () => random() + 0.3);
  const negatives = Array.from({ length: 50 }, random);
  const interval = aucInterval(positives, negatives, { random: seededRandom(2) });
  assert.deepEqual(interval, aucInterval(positives, negatives, { random: seededRandom(2) }));
  const { auc } = roc(positives, negatives);
  assert.ok(0 <= interval.low && interval.low < auc && auc < interval.high && interval.high <= 1);
});

test('the interval of separable scores is one point', () => {
  assert.deepEqual(aucInterval([2, 3], [0, 1], { random: seededRandom(2) }), { low: 1, high: 1 });
});

test('an interval needs random numbers or draws', () => {
  assert.throws(() => aucInterval([1], [0], {}), /needs random numbers or draws/);
  assert.throws(() => aucInterval([1], [0], {}), TypeError);
});

test('the exact McNemar test does not ask which classifier is the first, and refuses what is no count', () => {
  for (const [b, c] of [[3, 12], [0, 7], [8, 9], [100, 60]]) assert.equal(mcnemarExact(b, c), mcnemarExact(c, b));
  for (const wrong of [-1, 0.5, NaN, 1e7]) assert.throws(() => mcnemarExact(wrong, 3), RangeError);
});
