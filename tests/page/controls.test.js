import assert from 'node:assert/strict';
import { test } from 'node:test';

import { randomMaps, shuffledClasses } from '../../www/classes/controls.js';

const list = (...maps) => maps.map((map) => ({ map, count: 2 }));
const own = [{ name: 'cat', maps: list(1, 4, 7), removed: [{ map: 2, count: 1, alsoIn: ['cup'] }] }, { name: 'cup', maps: list(3, 9), removed: [] }];

test('random maps are as many as the own ones, drawn among all of the layer, and no class’s twice', () => {
  for (const seed of [1, 2, 3]) {
    const drawn = randomMaps(own, 64, seed);
    assert.deepEqual(drawn.map(({ name, maps, removed }) => [name, maps.length, removed.length]), [['cat', 3, 0], ['cup', 2, 0]]);
    const maps = drawn.flatMap((one) => one.maps.map(({ map }) => map));
    assert.equal(new Set(maps).size, 5);
    assert.ok(maps.every((map) => map >= 0 && map < 64));
    for (const { maps: sorted } of drawn) assert.deepEqual(sorted, [...sorted].sort((one, other) => one.map - other.map));
  }
  assert.deepEqual(randomMaps(own, 64, 1), randomMaps(own, 64, 1));
  assert.notDeepEqual(randomMaps(own, 64, 1), randomMaps(own, 64, 2));
});

test('every map of the layer is drawn equally often, a class’s own among them', () => {
  const counts = new Array(16).fill(0);
  for (let seed = 1; seed <= 1000; seed++) for (const { maps } of randomMaps(own, 16, seed)) for (const { map } of maps) counts[map] += 1;
  // Five of sixteen maps in each of a thousand draws: 312 each, with a standard deviation of 15.
  assert.ok(counts.every((count) => count > 312 - 60 && count < 312 + 60), String(counts));
});

test('where there are too few maps the classes share them', () => {
  const drawn = randomMaps(own, 4, 1);
  assert.deepEqual(drawn.map(({ maps }) => maps.length), [3, 2]);
  assert.deepEqual([...new Set(drawn.flatMap(({ maps }) => maps.map(({ map }) => map)))].sort(), [0, 1, 2, 3]);
});

test('shuffled names keep every image and the size of every class', () => {
  const classes = [{ name: 'cat', images: [0, 1, 2, 3, 4] }, { name: 'cup', images: [5, 6] }, { name: 'none', images: [] }];
  const shuffled = shuffledClasses(classes, 1);
  assert.deepEqual(shuffled.map(({ name, images }) => [name, images.length]), [['cat', 5], ['cup', 2], ['none', 0]]);
  assert.deepEqual(shuffled.flatMap(({ images }) => images).sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(shuffledClasses(classes, 1), shuffled);
  assert.ok([1, 2, 3].some((seed) => shuffledClasses(classes, seed)[1].images.some((image) => image < 5)));
  assert.deepEqual(classes[0].images, [0, 1, 2, 3, 4]);
});
