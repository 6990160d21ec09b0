/**
 * Files from other hosts, of which nothing is believed: what is too large is broken off, by what the host says of its size and by
 * what comes, and a host that passes the request on to an address nobody was asked about is not followed unasked. Nothing here
 * knows the DOM.
 */

/**
 * @typedef {object} DownloadOptions
 * @property {number} most bytes
 * @property {AbortSignal} [signal]
 * @property {() => Promise<boolean>} [follow] asks whether a host may pass the request on to another address, which browsers do not tell
 *   beforehand; followed unasked when left out
 * @property {typeof fetch} [request] in the place of the browser's own
 * @property {OnBytes} [onBytes]
 */

/** Is told how many bytes have come, and of how many, where the host says. @typedef {(done: number, total: number | null) => void} OnBytes */

/**
 * What came. `host`: the one that the file came from in the end; `status`: what the host answered in the place of a file; `size`: the bytes
 * of a file that is too large, where the host says how many.
 * @typedef {{ outcome: 'loaded', parts: BlobPart[], type: string, host: string } | { outcome: 'too-large', size: number | null } | { outcome: 'not-followed' }
 *   | { outcome: 'refused', status: number }} Download
 */

/**
 * Loads a file without cookies, and without telling the host where the request comes from.
 * @param {string | URL} address
 * @param {DownloadOptions} options
 * @returns {Promise<Download>}
 * @throws {TypeError} as `fetch` where nothing comes, or it breaks off
 */
export async function download(address, { most, signal, follow, request = fetch, onBytes }) {
  const options = /** @type {const} */ ({ signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
  let response = await request(address, { ...options, redirect: follow ? 'manual' : 'follow' });
  if (follow && response.type === 'opaqueredirect') {
    if (!(await follow())) return { outcome: 'not-followed' };
    response = await request(address, { ...options, redirect: 'follow' });
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    return { outcome: 'refused', status: response.status };
  }
  const parts = await partsOf(response, most, onBytes);
  if (!parts) {
    // Of what is packed on its way the host says less than what came.
    const size = sizeOf(response);
    return { outcome: 'too-large', size: size !== null && size > most ? size : null };
  }
  return {
    outcome: 'loaded',
    parts,
    type: response.headers.get('Content-Type') ?? '',
    host: new URL(response.url || address).host,
  };
}

/**
 * How large a response is, as its host says. Of what is packed on its way it is the packed size.
 * @param {Response} response
 * @returns {number | null} bytes
 */
export function sizeOf(response) {
  const size = Number(response.headers.get('Content-Length'));
  return size > 0 ? size : null;
}

/**
 * All of a response's body, or null as soon as it is larger than it may be.
 * @param {Response} response
 * @param {number} most bytes
 * @param {OnBytes} [onBytes]
 * @returns {Promise<BlobPart[] | null>}
 */
export async function partsOf(response, most, onBytes = () => {}) {
  if (!response.body) return [];
  // The length of what is packed on its way can only be smaller than what is unpacked.
  const total = sizeOf(response);
  if ((total ?? 0) > most) {
    await response.body.cancel();
    return null;
  }
  /** @type {BlobPart[]} */
  const parts = [];
  const reader = response.body.getReader();
  let size = 0;
  onBytes(0, total);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
    onBytes(size, total !== null && size <= total ? total : null);
  }
}
