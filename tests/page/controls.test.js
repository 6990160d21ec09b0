import assert from 'node:assert/strict';
import { test } from 'node:test';

import { randomMaps, shuffledClasses } from '../../www/classes/controls.js';

const list = (...maps) => maps.map((map) => ({ map, count: 2 }));
const own = [{ name: 'cat', maps: list(1, 4, 7), removed: [{ map: 2, count: 1, alsoIn: ['cup'] }] }, { name: 'cup', maps: list(3, 9), removed: [] }];

test('random maps are as many as the own ones, none of these, and no class’s twice', () => {
  for (const seed of [1, 2, 3]) {
    const drawn = randomMaps(own, 64, seed);
    assert.deepEqual(drawn.map(({ name, maps, removed }) => [name, maps.length, removed.length]), [['cat', 3, 0], ['cup', 2, 0]]);
    const maps = drawn.flatMap((one) => one.maps.map(({ map }) => map));
    assert.equal(new Set(maps).size, 5);
    assert.ok(maps.every((map) => map >= 0 && map < 64 && ![1, 3, 4, 7, 9].includes(map)));
    for (const { maps: sorted } of drawn) assert.deepEqual(sorted, [...sorted].sort((one, other) => one.map - other.map));
  }
  assert.deepEqual(randomMaps(own, 64, 1), randomMaps(own, 64, 1));
  assert.notDeepEqual(randomMaps(own, 64, 1), randomMaps(own, 64, 2));
});

test('where there are too few other maps the classes share them, and without any they have none', () => {
  const drawn = randomMaps(own, 8, 1);
  // Of eight maps 0, 2, 5 and 6 are left.
  assert.deepEqual(drawn.map(({ maps }) => maps.length), [3, 2]);
  assert.deepEqual([...new Set(drawn.flatMap(({ maps }) => maps.map(({ map }) => map)))].sort(), [0, 2, 5, 6]);
  assert.deepEqual(randomMaps([{ name: 'all', maps: list(0, 1), removed: [] }], 2, 1)[0].maps, []);
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
