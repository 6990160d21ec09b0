import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DRAWS, contrastOfCells, firedIn, plainHalf, reachedByChance, shareInside, upperHalf } from '../../www/story/ground.js';

/** A picture of grey values in reading order. */
const picture = (width, values) => ({ width, height: values.length / width, data: Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255])) });
/** Maps of 2 × 2. */
const look = (...maps) => ({ channels: maps.length, map: (map) => ({ width: 2, height: 2, data: Float32Array.from(maps[map]) }) });
const SIZE = { width: 2, height: 2 };

test('a cell’s contrast is the standard deviation of its brightness, whatever the brightness is', () => {
  const contrast = contrastOfCells(picture(4, [
    9, 9, 0, 20,
    9, 9, 20, 0,
    200, 200, 100, 100,
    200, 200, 100, 104,
  ]), SIZE);
  assert.deepEqual([...contrast].map((value) => Number(value.toFixed(6))), [0, 10, 0, Number(Math.sqrt(3).toFixed(6))]);
});

test('the plain half is the half with the least contrast; equal cells count in reading order', () => {
  assert.deepEqual([...plainHalf(Float64Array.of(5, 1, 0, 9))], [0, 1, 1, 0]);
  assert.deepEqual([...plainHalf(Float64Array.of(3, 3, 3, 3))], [1, 1, 0, 0]);
  assert.deepEqual([...upperHalf(Uint8Array.of(0, 1, 1, 0), SIZE)], [0, 1, 0, 0]);
});

test('the share weighs what is positive, photo by photo; a map that is equal everywhere has that of the area', () => {
  const part = Uint8Array.of(1, 0, 0, 0);
  const first = firedIn(look([3, 1, -8, 0], [2, 2, 2, 2]), part);
  const second = firedIn(look([0, 0, 0, 0], [0, 0, 0, 5]), part);
  assert.equal(first.area, 0.25);
  assert.equal(shareInside([first], [0]), 0.75);
  assert.equal(shareInside([first], [1]), first.area);
  assert.equal(shareInside([first], [0, 1]), 5 / 12);
  // The second photo says nothing of the first map, and does not count for it.
  assert.equal(shareInside([first, second], [0]), 0.75);
  assert.equal(shareInside([first, second], [1]), (0.25 + 0) / 2);
  assert.equal(shareInside([second], [0]), null);
});

test('by chance a share is reached as often as maps have it', () => {
  const part = Uint8Array.of(1, 0, 0, 0);
  // One map in four lies wholly inside.
  const photo = firedIn(look([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]), part);
  const reached = reachedByChance([photo], 1, 1, 7);
  assert.ok(Math.abs(reached - DRAWS / 4) < 60, String(reached));
  assert.equal(reachedByChance([photo], 1, 1, 7), reached);
  assert.equal(reachedByChance([photo], 4, 0.25, 7), DRAWS);
  // Of two maps at most one can be that one.
  assert.equal(reachedByChance([photo], 2, 0.6, 7), 0);
});
