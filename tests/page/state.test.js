import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differences, halfCount } from '../../www/page/facts.js';
import { createState, mapFacts, overlayOptions, pageState, shownMaps } from '../../www/page/state.js';

/** A look at four maps of 1×2 cells; map 2 is dead. */
function look(means = [1, 3, 0, 2]) {
  const values = means.map((mean) => Float32Array.of(0, 2 * mean));
  const ranking = means
    .map((mean, map) => ({ map, mean }))
    .filter(({ mean }) => mean !== 0)
    .sort((a, b) => b.mean - a.mean || a.map - b.map)
    .map((entry, i) => ({ ...entry, rank: i + 1 }));
  return {
    layer: 'conv', width: 2, height: 1, channels: means.length, signed: false, layerScale: 6, live: ranking.length,
    means: Float32Array.from(means),
    maxima: Float32Array.from(means, (mean) => 2 * mean),
    minima: new Float32Array(means.length),
    dead: Uint8Array.from(means, (mean) => Number(mean === 0)),
    peaks: Uint32Array.from(means, (mean) => (mean === 0 ? 0 : 1)),
    top: (count) => ranking.slice(0, count),
    map: (map) => ({ width: 2, height: 1, data: values[map] }),
  };
}

test('the grid comes in rank order and a dead map never fills it up', () => {
  const state = { ...createState(), look: look(), topCount: 4 };
  assert.deepEqual(shownMaps(state).map(({ map, rank }) => [map, rank]), [[1, 1], [3, 2], [0, 3]]);
});

test('by contribution the order changes and the ranks stay', () => {
  const state = { ...createState(), look: look(), order: 'contribution', contributions: Float32Array.of(5, -1, 9, 2), topCount: 2 };
  assert.deepEqual(shownMaps(state).map(({ map, rank }) => [map, rank]), [[0, 3], [3, 2]]);
});

test('as the article means its own count and gain, unscaled and multiplied', () => {
  const article = { layer: 'conv', recipe: { size: 224 }, gain: 2, mapsPerImage: 25, mapsPerClass: 25 };
  const state = { ...createState(), article: true, model: { article }, look: look(Array.from({ length: 40 }, (_, i) => i + 1)) };
  assert.equal(shownMaps(state).length, 25);
  assert.deepEqual(overlayOptions(state), { style: 'multiply', gain: 2, scale: 1, enlargement: 'bilinear' });
});

test('the facts of a map name its strongest place and what is above half of it', () => {
  const facts = mapFacts(look(), 1);
  assert.deepEqual([facts.row, facts.column, facts.x, facts.y, facts.share, facts.dead, facts.rank], [0, 1, 0.75, 0.5, 0.5, false, 1]);
  assert.equal(mapFacts(look(), 2).dead, true);
  assert.equal(mapFacts(look(), 2).rank, null);
});

test('differences: the largest first whichever photo has more, equal ones by map', () => {
  const found = differences(look([1, 3, 0, 2]), look([2, 1, 0, 3]), 9);
  assert.deepEqual(found.map(({ map, difference }) => [map, difference]), [[1, 2], [0, -1], [3, -1]]);
});

test('half of the activation is carried by as few maps as it takes', () => {
  assert.equal(halfCount(look([1, 3, 0, 2])), 1);
  assert.equal(halfCount(look([1, 1, 1, 1])), 2);
  assert.equal(halfCount(look([-1, -2, -3, -4])), 0);
});

test('the page is ready only with a live result, and an error shows until it is dismissed', () => {
  const state = createState();
  assert.equal(pageState(state), 'loading');
  state.look = look();
  state.recorded = true;
  assert.equal(pageState(state), 'loading');
  state.recorded = false;
  assert.equal(pageState(state), 'ready');
  state.progress = { stage: 'run', done: 0 };
  assert.equal(pageState(state), 'busy');
  state.progress = null;
  // What takes the files that were brought may still have to load.
  state.arriving = true;
  assert.equal(pageState(state), 'busy');
  state.arriving = false;
  state.errors = [{ id: 1, message: 'no' }];
  assert.equal(pageState(state), 'error');
});
