/** What a network gives besides classes: maps by what they show in a box, photos by how alike they are, and what Grad-CAM is asked about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { camClass, camQuestion, classCount, namesToAsk, silenceOf } from '../../www/card/cam/selection.js';
import { seenInPhoto } from '../../www/classes/patch.js';
import { createState, createStore, givesMore, shownMaps } from '../../www/page/state.js';
import { keepVector, pointAtFound, pointedAt, toggleInside, toggleMask } from '../../www/questions/look/gives/changes.js';
import { sharesInside } from '../../www/questions/look/gives/inside.js';
import { cosine } from '../../www/statistics/cosine.js';
import { neighbours } from '../../www/questions/look/gives/similarity.js';

/** Two maps of 2 × 4 cells: one on the left, one on the right, and with a negative value. */
const maps = [[4, 0, 0, 0, 4, 0, 0, 0], [0, 0, 1, 1, 0, 0, 1, -9]];
const box = (x, y, width, height, more = {}) => ({ x, y, width, height, classIndex: 0, label: 'dog', score: 0.9, ...more });

function look(more = {}) {
  return {
    layer: 'relu', channels: 2, width: 4, height: 2, finite: true, silence: 'no-scores', predictions: [],
    frame: { x: 0, y: 0, width: 80, height: 40 },
    map: (map) => ({ width: 4, height: 2, data: Float32Array.from(maps[map]) }),
    top: (count) => [{ map: 0, mean: 1, rank: 1 }, { map: 1, mean: 0.5, rank: 2 }].slice(0, count),
    ...more,
  };
}

function page(more = {}) {
  const model = { layers: [], classes: 0, labels: [], gives: { kind: 'boxes', names: [] } };
  return createStore({ ...createState(), model, look: look(more), topCount: 2, openMap: 0 }, () => {});
}

test('of a map counts what it shows in the box, and of a cell that lies in it in part so much', () => {
  const of = (...sides) => Array.from(sharesInside(look(), look().frame, box(...sides)));
  assert.deepEqual(of(0, 0, 80, 40), [1, 1]);
  assert.deepEqual(of(0, 0, 20, 40), [1, 0]);
  assert.deepEqual(of(0, 0, 10, 20), [0.25, 0]);
  // Beyond the photo, and where nothing is.
  assert.deepEqual(of(-50, -50, 90, 300), [1, 0]);
  assert.deepEqual(of(60, 20, 0, 0), [0, 0]);
  // What the network saw is a part of the photo: its right half.
  const shares = sharesInside(look(), { x: 40, y: 0, width: 40, height: 40 }, box(60, 0, 20, 40));
  assert.deepEqual(Array.from(shares), [0, 1]);
});

test('where a box has a mask that counts, not the box', () => {
  const mask = (data, more = {}) => ({ frame: { x: 20, y: 0, width: 40, height: 40 }, width: 2, height: 2, data: Uint8Array.from(data), share: 0.1, ...more });
  const of = (...given) => Array.from(sharesInside(look(), look().frame, box(0, 0, 80, 40, { mask: mask(...given) })));
  assert.deepEqual(of([1, 1, 1, 1]), [0, 2 / 3].map(Math.fround));
  assert.deepEqual(of([0, 1, 0, 0]), [0, 1 / 3].map(Math.fround));
  // Half of each of the first two cells of the left map.
  assert.deepEqual(of([1, 0, 1, 0], { frame: { x: -10, y: 0, width: 40, height: 40 } }), [0.5, 0]);
  // One without any places says nothing of where the thing is.
  assert.deepEqual(of([0, 0, 0, 0], { share: 0 }), [1, 1]);
});

test('a pressed box sorts the maps and is what Grad-CAM is asked about, until it is pressed again', () => {
  const one = page({ boxes: [box(40, 0, 40, 40), box(0, 0, 20, 40, { label: 'cat' })] });
  assert.deepEqual(shownMaps(one.state).map(({ map }) => map), [0, 1]);
  toggleInside(one, 0);
  assert.deepEqual(shownMaps(one.state).map(({ map }) => map), [1, 0]);
  assert.equal(camClass(one.state), 0);
  toggleInside(one, 1);
  assert.deepEqual([shownMaps(one.state)[0].map, camClass(one.state)], [0, 1]);
  toggleInside(one, 1);
  assert.deepEqual([one.state.finds.inside, one.state.card.cam.classIndex], [null, null]);
  // What is of another look is of no matter.
  toggleInside(one, 0);
  one.set({ look: look({ boxes: [] }) });
  assert.deepEqual(shownMaps(one.state).map(({ map }) => map), [0, 1]);
  toggleInside(one, 3);
});

test('of a detector the boxes are asked about, of a segmenter the classes of its mask', () => {
  const boxes = page({ boxes: [box(0, 0, 1, 1), box(0, 0, 1, 1, { label: 'cat' })] }).state;
  assert.deepEqual([classCount(boxes), namesToAsk(boxes), silenceOf(boxes.look)], [2, ['1 dog', '2 cat'], null]);
  const open = { ...boxes, card: { ...boxes.card, cam: { open: true, classIndex: 1 } } };
  assert.equal(camQuestion(open)?.classIndex, 1);
  assert.equal(silenceOf(page({ boxes: [] }).state.look), 'no-scores');
  const areas = [{ index: 3, label: 'sky', share: 0.7 }, { index: 1, label: 'tree', share: 0.3 }];
  const mask = page({ mask: { width: 1, height: 1, data: new Uint8Array(1), isBinary: false, areas } }).state;
  assert.deepEqual([classCount(mask), camClass(mask), namesToAsk(mask)[3], silenceOf(mask.look)], [4, 3, 'sky', null]);
  assert.equal(silenceOf(look({ silence: 'missing' })), 'no-scores');
});

test('what is pointed at is of the look that shows, and a recorded look gives nothing more', () => {
  const one = page({ boxes: [box(0, 0, 1, 1)] });
  pointAtFound(one, 0);
  assert.equal(pointedAt(one.state), 0);
  one.set({ look: look() });
  assert.equal(pointedAt(one.state), null);
  toggleMask(one);
  assert.equal(one.state.finds.isOff, true);
  assert.equal(givesMore(one.state), true);
  assert.equal(givesMore({ ...one.state, recorded: true }), false);
  assert.equal(givesMore({ ...one.state, model: { ...one.state.model, gives: { kind: 'unknown' } } }), false);
});

test('photos are sorted by the angle between their embeddings', () => {
  assert.equal(cosine(Float32Array.of(3, 4), Float32Array.of(6, 8)), 1);
  assert.equal(cosine(Float32Array.of(1, 0), Float32Array.of(0, 2)), 0);
  assert.equal(cosine(Float32Array.of(1, 0), Float32Array.of(0, 0)), 0);
  const one = page({ embedding: Float32Array.of(1, 0) });
  const photos = ['a', 'b', 'c', 'd'].map((name, id) => ({ id, name, source: name, strokes: [] }));
  one.set({ photos, photo: 0 });
  const keep = ({ source, strokes }, values, article = false) =>
    keepVector(one, { model: one.state.model, source, strokes, article, values: Float32Array.from(values) });
  keep(photos[0], [1, 0]);
  keep(photos[1], [0, 1]);
  keep(photos[2], [1, 1]);
  keep(photos[3], [1, 0], true);
  assert.deepEqual(neighbours(one.state).map(({ photo, similarity }) => [photo.name, similarity.toFixed(2)]), [['c', '0.71'], ['b', '0.00']]);
  // A photo that was painted over is another one.
  one.set({ photos: photos.map((photo) => (photo.id === 2 ? { ...photo, strokes: [{}] } : photo)) });
  assert.deepEqual(neighbours(one.state).map(({ photo }) => photo.name), ['b']);
});

test('a letterbox shows more than the photo', () => {
  const recipe = { size: [64, 64], resize: 'letterbox' };
  assert.deepEqual(seenInPhoto({ width: 200, height: 100 }, recipe), { left: 0, top: -50, width: 200, height: 200 });
  assert.deepEqual(seenInPhoto({ width: 100, height: 200 }, recipe), { left: -50, top: 0, width: 200, height: 200 });
});
