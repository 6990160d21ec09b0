import { FeaturescopeError } from '../errors.js';
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
 * @param {{ signal?: AbortSignal, limit?: number }} [options]
 * @returns {Promise<File>}
 * @throws {FeaturescopeError} `network`, `too-large`, `cancelled`
 */
export async function loadSnapshot(url, { signal, limit = LARGEST } = {}) {
  const tooLarge = () => new FeaturescopeError('too-large', text.open.tooLarge(url.host, limit));
  /** @type {BlobPart[]} */
  const parts = [];
  try {
    const response = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    if (Number(response.headers.get('Content-Length')) > limit) throw tooLarge();
    let size = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limit) {
        await reader.cancel();
        throw tooLarge();
      }
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof FeaturescopeError || signal?.aborted) throw error;
    throw new FeaturescopeError('network', text.open.failed(url.host));
  }
  return new File(parts, url.pathname.split('/').at(-1) || url.host);
}
