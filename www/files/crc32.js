/** The checksum of .zip files, and of links: every damage of up to 32 bits in a row is noticed. The library that packs them keeps
 * its own to itself. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  // The polynomial of ISO 3309, its lowest bit first.
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * @param {Uint8Array} bytes
 * @param {number} [before] the sum of what came before them
 */
export function crc32(bytes, before = 0) {
  let sum = ~before;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff];
  return ~sum >>> 0;
}
