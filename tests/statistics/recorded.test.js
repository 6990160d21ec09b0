/** What www/statistics/ computes against scikit-learn, scipy and numpy, as record.py has recorded them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { aucInterval } from '../../www/statistics/bootstrap.js';
import { mcnemarExact } from '../../www/statistics/mcnemar.js';
import { roc, youdenThreshold } from '../../www/statistics/roc.js';
import { seededRandom } from '../../www/statistics/random.js';

const recorded = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

function assertClose(actual, expected, tolerance, message) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${message}: ${actual} instead of ${expected}`);
}

for (const { name, positives, negatives, ...expected } of recorded('roc.json')) {
  test(`ROC curve, its area and the Youden threshold: ${name}`, () => {
    const { points, auc } = roc(positives, negatives);
    assertClose(auc, expected.auc, 1e-12, 'area');
    assert.deepEqual(points.map(({ threshold }) => threshold), expected.thresholds.map((threshold) => threshold ?? Infinity));
    points.forEach((point, i) => {
      assertClose(point.falsePositiveRate, expected.falsePositiveRates[i], 1e-12, `false positive rate of point ${i}`);
      assertClose(point.truePositiveRate, expected.truePositiveRates[i], 1e-12, `true positive rate of point ${i}`);
      assert.equal(point.falsePositives, Math.round(expected.falsePositiveRates[i] * negatives.length));
      assert.equal(point.truePositives, Math.round(expected.truePositiveRates[i] * positives.length));
    });
    assert.equal(youdenThreshold(positives, negatives), expected.youden ?? Infinity);
  });
}

for (const { onlyFirst, onlySecond, p } of recorded('mcnemar.json')) {
  test(`exact McNemar test: ${onlyFirst} and ${onlySecond}`, () => {
    assertClose(mcnemarExact(onlyFirst, onlySecond), p, 1e-9 * p, 'p');
  });
}

test('bootstrap interval of the area under a ROC curve', () => {
  const { positives, negatives, resamples, areas, ...expected } = recorded('bootstrap.json');
  const places = Buffer.from(expected.draws, 'base64');
  const draws = (resample) => {
    const start = resample * (positives.length + negatives.length);
    const middle = start + positives.length;
    return { positives: places.subarray(start, middle), negatives: places.subarray(middle, middle + negatives.length) };
  };
  const { low, high } = aucInterval(positives, negatives, { resamples, draws });
  assertClose(low, expected.low, 1e-12, 'low');
  assertClose(high, expected.high, 1e-12, 'high');

  areas.forEach((area, resample) => {
    const draw = draws(resample);
    const drawn = (list, places) => Array.from(places, (place) => list[place]);
    const { auc } = roc(drawn(positives, draw.positives), drawn(negatives, draw.negatives));
    assertClose(auc, area, 1e-12, `area of resample ${resample}`);
  });
});

for (const { seed, positives, negatives, resamples, ...expected } of recorded('seeded-bootstrap.json')) {
  test(`bootstrap interval of ${positives.length} and ${negatives.length} scores, drawn with seed ${seed}`, () => {
    const { low, high } = aucInterval(positives, negatives, { resamples, random: seededRandom(seed) });
    assertClose(low, expected.low, 1e-12, 'low');
    assertClose(high, expected.high, 1e-12, 'high');
  });
}

for (const { seed, first, last } of recorded('random.json')) {
  test(`random numbers of seed ${seed}`, () => {
    const random = seededRandom(seed);
    const numbers = Array.from({ length: 2000 }, () => random() * 2 ** 24);
    assert.deepEqual([...numbers.slice(0, 5), numbers.at(-1)], [...first, last]);
  });
}
