/**
 * One worker for several pages of an origin, as figures that stand in one article are: each has a messenger of its own, and what it
 * asks goes through a port to the page that started the worker. The worker knows nothing of it: requests and kept pictures are
 * numbered so that none is taken for another page's, and what a page had opened is freed when it goes.
 */

import { toErrorData } from './errors.js';

/** Numbers that each page has for itself; no page comes to the end of them. */
const SPAN = 2 ** 32;

let pages = 0;

/**
 * What a messenger needs of a worker.
 * @typedef {object} Line
 * @property {(message: any, transfer?: Transferable[]) => void} postMessage
 * @property {() => void} terminate
 * @property {((event: MessageEvent) => any) | null} onmessage
 * @property {((event: ErrorEvent) => any) | null} onerror
 * @property {((event: MessageEvent) => any) | null} onmessageerror
 */

/**
 * The line to a worker that another page has started.
 * @param {MessagePort} port
 * @returns {Line}
 */
export function lineThrough(port) {
  /** @type {Line} */
  const line = {
    postMessage: (message, transfer = []) => port.postMessage(message, transfer),
    terminate() {
      port.postMessage({ ended: true });
      port.close();
    },
    onmessage: null,
    onerror: null,
    onmessageerror: null,
  };
  port.onmessage = (event) => line.onmessage?.(event);
  port.onmessageerror = (event) => line.onmessageerror?.(event);
  return line;
}

/**
 * Passes on what comes through a port to the worker, and its answers back.
 * @param {import('./messenger.js').Messenger} messenger of the page that started the worker
 * @param {import('./types.js').EngineInfo} engine that runs there, whatever the other page asks for
 * @param {MessagePort} port
 * @param {() => void} onEnd when the other page needs it no more
 */
export function relay(messenger, engine, port, onEnd) {
  const { worker } = messenger;
  const base = ++pages * SPAN;
  /** What has been asked and not answered. @type {Set<number>} */
  const waiting = new Set();
  /** What is open for the other page. @type {Set<number>} */
  const handles = new Set();
  let ended = false;

  /** @param {number} handle */
  function release(handle) {
    worker.postMessage({ id: base, action: 'release', handle });
  }

  /** @param {MessageEvent} event */
  function back({ data: { id, ...answer } }) {
    if (!waiting.has(id)) return;
    if (!('progress' in answer)) waiting.delete(id);
    const handle = answer.result?.handle;
    // It was made for a page that has gone.
    if (ended && handle) return release(handle);
    if (handle) handles.add(handle);
    if (!ended) port.postMessage({ id: id - base, ...answer });
  }

  /** @param {any} message of the other page's messenger, which is of the same build */
  function forth({ id, action, picture, ...content }) {
    if (action === 'create') return port.postMessage({ id, result: engine });
    // The other page learns of a lost worker from here.
    if (action === 'watch') return;
    if (action === 'release') handles.delete(content.handle);
    if (action !== 'cancel' && action !== 'hold') waiting.add(base + id);
    const source = picture?.key === undefined ? picture : { ...picture, key: base + picture.key };
    worker.postMessage({ ...content, id: base + id, action, ...(picture ? { picture: source } : {}) });
  }

  function end() {
    if (ended) return;
    ended = true;
    for (const id of waiting) worker.postMessage({ id, action: 'cancel' });
    handles.forEach(release);
    onEnd();
  }

  worker.addEventListener('message', back);
  port.onmessage = ({ data }) => (data.ended ? end() : forth(data));
  messenger.lost.then((error) => {
    if (!ended) port.postMessage({ lost: toErrorData(error) });
  });
}
