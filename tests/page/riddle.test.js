import assert from 'node:assert/strict';
import { test } from 'node:test';

import { areaOutside, coveredCells, shareOutside } from '../../www/story/riddle.js';

/** A mask of grey values in reading order. */
const mask = (width, values) => ({ width, height: values.length / width, data: Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255])) });
const look = (...maps) => ({ map: (map) => ({ width: 2, height: 2, data: Float32Array.from(maps[map]) }) });

test('a cell is covered as far as the mask is white in it', () => {
  const covered = coveredCells(mask(4, [
    255, 255, 0, 0,
    255, 255, 0, 255,
    0, 0, 0, 0,
    0, 0, 0, 0,
  ]), { width: 2, height: 2 });
  assert.deepEqual([...covered], [1, 0.25, 0, 0]);
  assert.equal(areaOutside(covered), 1 - 1.25 / 4);
  // Cells need not be of one size: of three pixels the second cell gets one.
  assert.deepEqual([...coveredCells(mask(3, [255, 0, 255]), { width: 2, height: 1 })], [0.5, 1]);
});

test('the share outside weighs what is positive; a map that is equal everywhere has that of the area', () => {
  const covered = Float64Array.of(1, 0.5, 0, 0);
  assert.equal(shareOutside(look([3, 2, 1, -9]), [0], covered), (2 * 0.5 + 1) / 6);
  assert.equal(shareOutside(look([3, 0, 0, 0], [0, 0, 0, 1]), [0, 1], covered), 0.25);
  assert.equal(shareOutside(look([2, 2, 2, 2]), [0], covered), areaOutside(covered));
  assert.equal(shareOutside(look([-1, 0, 0, 0]), [0], covered), null);
  assert.equal(shareOutside(look([1, 1, 1, 1]), [], covered), null);
});
