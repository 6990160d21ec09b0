import { FeaturescopeError } from '../api/errors.js';
import { download } from './download.js';
import { text } from './record-text.js';

/** What a snapshot from an address may weigh, in bytes. */
export const LARGEST = 256 * 2 ** 20;

/**
 * The web address that a link names; null where it names none.
 * @param {string | null} address
 * @returns {URL | null}
 */
export function webAddress(address) {
  if (!address || !URL.canParse(address, location.href)) return null;
  const url = new URL(address, location.href);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}

/**
 * Loads a snapshot, without cookies, and stops at the limit as declared and as it comes.
 * @param {URL} url
 * @param {{ signal?: AbortSignal, onBytes?: import('./download.js').OnBytes, limit?: number, follow?: () => Promise<boolean>, beyond?: (size: number | null) => Promise<File | null> }} [options]
 *   `follow`: asks whether the host may pass the request on to another address; `beyond`: what happens with a larger file, of which the host may
 *   say how many bytes it has; refused when left out
 * @returns {Promise<File | null>} null where it wants to and may not
 * @throws {FeaturescopeError} `network`, `too-large`, `cancelled`
 */
export async function loadSnapshot(url, { signal, onBytes, limit = LARGEST, follow, beyond } = {}) {
  const failed = () => new FeaturescopeError('network', text.open.failed(url.host));
  const got = await download(url, { most: limit, signal, follow, onBytes }).catch((error) => {
    throw signal?.aborted ? error : failed();
  });
  if (got.outcome === 'not-followed') return null;
  if (got.outcome === 'refused') throw failed();
  if (got.outcome === 'too-large' && beyond) return beyond(got.size);
  if (got.outcome === 'too-large') throw new FeaturescopeError('too-large', text.open.tooLarge(url.host, limit));
  return new File(got.parts, nameOf(url));
}

/** @param {URL} url */
export function nameOf(url) {
  return url.pathname.split('/').at(-1) || url.host;
}
