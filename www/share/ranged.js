import { FeaturescopeError, cancelled } from '../api/errors.js';
import { partsOf, sizeOf } from './download.js';
import { nameOf } from './load-snapshot.js';
import { text } from './record-text.js';

/** Bytes at the end that hold an archive's list of files: the longest comment, the records around it, and some of the list. */
const TAIL = 70_000;
/** Bytes that are loaded at a time at least: files that are shown together lie one behind the other. */
const BLOCK = 1 << 18;
/** A file of fewer bytes comes faster in one piece. */
const SMALL = 1 << 18;

/**
 * A file at an address, of which only those parts are loaded that are read.
 */
class RangedFile {
  /** @type {{ from: number, blob: Blob }[]} */
  #pieces = [];
  #loaded = 0;
  #url;
  /** Stops what is loaded from now on. @type {AbortSignal | undefined} */
  signal;
  /** Is told of what comes from now on. @type {import('./download.js').OnBytes | undefined} */
  onBytes;

  /**
   * @param {URL} url
   * @param {number} size bytes
   * @param {number} limit of what is loaded in all, in bytes; may be raised
   */
  constructor(url, size, limit) {
    this.#url = url;
    this.name = nameOf(url);
    this.size = size;
    this.limit = limit;
  }

  /** Takes over what was loaded. @param {number} from @param {BlobPart[]} parts */
  add(from, parts) {
    const blob = new Blob(parts);
    this.#pieces.push({ from, blob });
    this.#loaded += blob.size;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {Promise<Blob>} shorter at the end of the file
   * @throws {FeaturescopeError} `network`, `too-large`, `cancelled`
   */
  async slice(from, to) {
    const end = Math.min(to, this.size);
    if (end <= from) return new Blob();
    const held = this.#pieces.find((piece) => piece.from <= from && end <= piece.from + piece.blob.size);
    if (held) return held.blob.slice(from - held.from, end - held.from);
    const last = Math.min(this.size, Math.max(end, from + BLOCK));
    if (this.#loaded + last - from > this.limit)
      throw new FeaturescopeError('too-large', text.open.tooLarge(this.#url.host, this.limit));
    const response = await request(this.#url, from, last, this.signal).catch(() => null);
    const parts =
      response?.status === 206 ? await partsOf(response, last - from, this.onBytes).catch(() => null) : null;
    if (this.signal?.aborted) throw cancelled();
    if (!parts || new Blob(parts).size !== last - from)
      throw new FeaturescopeError('network', text.open.failed(this.#url.host));
    this.add(from, parts);
    return this.slice(from, to);
  }
}

/**
 * A file at an address of which only parts are loaded, where it is large and its server can send parts.
 * @param {URL} url
 * @param {{ limit: number, whole: number }} options in bytes; `limit`: of what is loaded in all; `whole`: the largest file that is taken where the
 *   server sends nothing but all of it
 * @returns {Promise<RangedFile | File | null>} the file itself where the server has sent all of it; null where it has to be loaded in another way
 */
export async function openRanged(url, { limit, whole }) {
  try {
    // Pages of other origins may read a file's length and not which part of it came.
    const head = await fetch(url, { method: 'HEAD', credentials: 'omit', referrerPolicy: 'no-referrer' });
    const size = sizeOf(head);
    if (!head.ok || size === null || size <= SMALL) return null;
    const from = size - TAIL;
    const response = await request(url, from, size);
    if (response.status === 200) {
      const parts = await partsOf(response, whole);
      return parts && new File(parts, nameOf(url));
    }
    const parts = response.status === 206 ? await partsOf(response, TAIL) : null;
    if (!parts || new Blob(parts).size !== TAIL) return null;
    const file = new RangedFile(url, size, limit);
    file.add(from, parts);
    return file;
  } catch {
    return null;
  }
}

/** @param {URL} url @param {number} from @param {number} to behind the last byte @param {AbortSignal} [signal] */
function request(url, from, to, signal) {
  return fetch(url, {
    signal,
    headers: { Range: `bytes=${from}-${to - 1}` },
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
}
