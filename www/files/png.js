/** PNG files of pixels, for where a canvas cannot be trusted with it. Their packing is the library's. */

import { crc32 } from './crc32.js';
import { zlibSync } from '../vendor/fflate.js';

/**
 * @param {{ width: number, height: number, data: Uint8ClampedArray }} pixels
 * @returns {Blob}
 */
export function pngOf({ width, height, data }) {
  const header = new Uint8Array(13);
  const sizes = new DataView(header.buffer);
  sizes.setUint32(0, width);
  sizes.setUint32(4, height);
  // Eight bits for each of red, green, blue and alpha.
  header.set([8, 6], 8);
  // Before each row stands how it was filtered: not at all.
  const rows = new Uint8Array((width * 4 + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return new Blob([signature, chunk('IHDR', header), chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array())], {
    type: 'image/png',
  });
}

/**
 * @param {string} kind
 * @param {Uint8Array} content
 */
function chunk(kind, content) {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(
    Array.from(kind, (letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, -4)));
  return bytes;
}
