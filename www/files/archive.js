import { FeaturescopeError } from '../api/errors.js';
import { droppedPaths, isHidden, pathOf, pictureType } from './file-kinds.js';
import { typeByContent } from './picture-content.js';
import { crc32 } from './crc32.js';
import { Inflate } from '../vendor/fflate.js';
import { text } from './text.js';
import { damaged, packedBytes, readDirectory } from './zip-directory.js';

/** @typedef {import('./zip-directory.js').Entry} Entry */
/** @typedef {import('./zip-directory.js').Source} Source */

/** What is unpacked at the most: nobody looks at more, and a small archive can be made to unpack to anything. In bytes but for
 * the first. `ratio`: how many times its packed size a file of more than `surelyFine` bytes may have, and all files together where they
 * are more than `surelyFineTogether`. */
export const LIMITS = {
  files: 5000,
  each: 64 * 2 ** 20,
  total: 2 * 2 ** 30,
  ratio: 200,
  surelyFine: 4 * 2 ** 20,
  surelyFineTogether: 64 * 2 ** 20,
};

const STORED = 0;
const DEFLATED = 8;
/** Bytes that are unpacked at a time, since the page must stay usable. */
const PIECE = 1 << 16;
/** Packed bytes after which a file must have begun as a picture does. They unpack to half a megabyte at the most. */
const HEAD = 512;
/** Files whose beginning is read between two notices of how many were: each takes less than a millisecond. */
const NOTICED = 50;

/**
 * The images in a .zip, which counts as a folder with its name. Only its list of files and its images are read, and only as
 * much of each as it may hold.
 * @param {File} zip
 * @param {{ limits?: typeof LIMITS, onFile?: (done: number, total: number) => void, onListed?: (done: number, total: number) => void, signal?: AbortSignal }} [options]
 *   `onListed`: of the files in the list, while some of them have to be opened for being told from images; `signal` ends it before the
 *   next file; what is unpacked by then is given back
 * @returns {Promise<File[]>}
 * @throws {FeaturescopeError} `bad-archive`, `too-large`
 */
export async function unpack(zip, { limits = LIMITS, onFile, onListed, signal } = {}) {
  /** @type {(Entry & { type: string })[]} */
  const entries = [];
  let asked = 0;
  const listed = await readDirectory(zip);
  for (const [place, entry] of listed.entries()) {
    // What an archive lacks, nobody knows before its list is read to the end.
    if (signal?.aborted) return [];
    const path = harmless(entry.path);
    if (entry.path.endsWith('/') || isHidden(path)) continue;
    let type = pictureType(path);
    // Many of them are no folder of pictures that were left without endings.
    if (!type && asked < limits.files) {
      if (asked++ % NOTICED === 0) onListed?.(place, listed.length);
      type = await contentType(zip, entry);
    }
    if (type) entries.push({ ...entry, path, type });
  }
  if (signal?.aborted) return [];
  check(zip, entries, limits);
  const folder = pathOf(zip).replace(/\.zip$/i, '');
  /** @type {File[]} */
  const files = [];
  for (const entry of entries) {
    if (signal?.aborted) break;
    onFile?.(files.length, entries.length);
    const content = await unpackEntry(zip, entry, { onlyPictures: true });
    const name = entry.path.split('/').at(-1) ?? entry.path;
    const file = new File(content, name, { type: entry.type, lastModified: entry.modified });
    droppedPaths.set(file, `${folder}/${entry.path}`);
    files.push(file);
  }
  return files;
}

/**
 * The type of a picture whose name does not tell that it is one, by how it begins. What cannot be unpacked is none: nobody means it.
 * @param {Source} zip
 * @param {Entry} entry
 */
async function contentType(zip, entry) {
  if (entry.encrypted || (entry.method !== STORED && entry.method !== DEFLATED)) return undefined;
  try {
    const packed = new Uint8Array(await (await packedBytes(zip, entry)).slice(0, HEAD).arrayBuffer());
    if (entry.method === STORED) return typeByContent(packed);
    /** @type {string | undefined} */
    let type;
    let begun = false;
    new Inflate((piece) => {
      if (!begun) type = typeByContent(piece);
      begun ||= piece.length > 0;
    }).push(packed, packed.length >= entry.packed);
    return type;
  } catch {
    return undefined;
  }
}

/**
 * Refuses what cannot be unpacked, by what the archive says of itself.
 * @param {Source} zip
 * @param {Entry[]} entries
 * @param {typeof LIMITS} limits
 */
export function check(zip, entries, limits) {
  const { name } = zip;
  if (entries.length === 0) throw new FeaturescopeError('bad-archive', text.empty(name));
  if (entries.length > limits.files) throw new FeaturescopeError('too-large', text.tooMany(name));
  if (entries.some(({ encrypted }) => encrypted)) throw new FeaturescopeError('bad-archive', text.encrypted(name));
  if (entries.some(({ method }) => method !== STORED && method !== DEFLATED)) {
    throw new FeaturescopeError('bad-archive', text.unknownMethod(name));
  }
  const large = entries.find(({ size }) => size > limits.each);
  if (large) throw new FeaturescopeError('too-large', text.tooLargeFile(name, large.path, limits.each));
  const bomb = entries.find(({ size, packed }) => size > limits.surelyFine && size > packed * limits.ratio);
  if (bomb) throw new FeaturescopeError('too-large', text.bomb(name, bomb.path));
  const size = total(entries, 'size');
  if (size > limits.surelyFineTogether && size > total(entries, 'packed') * limits.ratio) {
    throw new FeaturescopeError('too-large', text.bombs(name));
  }
  if (size > limits.total) throw new FeaturescopeError('too-large', text.tooLarge(name, limits.total));
  // Files that share their bytes, so that a small archive holds a lot.
  if (total(entries, 'packed') > zip.size) throw damaged(zip);
}

/**
 * @param {Entry[]} entries
 * @param {'size' | 'packed'} key
 */
function total(entries, key) {
  return entries.reduce((sum, entry) => sum + entry[key], 0);
}

/**
 * What is in an entry, which is never more than it says: that was checked beforehand.
 * @param {Source} zip
 * @param {Entry} entry
 * @param {{ onlyPictures?: boolean }} [options] `onlyPictures`: of what does not begin as a picture does no more is unpacked than that
 *   beginning, from which the page tells what it is
 * @returns {Promise<BlobPart[]>}
 * @throws {FeaturescopeError} `bad-archive`, also where the content is not what its checksum says
 */
export async function unpackEntry(zip, entry, { onlyPictures = false } = {}) {
  const packed = await packedBytes(zip, entry);
  if (entry.method === STORED) {
    if (entry.packed !== entry.size || (await checksum(packed)) !== entry.crc) throw damaged(zip);
    // A part of the archive itself, which is read when the image is.
    return [packed];
  }
  /** @type {BlobPart[]} */
  const content = [];
  let size = 0;
  let sum = 0;
  const inflate = new Inflate((piece) => {
    size += piece.length;
    sum = crc32(piece, sum);
    content.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece));
  });
  for (let at = 0; at < entry.packed; ) {
    const end = at + (at === 0 && onlyPictures ? HEAD : PIECE);
    const piece = new Uint8Array(await packed.slice(at, end).arrayBuffer());
    try {
      inflate.push(piece, end >= entry.packed);
    } catch {
      throw damaged(zip);
    }
    if (size > entry.size) throw damaged(zip);
    if (at === 0 && onlyPictures && end < entry.packed && !(await beginsAsPicture(new Blob(content)))) return content;
    at = end;
  }
  if (size !== entry.size || sum !== entry.crc) throw damaged(zip);
  return content;
}

/** @param {Blob} content */
async function checksum(content) {
  let sum = 0;
  for (let at = 0; at < content.size; at += PIECE)
    sum = crc32(new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer()), sum);
  return sum;
}

/** How pictures begin: JPEG, PNG, GIF, BMP, TIFF, icons and JPEG XL; WebP and those in a container (AVIF, HEIC) after a length. */
const BEGINNINGS =
  /^(\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\0|MM\0\*|\0\0\x01\0|\xff\x0a|\0\0\0\x0cJXL |RIFF[\s\S]{4}WEBP|[\s\S]{4}ftyp)/;

/** @param {Blob} content */
async function beginsAsPicture(content) {
  const head = new Uint8Array(await content.slice(0, 12).arrayBuffer());
  return head.length < 12 || BEGINNINGS.test(String.fromCharCode(...head));
}

/**
 * A path inside the archive and nowhere else, whatever it says.
 * @param {string} path
 */
export function harmless(path) {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => !/^(\.{0,2}|[a-z]:)$/i.test(part))
    .join('/');
}
