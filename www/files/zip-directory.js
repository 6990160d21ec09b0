import { FeaturescopeError } from '../api/errors.js';
import { text } from './text.js';
import { readNames } from './zip-names.js';

/**
 * What a .zip says of one of its files. It is only what it says: nothing is unpacked yet.
 * @typedef {object} Entry
 * @property {string} path
 * @property {boolean} encrypted
 * @property {number} method 0: stored, 8: deflated
 * @property {number} crc the CRC-32 of what is unpacked
 * @property {number} packed bytes in the archive
 * @property {number} size bytes when unpacked
 * @property {number} modified in milliseconds since 1970
 * @property {number} offset where the file's own header begins
 */

/** A .zip as it is read: a file, or what loads only the parts that are asked for.
 * @typedef {{ readonly name: string, readonly size: number, slice: (from: number, to: number) => Blob | Promise<Blob> }} Source */

const SIGNATURES = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
/** Bytes of the fixed part of each record. */
const SIZES = { file: 30, entry: 46, end: 22, end64: 56, locator64: 20 };
/** The last record may be followed by a comment of this many bytes. */
const LONGEST_COMMENT = 0xffff;
/** Marks a number that is too large for its place and stands in an extra field instead. */
const ELSEWHERE = 0xffffffff;
const ZIP64_FIELD = 1;
const UNICODE_PATH_FIELD = 0x7075;
const UTF8 = 1 << 11;
/** More than any list of images takes, in bytes. */
const LARGEST_DIRECTORY = 1 << 24;

/**
 * The list of files at the end of a .zip, as file managers show it. The headers before each file may say something else, and
 * need not give its size at all.
 * @param {Source} zip
 * @returns {Promise<Entry[]>}
 * @throws {FeaturescopeError} `bad-archive`, `too-large`
 */
export async function readDirectory(zip) {
  const { count, size, start, shift } = await findDirectory(zip);
  if (size > LARGEST_DIRECTORY) throw new FeaturescopeError('too-large', text.tooMany(zip.name));
  const view = await bytes(zip, start, start + size);
  /** @type {Omit<Entry, 'path'>[]} */
  const entries = [];
  /** @type {import('./zip-names.js').RawName[]} */
  const names = [];
  for (let at = 0; entries.length < count; ) {
    if (at + SIZES.entry > size || view.getUint32(at, true) !== SIGNATURES.entry) throw damaged(zip);
    const end =
      at + SIZES.entry + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (end > size) throw damaged(zip);
    const entry = readEntry(view, at);
    entries.push({ ...entry, offset: entry.offset + shift });
    names.push(rawName(view, at));
    at = end;
  }
  const paths = readNames(names);
  return entries.map((entry, place) => ({ ...entry, path: paths[place] }));
}

/**
 * The packed bytes of an entry.
 * @param {Source} zip
 * @param {Entry} entry
 */
export async function packedBytes(zip, { offset, packed }) {
  const header = await bytes(zip, offset, offset + SIZES.file);
  if (header.byteLength < SIZES.file || header.getUint32(0, true) !== SIGNATURES.file) throw damaged(zip);
  const start = offset + SIZES.file + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packed > zip.size) throw damaged(zip);
  return zip.slice(start, start + packed);
}

/** @param {Source} zip */
export function damaged(zip) {
  return new FeaturescopeError('bad-archive', text.damaged(zip.name));
}

/**
 * Where the list of files is. `shift`: how far everything lies behind where the archive says it is, as when a program that
 * unpacks it was put before it.
 * @param {Source} zip
 */
async function findDirectory(zip) {
  const from = Math.max(0, zip.size - SIZES.end - LONGEST_COMMENT - SIZES.locator64);
  const tail = await bytes(zip, from, zip.size);
  const last = tail.byteLength - SIZES.end;
  // A comment may hold what looks like the record that it belongs to: the last one is taken whose comment ends with the file, or else
  // the last one before which there is a list. One of an empty archive counts where there is no other.
  let empty = null;
  for (const fits of [(/** @type {number} */ at) => tail.getUint16(at + 20, true) === last - at, () => true]) {
    for (let at = last; at >= 0; at -= 1) {
      if (tail.getUint32(at, true) !== SIGNATURES.end || !fits(at)) continue;
      const found = await directoryBefore(zip, tail, from, at);
      if (found && found.count > 0) return found;
      empty ??= found;
    }
  }
  if (empty) return empty;
  throw damaged(zip);
}

/**
 * Where the list of files is by the record at the end, if there is one.
 * @param {Source} zip
 * @param {DataView} tail
 * @param {number} from where the tail begins in the file
 * @param {number} at where the record begins in the tail
 */
async function directoryBefore(zip, tail, from, at) {
  let count = tail.getUint16(at + 10, true);
  let size = tail.getUint32(at + 12, true);
  let offset = tail.getUint32(at + 16, true);
  let end = from + at;
  const before = at - SIZES.locator64;
  if (before >= 0 && tail.getUint32(before, true) === SIGNATURES.locator64) {
    end = longNumber(tail, before + 8);
    const record = await bytes(zip, end, end + SIZES.end64);
    if (record.byteLength < SIZES.end64 || record.getUint32(0, true) !== SIGNATURES.end64) return null;
    [count, size, offset] = [32, 40, 48].map((place) => longNumber(record, place));
  }
  const shift = end - size - offset;
  if (shift < 0) return null;
  const first = await bytes(zip, offset + shift, offset + shift + 4);
  if (count > 0 && (first.byteLength < 4 || first.getUint32(0, true) !== SIGNATURES.entry)) return null;
  return { count, size, start: offset + shift, shift };
}

/**
 * @param {DataView} view
 * @param {number} at where the entry begins
 * @returns {Omit<Entry, 'path'>}
 */
function readEntry(view, at) {
  const flags = view.getUint16(at + 8, true);
  const numbers = {
    size: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  readLongNumbers(extraField(view, at, ZIP64_FIELD), numbers);
  return {
    ...numbers,
    encrypted: (flags & 1) !== 0,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    modified: readTime(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
  };
}

/**
 * @param {DataView} view
 * @param {number} at where the entry begins
 */
function rawName(view, at) {
  const field = extraField(view, at, UNICODE_PATH_FIELD);
  return {
    bytes: new Uint8Array(view.buffer, view.byteOffset + at + SIZES.entry, view.getUint16(at + 28, true)),
    utf8: (view.getUint16(at + 8, true) & UTF8) !== 0,
    host: view.getUint8(at + 5),
    unicodePath: field && new Uint8Array(field.buffer, field.byteOffset, field.byteLength),
  };
}

/**
 * What is in the entry's extra field of this kind.
 * @param {DataView} view
 * @param {number} entry where the entry begins
 * @param {number} kind
 */
function extraField(view, entry, kind) {
  let at = entry + SIZES.entry + view.getUint16(entry + 28, true);
  const end = at + view.getUint16(entry + 30, true);
  while (at + 4 <= end) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === kind && at + 4 + size <= end)
      return new DataView(view.buffer, view.byteOffset + at + 4, size);
    at += 4 + size;
  }
  return null;
}

/**
 * Replaces the numbers that stand in an extra field; they follow each other there in the order of `numbers`.
 * @param {DataView | null} field
 * @param {Record<string, number>} numbers
 */
function readLongNumbers(field, numbers) {
  let place = 0;
  for (const key of Object.keys(numbers)) {
    if (!field || numbers[key] !== ELSEWHERE || place + 8 > field.byteLength) continue;
    numbers[key] = longNumber(field, place);
    place += 8;
  }
}

/** A date and a time of day as MS-DOS has them. @param {number} date @param {number} time */
function readTime(date, time) {
  return new Date(
    1980 + (date >> 9),
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  ).getTime();
}

/** @param {DataView} view @param {number} at */
function longNumber(view, at) {
  return Number(view.getBigUint64(at, true));
}

/**
 * @param {Source} source
 * @param {number} from
 * @param {number} to
 */
async function bytes(source, from, to) {
  return new DataView(await (await source.slice(from, to)).arrayBuffer());
}
