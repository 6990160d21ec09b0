import { FeaturescopeError, part } from '../api/errors.js';
import { text } from '../api/text.js';

/** No model that fits into the engine's memory is larger, in bytes. */
const MOST = 2 ** 31;

/** The host that a file came from in the end, where that is not the one that was asked. @type {WeakMap<Blob, string>} */
export const hosts = new WeakMap();

/** What is said where the host has answered, so that it can still be loaded. */
const late = async () => (await part(import('../api/more-text.js'))).text;

/** A new figure is sent at most this often, in milliseconds. */
const REPORT_EVERY = 100;

/**
 * Reads an address into a blob, which the browser may keep on disk, and reports how far it is.
 * @param {string} url
 * @param {{ stage?: 'download' | 'engine', follow?: boolean, signal: AbortSignal, progress: (progress: import('../api/types.js').Progress) => void }} options
 *   `follow`: another host may pass the request on to an address that nobody was asked about
 * @returns {Promise<Blob>}
 * @throws {FeaturescopeError} `redirected` where it wants to and may not
 */
export async function download(url, { stage = 'download', follow = true, signal, progress }) {
  const response = await request(url, signal, follow);
  if (!response.body) return response.blob();
  // Behind a content encoding the length is that of the compressed bytes, which we do not get to see.
  const encoded = response.headers.get('Content-Encoding');
  const total = encoded ? undefined : Number(response.headers.get('Content-Length')) || undefined;
  if (Number(response.headers.get('Content-Length')) > MOST) {
    await response.body.cancel();
    throw new FeaturescopeError('too-large', (await late()).downloadTooLarge(url));
  }
  const { host } = new URL(response.url || url);
  const reader = response.body.getReader();
  /** @type {BlobPart[]} */
  const parts = [];
  const start = performance.now();
  let reported = 0;
  let done = 0;
  progress({ stage, done, total });
  try {
    for (;;) {
      const chunk = await reader.read();
      signal.throwIfAborted();
      if (chunk.done) {
        const blob = new Blob(parts);
        if (host !== new URL(url).host) hosts.set(blob, host);
        return blob;
      }
      parts.push(chunk.value);
      done += chunk.value.byteLength;
      if (done > MOST) {
        await reader.cancel();
        throw new FeaturescopeError('too-large', (await late()).downloadTooLarge(url));
      }
      const now = performance.now();
      if (now - reported < REPORT_EVERY) continue;
      reported = now;
      const secondsLeft = total ? ((now - start) / 1000) * (total / done - 1) : undefined;
      progress({ stage, done, total, secondsLeft });
    }
  } catch (error) {
    if (signal.aborted || error instanceof FeaturescopeError) throw error;
    throw new FeaturescopeError('network', text.errors.interrupted(url));
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {boolean} follow
 */
async function request(url, signal, follow) {
  const foreign = new URL(url).origin !== new URL(import.meta.url).origin;
  /** @type {Response} */
  let response;
  try {
    // Another host is not told where the request comes from.
    response = await fetch(
      url,
      foreign
        ? { signal, referrerPolicy: 'no-referrer', credentials: 'omit', redirect: follow ? 'follow' : 'manual' }
        : { signal },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    // The browser does not tell a host without CORS from a broken line; the origin makes it likely.
    throw new FeaturescopeError('network', foreign ? text.errors.cors(url) : text.errors.offline(url));
  }
  if (response.type === 'opaqueredirect')
    throw new FeaturescopeError('redirected', (await late()).redirected(new URL(url).host));
  if (!response.ok) throw new FeaturescopeError('network', text.errors.status(url, response.status));
  return response;
}
