import assert from 'node:assert/strict';
import { test } from 'node:test';

import { detection, verdict } from '../../www/questions/unique/detector.js';

/** Images of two classes with sums written down by hand; the head takes those of `heads` for the class. */
function detected(sums, { heads = [], seed = 1, tied } = {}) {
  const classes = Object.entries(sums).map(([name, values]) => ({ name, images: values.map((sum, place) => ({ name: `${name} ${place}`, sum })) }));
  return detection({
    name: 'knife', maps: [3, 5], classes, seed, sumOf: ({ sum }) => sum, headSays: ({ name }) => heads.includes(name), ...(tied === undefined ? {} : { tied }),
  });
}

test('images are numbered within their classes, and either half has of each class alike', () => {
  const found = detected({ knife: [4, 5, 6, 7], gun: [1, 2, 3] });
  assert.deepEqual(found.points.map(({ name, index, sum, positive }) => [name, index, sum, positive]), [
    ['knife', 1, 4, true], ['knife', 2, 5, true], ['knife', 3, 6, true], ['knife', 4, 7, true],
    ['gun', 1, 1, false], ['gun', 2, 2, false], ['gun', 3, 3, false],
  ]);
  const choosing = (name) => found.points.filter((point) => point.name === name && point.chooses).length;
  assert.deepEqual([choosing('knife'), choosing('gun')], [2, 2]);
  assert.deepEqual(found.maps, [3, 5]);
  assert.equal(found.tied, true);
  const halves = (seed) => detected({ knife: [4, 5, 6, 7], gun: [1, 2, 3] }, { seed }).points.map(({ chooses }) => chooses);
  assert.deepEqual(halves(1), halves(1));
  assert.ok([2, 3, 4].some((seed) => JSON.stringify(halves(seed)) !== JSON.stringify(halves(1))));
});

test('an automatic threshold is one of the choosing half, and scored on the other', () => {
  const found = detected({ knife: [14, 15, 16, 17], gun: [1, 2, 3, 4] });
  const choosing = found.points.filter(({ chooses }) => chooses);
  // All knives lie above all guns, so the lowest choosing knife parts them without an error.
  assert.equal(found.automatic, Math.min(...choosing.filter(({ positive }) => positive).map(({ sum }) => sum)));
  const judged = verdict(found, null);
  assert.equal(judged.threshold, found.automatic);
  assert.equal(judged.scored.length, 4);
  assert.ok(judged.scored.every(({ chooses }) => !chooses));
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = judged.detector;
  assert.equal(truePositives + falseNegatives, 2);
  assert.deepEqual([falsePositives, trueNegatives], [0, 2]);
});

test('a threshold by hand is counted on all images, the head beside it, and McNemar on what only one of them has right', () => {
  // At 5: of the knives 5, 6, 7 alarm and 4 does not; of the guns 8 alarms, 1 and 2 do not.
  const found = detected({ knife: [4, 5, 6, 7], gun: [1, 2, 8] }, { heads: ['knife 0', 'knife 1', 'gun 0'] });
  const judged = verdict(found, 5);
  assert.deepEqual(judged.detector, { truePositives: 3, falseNegatives: 1, falsePositives: 1, trueNegatives: 2 });
  assert.deepEqual(judged.head, { truePositives: 2, falseNegatives: 2, falsePositives: 1, trueNegatives: 2 });
  // Only the maps are right on knives 2 and 3 and gun 0, only the head on knife 0 and gun 2.
  assert.deepEqual({ ...judged.mcnemar, p: undefined }, { onlyDetector: 3, onlyHead: 2, p: undefined });
  // Two sides of a fair coin thrown five times: at most two heads or at most two tails, which is always.
  assert.equal(judged.mcnemar.p, 1);
  assert.deepEqual(judged.disagreements.map(({ file }) => file.name), ['knife 0', 'knife 2', 'knife 3', 'gun 0', 'gun 2']);
  assert.equal(judged.scored.length, 7);

  const clear = verdict(detected({ knife: [5, 6, 7, 8], gun: [1, 2] }), 5);
  assert.deepEqual({ ...clear.mcnemar }, { onlyDetector: 4, onlyHead: 0, p: 0.125 });
});

test('without an alarm every image is quiet, and a sum at the threshold alarms', () => {
  const found = detected({ knife: [4, 5], gun: [1, 2] });
  assert.deepEqual(verdict(found, Infinity).detector, { truePositives: 0, falseNegatives: 2, falsePositives: 0, trueNegatives: 2 });
  assert.deepEqual(verdict(found, 5).detector, { truePositives: 1, falseNegatives: 1, falsePositives: 0, trueNegatives: 2 });
});

test('where no threshold beats chance the automatic one is no alarm', () => {
  const found = detected({ knife: [1, 1, 1, 1], gun: [9, 9, 9, 9] });
  assert.equal(found.automatic, Infinity);
  assert.deepEqual(verdict(found, null).detector, { truePositives: 0, falseNegatives: 2, falsePositives: 0, trueNegatives: 2 });
});

test('a single image of the class chooses nothing, but has a curve and a threshold by hand', () => {
  const found = detected({ knife: [5], gun: [1, 2, 3] });
  assert.equal(found.automatic, null);
  assert.equal(verdict(found, null), null);
  assert.equal(found.roc.auc, 1);
  assert.ok(found.roc.points.length > 0);
  assert.deepEqual(verdict(found, 2).detector, { truePositives: 1, falseNegatives: 0, falsePositives: 2, trueNegatives: 1 });
  const alone = detected({ knife: [5, 6] });
  assert.deepEqual([alone.automatic, alone.roc.auc, alone.interval], [null, null, null]);
});

test('an image whose sum is no number is left out by name, and the others are counted', () => {
  const found = detected({ knife: [4, NaN, 5], gun: [1, Infinity, 2] });
  assert.deepEqual(found.leftOut.map(({ name }) => name), ['knife 1', 'gun 1']);
  assert.deepEqual(found.points.map(({ sum }) => sum), [4, 5, 1, 2]);
  assert.equal(found.roc.auc, 1);
  assert.deepEqual(detected({ knife: [4], gun: [1] }).leftOut, []);
});

test('an area that hangs on a single image has no interval', () => {
  const file = (sum) => Object.assign(new File([], `${sum}.png`), { sum });
  const found = (own, rest) => detection({
    name: 'one', maps: [0], seed: 1, sumOf: (image) => image.sum, headSays: () => false,
    classes: [{ name: 'one', images: own.map(file) }, { name: 'other', images: rest.map(file) }],
  });
  assert.deepEqual([found([3], [1, 2]).roc.auc, found([3], [1, 2]).interval], [1, null]);
  assert.deepEqual([found([2, 3], [1]).roc.auc, found([2, 3], [1]).interval], [1, null]);
  assert.ok(found([2, 3], [1, 2.5]).interval);
});
