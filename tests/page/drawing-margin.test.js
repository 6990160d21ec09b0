// What the page shows of a drawing: not the margin that the network hardly saw.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seenPart } from '../../www/questions/draw/margin.js';

/** A picture of noise, with so many faint lines at each end. */
function picture(width, { left = 0, right = 0, top = 0, bottom = 0 }) {
  const data = new Uint8ClampedArray(4 * width * width).fill(128);
  let random = 1;
  for (let pixel = 0; pixel < width * width; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    random = (random * 16807) % 2147483647;
    const faint = x < left || x >= width - right || y < top || y >= width - bottom;
    for (let channel = 0; channel < 3; channel++) data[4 * pixel + channel] = 128 + ((random % 201) - 100) / (faint ? 50 : 1);
  }
  return { width, height: width, data };
}

test('all of a picture is shown where none of its margins is faint', () => {
  assert.deepEqual(seenPart(picture(100, {})), { left: 0, top: 0, side: 1 });
  // Nothing differs from anything here, so nothing is less than the rest.
  assert.deepEqual(seenPart({ width: 9, height: 9, data: new Uint8ClampedArray(4 * 81) }), { left: 0, top: 0, side: 1 });
});

test('a faint margin is cut off, as much in both directions, and never much of the picture', () => {
  assert.deepEqual(seenPart(picture(100, { right: 3, bottom: 5 })), { left: 0, top: 0, side: 0.95 });
  assert.deepEqual(seenPart(picture(100, { left: 2, right: 4, top: 1 })), { left: 0.02, top: 0.01, side: 0.94 });
  assert.deepEqual(seenPart(picture(100, { bottom: 40 })), { left: 0, top: 0, side: 0.9 });
});
