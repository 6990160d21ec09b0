/**
 * Reading a snapshot. It comes from anywhere, so nothing in it is believed: sizes are limited as declared and as they come,
 * every file is held against its checksum, paths that lead elsewhere are refused, and all data is checked field by field.
 */

import { LIMITS as ARCHIVE_LIMITS, check, harmless, unpackEntry } from '../files/archive.js';
import { readDirectory } from '../files/zip-directory.js';
import { FeaturescopeError } from '../api/errors.js';
import { validate } from './finding.js';
import { text } from './record-text.js';
import { pathsOf, validateCard, validateRecord } from './record.js';

/** @typedef {import('../files/zip-directory.js').Source} Source */
/** @typedef {(record: import('./record.js').RecordData, finding: import('./record.js').Finding) => string[]} PathsOf */

/** A model may be in it, so one file may be large. In bytes but for the first. */
export const LIMITS = { ...ARCHIVE_LIMITS, files: 3000, each: 2 ** 29, total: 2 ** 30 };
/** The settings and numbers are far smaller. */
const LARGEST_JSON = 16 * 2 ** 20;

const TYPES = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
]);

/**
 * Whether an archive is a snapshot, by its list of files alone.
 * @param {File} file
 */
export async function isSnapshot(file) {
  try {
    const paths = new Set((await readDirectory(file)).map(({ path }) => path));
    return paths.has('finding.json') && paths.has('record.json');
  } catch {
    return /\.featurescope( ?\(\d+\))?\.zip$/i.test(file.name);
  }
}

/**
 * @param {Source} file
 * @param {{ limits?: typeof LIMITS, paths?: PathsOf }} [options] `paths`: which of the record's files are read; all when left out
 * @returns {Promise<import('./record.js').Recorded>}
 * @throws {FeaturescopeError} `bad-snapshot`, `too-large`, `bad-finding`, `newer-finding`
 */
export async function readSnapshot(file, { limits = LIMITS, paths = pathsOf } = {}) {
  try {
    return await read(file, limits, paths);
  } catch (error) {
    if (!(error instanceof FeaturescopeError)) throw error;
    if (error.code === 'bad-archive') throw new FeaturescopeError('bad-snapshot', text.errors.damaged(file.name));
    if (error.code === 'too-large') throw new FeaturescopeError('too-large', text.errors.tooLarge(file.name));
    throw error;
  }
}

/**
 * @param {Source} file
 * @param {typeof LIMITS} limits
 * @param {PathsOf} paths
 */
async function read(file, limits, paths) {
  const all = await readDirectory(file);
  if (all.some(({ path }) => harmless(path) !== path.replace(/\/$/, '')))
    throw new FeaturescopeError('bad-snapshot', text.errors.path(file.name));
  const list = all.filter(({ path }) => !path.endsWith('/'));
  check(file, list, limits);
  const entries = new Map(list.map((entry) => [entry.path, entry]));
  // Two files of one name: which of them is meant cannot be known.
  if (entries.size !== list.length) throw damaged(file);
  /** @param {string} path */
  const unpack = async (path) => {
    const entry = entries.get(path);
    if (!entry) throw new FeaturescopeError('bad-snapshot', text.errors.missing(file.name, path));
    return new Blob(await unpackEntry(file, entry), {
      type: TYPES.get(path.split('.').at(-1)?.toLowerCase() ?? '') ?? '',
    });
  };
  /** @param {string} path */
  const json = async (path) => {
    if ((entries.get(path)?.size ?? 0) > LARGEST_JSON)
      throw new FeaturescopeError('too-large', text.errors.tooLarge(file.name));
    const content = await (await unpack(path)).text();
    try {
      return JSON.parse(content);
    } catch {
      throw damaged(file);
    }
  };
  const finding = validate(await json('finding.json'), { mayBeNewer: true });
  const record = validateRecord(await json('record.json'));
  if (record.pictures.some(({ image }) => image >= finding.images.length)) throw damaged(file);
  const card = validateCard(await json('model/card.json'));
  /** @type {Map<string, Blob>} */
  const files = new Map();
  for (const path of new Set(paths(record, finding))) files.set(path, await unpack(path));
  return { finding, record, card, files };
}

/** @param {Source} file */
function damaged(file) {
  return new FeaturescopeError('bad-snapshot', text.errors.damaged(file.name));
}
