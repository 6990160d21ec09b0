import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';

import { pngOf } from '../../www/files/png.js';
import { resampled } from '../../www/ui/resample.js';

const pixels = (width, height, value) => ({ width, height, data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => value(at)) });

test('a PNG holds the pixels that it was made of', async () => {
  const picture = pixels(7, 5, (at) => (at * 37) % 256);
  const bytes = Buffer.from(await pngOf(picture).arrayBuffer());
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  const chunks = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(body));
    chunks.push([body.toString('latin1', 0, 4), body.subarray(4)]);
    at += length + 12;
  }
  assert.deepEqual(chunks.map(([kind]) => kind), ['IHDR', 'IDAT', 'IEND']);
  assert.deepEqual([...chunks[0][1]], [0, 0, 0, 7, 0, 0, 0, 5, 8, 6, 0, 0, 0]);
  const rows = inflateSync(chunks[1][1]);
  assert.equal(rows.length, 5 * 29);
  for (let row = 0; row < 5; row++) {
    assert.equal(rows[row * 29], 0);
    assert.deepEqual([...rows.subarray(row * 29 + 1, (row + 1) * 29)], [...picture.data.subarray(row * 28, (row + 1) * 28)]);
  }
});

test('a part of a picture in its own size is that part, and values between pixels lie between theirs', () => {
  const picture = pixels(4, 3, (at) => Math.floor(at / 4) * 20);
  assert.deepEqual([...resampled(picture, { left: 1, top: 1, width: 2, height: 2 }, 2, 2)], [5, 6, 9, 10].flatMap((place) => Array(4).fill(place * 20)));
  assert.deepEqual([...resampled(picture, { left: 0, top: 0, width: 4, height: 3 }, 4, 3)], [...picture.data]);
  // Twice as wide: pixels a quarter and three quarters of the way.
  const wide = resampled(pixels(2, 1, (at) => (at < 4 ? 0 : 100)), { left: 0, top: 0, width: 2, height: 1 }, 4, 1);
  assert.deepEqual([0, 4, 8, 12].map((at) => wide[at]), [0, 25, 75, 100]);
});
