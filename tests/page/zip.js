// Writes .zip files, also broken ones, without the library that reads them on the page.

import { crc32, deflateRawSync } from 'node:zlib';

/** Numbers one after the other, each of so many bytes, the lowest byte first. */
function record(...fields) {
  return Buffer.concat(fields.map(([value, size]) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes.subarray(0, size);
  }));
}

/**
 * @param {{ path: string, content: Buffer | string, stored?: boolean, flags?: number, method?: number, size?: number, long?: boolean,
 *   name?: Buffer, unicodePath?: string, host?: number }[]} files
 *   `name`: the path's bytes in another encoding than UTF-8, `unicodePath`: what the extra field for it says, `host`: the system that packed it;
 *   `size`: another one than is true; `flags` and `method` likewise; `long`: sizes and offset in 64 bits, in an extra field
 * @param {{ name?: string, comment?: string, before?: Buffer, long?: boolean }} [options] `before`: bytes that shift everything
 */
export function zip(files, { name = 'animals.zip', comment = '', before = Buffer.alloc(0), long = false } = {}) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { path, content, stored = false, flags = 0, method = stored ? 0 : 8, size = content.length, long: longFile = false, name: encoded = Buffer.from(path), unicodePath, host = 0 } of files) {
    const packed = stored ? Buffer.from(content) : deflateRawSync(content);
    // Sizes in a record behind the file and none before it, as writers to a stream have them.
    const local = record([0x04034b50, 4], [20, 2], [flags | 8, 2], [method, 2], [0, 8], [0, 8], [encoded.length, 2], [0, 2]);
    const sum = crc32 ? crc32(content) : 0;
    const behind = record([0x08074b50, 4], [sum, 4], [packed.length, 4], [size, 4]);
    const longNumbers = longFile ? record([1, 2], [24, 2], [size, 8], [packed.length, 8], [offset, 8]) : Buffer.alloc(0);
    const utf8 = Buffer.from(unicodePath ?? '');
    const unicode = unicodePath ? Buffer.concat([record([0x7075, 2], [utf8.length + 5, 2], [1, 1], [crc32(encoded), 4]), utf8]) : Buffer.alloc(0);
    const extra = Buffer.concat([unicode, longNumbers]);
    const short = (number) => [longFile ? 0xffffffff : number, 4];
    directory.push(record([0x02014b50, 4], [20, 1], [host, 1], [20, 2], [flags | 8, 2], [method, 2], [0x6000, 2], [0x5a21, 2], [sum, 4], short(packed.length),
      short(size), [encoded.length, 2], [extra.length, 2], [0, 2], [0, 4], [0, 4], short(offset)), encoded, extra);
    const written = Buffer.concat([local.subarray(0, 30), encoded, packed, behind]);
    parts.push(written);
    offset += written.length;
  }
  const list = Buffer.concat(directory);
  const end = offset + list.length;
  const count = [files.length, 8];
  const longEnd = long
    ? Buffer.concat([record([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 8], count, count, [list.length, 8], [offset, 8]),
      record([0x07064b50, 4], [0, 4], [end, 8], [1, 4])])
    : Buffer.alloc(0);
  const short = (number, size) => [long ? 2 ** (8 * size) - 1 : number, size];
  const last = record([0x06054b50, 4], [0, 4], short(files.length, 2), short(files.length, 2), short(list.length, 4), short(offset, 4), [comment.length, 2]);
  return new File([before, ...parts, list, longEnd, last, comment], name);
}
