/**
 * Messages that arrive before the worker has loaded everything wait here. A worker whose language is not English waits for
 * its text, and the browser would hand the page's first messages to nobody meanwhile. This must be the worker's first import.
 */

/** @type {MessageEvent[]} */
const waiting = [];

const worker = /** @type {{ onmessage: ((event: MessageEvent) => void) | null }} */ (
  /** @type {unknown} */ (globalThis)
);
worker.onmessage = (event) => waiting.push(event);

/**
 * Hands over what has arrived, in order, and everything from now on.
 * @param {(event: MessageEvent) => void} receive
 */
export function listen(receive) {
  worker.onmessage = receive;
  for (const event of waiting.splice(0)) receive(event);
}
