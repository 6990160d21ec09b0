import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isLimited, patchBox, patchInPhoto, patchSize, seenInPhoto } from '../../www/classes/patch.js';

const seen = { width: 200, height: 100 };
/** A layer of 10×5 places, each of which sees 20×20 pixels: a tenth of the width and a fifth of the height. */
const layer = { width: 10, height: 5, receptiveField: [20, 20] };

test('a patch is what its place of the map sees, around it', () => {
  assert.deepEqual(patchSize(layer, seen), { width: 0.1, height: 0.2 });
  assert.equal(isLimited(layer, seen), false);
  // Row 2, column 3: its middle is at 70 across and 50 down.
  assert.deepEqual(patchBox(seen, layer, 23), { left: 60, top: 40, width: 20, height: 20 });
});

test('of a late layer it is two fifths of the side, and says so', () => {
  const late = { ...layer, receptiveField: [70, 70] };
  assert.deepEqual(patchSize(late, seen), { width: 0.35, height: 0.4 });
  assert.equal(isLimited(late, seen), true);
  assert.deepEqual(patchBox(seen, late, 23), { left: 35, top: 30, width: 70, height: 40 });
});

test('at the edges it is moved inwards', () => {
  const wide = { ...layer, receptiveField: [40, 60] };
  assert.deepEqual(patchBox(seen, wide, 0), { left: 0, top: 0, width: 60, height: 40 });
  assert.deepEqual(patchBox(seen, wide, 49), { left: 140, top: 60, width: 60, height: 40 });
});

test('in the photo it lies where the network saw it: in all of it, or in the middle that was cut out', () => {
  // Twice as wide and four times as high as what is seen.
  const photo = { width: 400, height: 400 };
  assert.deepEqual(seenInPhoto(photo, { size: [100, 200], resize: 'squash' }), { left: 0, top: 0, width: 400, height: 400 });
  assert.deepEqual(patchInPhoto(photo, layer, { size: [100, 200], resize: 'squash' }, 23), { left: 120, top: 160, width: 40, height: 80 });
  // 224 pixels of 256 are seen of the shorter side, in the middle of both.
  assert.deepEqual(seenInPhoto({ width: 512, height: 1024 }, { size: 224, resize: 'crop' }), { left: 32, top: 288, width: 448, height: 448 });
  const square = { width: 7, height: 7, receptiveField: [32, 32] };
  // Row 3, column 3 is the centre, whose 32 pixels are 64 of the photo.
  assert.deepEqual(patchInPhoto({ width: 512, height: 1024 }, square, { size: 224, resize: 'crop' }, 24), { left: 224, top: 480, width: 64, height: 64 });
});
