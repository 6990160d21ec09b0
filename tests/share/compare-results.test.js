import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ablationAgain } from '../../www/share/again.js';
import { compareAblation, compareAlarm, compareCam, compareClasses, compareConfusion, compareDrawing, compareSums, correlation } from '../../www/share/compare-results.js';
import { ablationNumbers } from '../../www/share/numbers-of.js';
import { RESULTS } from '../../www/share/results.js';
import { recorded } from './recorded.js';

const { results } = recorded({ label: 'cat' }).record;
const changed = (value, change) => {
  const copy = structuredClone(value);
  change(copy);
  return copy;
};
/** The sentences about what differs. */
const said = (compared) => {
  assert.equal(compared.same, false, compared.sentences.join(' '));
  return compared.sentences.join(' ');
};

test('what is the same is the same, and what is within the last digits of an engine too', () => {
  const claimed = [{ name: 'cat', maps: [3, 5], counts: [4, 2] }];
  const all = [
    compareClasses(claimed, claimed), compareConfusion(results.confusion, results.confusion), compareSums(results.sums, results.sums),
    compareAlarm(results.alarm, results.alarm), compareCam(results.cam, results.cam), compareAblation(results.ablation, results.ablation),
    compareSums(results.sums, changed(results.sums, ([one]) => (one.images[0].sums[0] *= 1.0009))),
    compareCam(results.cam, changed(results.cam, (cam) => (cam.cells[1] *= 1.0009))),
    compareAblation(results.ablation, changed(results.ablation, ({ outputs }) => (outputs[0].after += 0.0009))),
    compareAlarm(results.alarm, changed(results.alarm, (alarm) => (alarm.threshold *= 1.0009))),
  ];
  for (const { same, kind, sentences } of all) assert.ok(same && sentences.length === 1, `${kind}: ${sentences}`);
});

test('what is beyond the last digits of an engine differs', () => {
  const all = [
    compareSums(results.sums, changed(results.sums, ([one]) => (one.images[0].sums[0] *= 1.0011))),
    compareCam(results.cam, changed(results.cam, (cam) => (cam.cells[1] *= 1.0011))),
    compareAblation(results.ablation, changed(results.ablation, ({ outputs }) => (outputs[0].after += 0.0011))),
    compareAlarm(results.alarm, changed(results.alarm, (alarm) => (alarm.threshold *= 1.0011))),
    // Of what is below one, a thousandth of one is allowed.
    compareAlarm(results.alarm, changed(results.alarm, (alarm) => (alarm.auc += 0.0011))),
  ];
  for (const { same, kind, sentences } of all) assert.ok(!same && sentences.length === 1, `${kind}: ${sentences}`);
  assert.equal(compareAlarm(results.alarm, changed(results.alarm, (alarm) => (alarm.auc += 0.0009))).same, true);
});

test('of classes it says which maps are gone, new or counted otherwise', () => {
  const here = [{ name: 'cat', maps: [3, 7], counts: [5, 1] }];
  assert.match(said(compareClasses([{ name: 'cat', maps: [3, 5], counts: [4, 2] }], here)), /^cat, recorded with 2 maps: not found here: #5; found only here: #7; other counts: #3 recorded 4, here 5\.$/);
  assert.match(said(compareClasses([{ name: 'dog', maps: [], counts: [] }], here)), /“dog” has no maps here/);
});

test('every other number that differs is named with both values', () => {
  assert.equal(said(compareConfusion(results.confusion, { names: ['cat'], counts: [[0, 2]] })), 'cat taken for cat: recorded 1, here 0. cat taken for something else: recorded 1, here 2.');
  assert.equal(said(compareConfusion({ names: ['cat'], counts: [[2, 0]] }, { names: [], counts: [] })), 'cat taken for cat: recorded 2, here 0.');
  assert.match(said(compareSums(results.sums, changed(results.sums, ([one]) => (one.images[0].sums = [1.25, 3])))), /1 of 2 sums are not those recorded; most of all that of image 2 of cat: recorded none, here 3/);
  assert.match(said(compareAlarm(results.alarm, { ...results.alarm, auc: 0.75, byMaps: [0, 1, 0, 1], p: null })), /Area under the ROC curve: recorded 0\.5, here 0\.75\. McNemar’s p: recorded 1, here none\. .* by the maps: recorded 1, 0, 0, 1, here 0, 1, 0, 1/);
  assert.match(said(compareCam(results.cam, { ...results.cam, cells: [0.5, 0] })), /differs by 100% of the largest; the two correlate with -1\.000/);
  assert.match(said(compareAblation(results.ablation, changed(results.ablation, ({ outputs }) => (outputs[0].after = 0.5)))), /^cat, without these: recorded 25%, here 50%\.$/);
});

test('where too few other maps fire nothing is compared with random ones, and older records are still held against their own kind', async () => {
  const answer = (probability) => [{ index: 281, label: 'cat', probability }, { index: 3, label: 'dog', probability: 1 - probability }];
  const draw = (maps, probability) => ({ maps, after: answer(probability) });
  const look = (...controls) => ({ ablate: () => Promise.resolve({ before: answer(0.5), after: answer(0.25), controls }) });
  const numbers = async (...controls) => ablationNumbers([3, 4], 'zero', await look(...controls).ablate());
  const randoms = ({ outputs }) => outputs.map(({ random }) => random);
  // Of draws that switch off as many the mean; of others none.
  assert.deepEqual(randoms(await numbers(draw([1, 2], 0.5), draw([0, 2], 0.75))), [0.625, 0.375]);
  assert.deepEqual(randoms(await numbers(draw([1], 0.5), draw([0, 2], 0.75))), [0.75, 0.25]);
  const few = [draw([1], 0.5), draw([0], 0.75)];
  const none = await numbers(...few);
  assert.deepEqual(randoms(none), [null, null]);
  assert.deepEqual(randoms(await numbers()), [null, null]);
  assert.deepEqual(RESULTS.check({ ablation: none }, 'results'), { ablation: none });

  assert.deepEqual(compareAblation(none, await ablationAgain(none, look(...few))), { kind: 'ablation', same: true, sentences: ['Without these 2 maps, the answers agree for 2 classes.'] });
  const old = { ...none, outputs: none.outputs.map((output, place) => ({ ...output, random: [0.625, 0.375][place] })) };
  const again = compareAblation(old, await ablationAgain(old, look(...few)));
  assert.ok(again.same && again.sentences[0].endsWith('and so they do without random ones.'), again.sentences[0]);
  assert.equal(said(compareAblation(none, old)), 'cat, without random ones: recorded none, here 62.5%. dog, without random ones: recorded none, here 37.5%.');
  assert.match(said(compareAblation(old, none)), /cat, without random ones: recorded 62\.5%, here none\./);
});

test('no shape that a record may have breaks a comparison', () => {
  assert.equal(compareConfusion({ names: ['a', 'b'], counts: [[1]] }, { names: [], counts: [] }).same, false);
  assert.equal(compareConfusion({ names: [], counts: [[1, 2, 3]] }, results.confusion).same, true);
  assert.equal(compareSums([{ name: 'x', maps: [], images: [{ name: 'y', sums: [] }] }], []).same, true);
  assert.equal(compareSums([{ name: 'x', maps: [], images: [{ name: 'y', sums: [1] }] }], []).same, false);
  assert.equal(compareCam({ ...results.cam, width: 7 }, results.cam).same, false);
  assert.equal(compareCam({ ...results.cam, cells: [] }, { ...results.cam, cells: [] }).same, true);
  assert.equal(compareAblation({ ...results.ablation, outputs: [] }, results.ablation).same, true);
  // More differences than anybody reads.
  const many = Array.from({ length: 30 }, (_, index) => ({ index, label: String(index), before: 1, after: 1, random: 1 }));
  assert.equal(compareAblation({ ...results.ablation, outputs: many }, { ...results.ablation, outputs: [] }).sentences.at(-1), '…and 80 more.');
});

test('two drawings are held against each other by their ends: the mean, and how alike the pictures are', () => {
  const picture = (/** @type {(place: number) => number} */ value, side = 8) => ({ width: side, height: side, data: Uint8ClampedArray.from({ length: side * side * 4 }, (_, place) => (place % 4 === 3 ? 255 : value(place))) });
  const striped = picture((place) => (place % 7) * 30);
  assert.equal(compareDrawing({ map: 3, activation: 9.5, picture: striped }, { activation: 9.5, image: striped }).same, true);
  for (const [part, same] of [[1.0009, true], [0.9991, true], [1.0011, false], [0.9989, false]]) {
    assert.equal(compareDrawing({ map: 3, activation: -9.5, picture: striped }, { activation: -9.5 * part, image: striped }).same, same, String(part));
  }
  const other = compareDrawing({ map: 3, activation: 9.5, picture: striped }, { activation: 8, image: picture((place) => (place % 5) * 30) });
  assert.match(said(other), /^Map 3: mean at the end recorded 9\.5, here 8\. The two pictures correlate with -?0\.\d{3}; 1 would be the same picture\.$/);
  for (const unlike of [null, picture(() => 1, 4)]) assert.match(said(compareDrawing({ map: 3, activation: 9.5, picture: unlike }, { activation: 9.5, image: striped })), /another size or cannot be read/);
  // How opaque a pixel is says nothing of its colour.
  const clear = { ...striped, data: striped.data.map((value, place) => (place % 4 === 3 ? place % 250 : value)) };
  assert.equal(compareDrawing({ map: 3, activation: 9.5, picture: striped }, { activation: 9.5, image: clear }).same, true);
  assert.ok(Math.abs(correlation([1, 2, 3], [6, 4, 2]) + 1) < 1e-12);
  assert.ok(Math.abs(correlation([0, 1, 2], [3, 1, 2]) + 0.5) < 1e-12);
  assert.deepEqual([correlation([1, 1], [1, 1]), correlation([1, 1], [2, 2])], [1, 0]);
});
