// What a record says against what is computed here, and a link's claim: how close is close enough.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differences, lookClaim, rounded, roundedShare } from '../../www/share/claim.js';
import { compare } from '../../www/share/compare.js';
import { samples } from './samples.js';

const record = { means: [10, 5, -0.5], predictions: [{ index: 281, label: 'tabby', probability: 0.5 }, { index: 7, label: 'cock', probability: 0.25 }] };
const look = (means, tabby = 0.5) => ({ means, predictions: [{ index: 7, label: 'cock', probability: 0.25 }, { index: 281, label: 'tabby', probability: tabby }] });

test('means may differ by a thousandth of the largest, and probabilities by a thousandth', () => {
  assert.deepEqual(compare(record, look([10, 5, -0.5])), { same: true, comparable: true, difference: 0, largest: 10, count: 0, maps: [], predictions: [] });
  assert.equal(compare(record, look([10, 5.0099, -0.4901], 0.5009)).same, true);
  const other = compare(record, look([10, 5.0101, -0.55], 0.4989));
  assert.deepEqual([other.same, other.count, other.maps.map(({ map }) => map)], [false, 2, [2, 1]]);
  assert.ok(Math.abs(other.difference - 0.05) < 1e-9);
  assert.deepEqual(other.predictions, [{ label: 'tabby', recorded: 0.5, here: 0.4989 }]);
  // What is not said here has no probability, and what is no number is not close.
  assert.deepEqual(compare(record, { means: record.means, predictions: [] }).predictions.map(({ here }) => here), [0, 0]);
  assert.equal(compare(record, look([10, NaN, -0.5])).count, 1);
});

test('another number of maps cannot be compared, and of many that differ ten are listed', () => {
  assert.deepEqual([compare(record, look([10, 5])).comparable, compare(record, look([10, 5])).same], [false, false]);
  const many = { means: Array.from({ length: 30 }, (_, map) => map), predictions: [] };
  const found = compare(many, { means: many.means.map((mean) => mean + (mean % 2)), predictions: [] });
  assert.deepEqual([found.count, found.maps.length], [15, 10]);
  // Where all is zero, so is what is allowed.
  assert.equal(compare({ means: [0], predictions: [] }, { means: [1e-9], predictions: [] }).same, false);
});

test('a claim’s means may differ by two hundredths and its probabilities by three thousandths', () => {
  const { claim } = samples.unique;
  const claimed = (mean, probability) => ({ ...claim, maps: [{ map: 3, mean }], predictions: [{ label: 'tabby', probability }] });
  const said = (mean, probability) => differences(claimed(100, 0.5), claimed(mean, probability)).length;
  assert.deepEqual([said(98.1, 0.5029), said(101.9, 0.4971), said(97.9, 0.5), said(102.1, 0.5), said(100, 0.5031), said(100, 0.4969)], [0, 0, 1, 1, 1, 1]);
  // A prediction that is gone is said, unless it had a hundredth or less.
  const gone = (probability) => differences(claimed(100, probability), { ...claimed(100, 0), predictions: [] }).length;
  assert.deepEqual([gone(0.01), gone(0.011)], [0, 1]);
});

test('a claim has the ten strongest maps and five predictions, in three digits', () => {
  assert.deepEqual([49.149, -0.0012345, 0.00012344, -0].map(rounded), [49.1, -0.00123, 0.000123, 0]);
  assert.ok(Object.is(rounded(-0), 0));
  // Neither nothing nor all, unless it is.
  assert.deepEqual([0.12345, 0.0005, 0.00049, 0.000123, 0, 0.9994, 0.9996, 0.999957, 1].map(roundedShare), [0.123, 0.001, 0.00049, 0.00012, 0, 0.999, 0.9996, 0.999957, 1]);
  const ranking = Array.from({ length: 20 }, (_, map) => ({ map, mean: 20 - map, rank: map + 1 }));
  const view = {
    top: (count) => ranking.slice(0, count), width: 4, height: 2, peaks: Int32Array.from({ length: 20 }, () => 6),
    predictions: Array.from({ length: 9 }, (_, index) => ({ index, label: index === 1 ? '' : `class “${index}”`, probability: 0.5 ** (index + 1) })),
  };
  const claim = lookClaim(view);
  assert.deepEqual(claim.maps, ranking.slice(0, 10).map(({ map, mean }) => ({ map, mean })));
  assert.deepEqual(claim.predictions.map(({ probability }) => probability), [0.5, 0.25, 0.125, 0.063, 0.031]);
  assert.deepEqual(claim.predictions.map(({ index }) => index), [undefined, 1, undefined, undefined, undefined]);
  // The sixth place of 4 × 2 is in the second row and the third column.
  assert.deepEqual(claim.generated, [0.75, 0.625]);
});
