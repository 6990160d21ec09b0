import { FeaturescopeError, cancelled, fromErrorData } from './errors.js';
import { language } from './language.js';
import { text } from './text.js';

/**
 * @typedef {object} Pending
 * @property {(value: any) => void} resolve
 * @property {(error: FeaturescopeError) => void} reject
 * @property {((progress: import('./types.js').Progress) => void) | undefined} onProgress
 * @property {() => void} forget removes the listeners
 * @property {string} action
 */

/**
 * The page's end of the line to the worker. Messages are `{ id, action, watched, … }`; answers are
 * `{ id, result }`, `{ id, error }` or, where it is watched, `{ id, progress }`; `{ lost, picture }` says that the worker gave up on
 * itself, and because of which picture.
 */
export class Messenger {
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Requests that were cancelled here and that the worker has not answered yet.
   * @type {Set<number>} */
  #abandoned = new Set();
  /** @type {(() => void)[]} */
  #whenIdle = [];
  /** @type {FeaturescopeError | null} */
  #lost = null;
  /** The worker's script runs. */
  #answered = false;
  /** @type {(error: FeaturescopeError) => void} */
  #reportLost = () => {};

  /** Told the picture, by its key or address, at which a lost worker's decoder panicked.
   * @type {(picture: string | number) => void} */
  onBroke = () => {};
  /** How many workers work over many may be spread over, where somebody says so.
   * @type {number | undefined} */
  workers;
  /** Those workers, from the first such work on; they run the same module.
   * @type {import('./pool.js').Pool | undefined} */
  pool;

  /**
   * @param {URL} url address of the worker's module
   * @param {import('./relay.js').Line} [line] to one that runs already
   */
  constructor(url, line) {
    this.url = url;
    /** Settles with the reason once the worker is gone for good; never rejects.
     * @type {Promise<FeaturescopeError>} */
    this.lost = new Promise((resolve) => {
      this.#reportLost = resolve;
    });
    this.worker = /** @type {Worker} */ (line ?? startWorker(url));
    this.worker.onmessage = (event) => {
      this.#answered = true;
      this.#receive(event.data);
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      // A script that is missing, or is a page in its place, says nothing.
      const missing = !this.#answered && !event.message;
      this.#fail(
        new FeaturescopeError('worker-lost', missing ? startFailed() : text.errors.workerLost(event.message ?? '')),
      );
    };
    this.worker.onmessageerror = () => this.#fail(new FeaturescopeError('worker-lost', text.errors.workerLost('')));
    this.#watch();
  }

  /**
   * @param {string} action
   * @param {Record<string, unknown>} [content]
   * @param {import('./types.js').CallOptions & { transfer?: Transferable[], pause?: import('./types.js').PauseSwitch }} [options]
   * @returns {Promise<any>} what the action gives, which whoever asks for it knows
   */
  request(action, content = {}, { signal, onProgress, transfer = [], pause } = {}) {
    if (this.#lost) return Promise.reject(this.#lost);
    if (signal?.aborted) return Promise.reject(cancelled());
    this.pool?.hear(action, content);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#pending.get(id)?.forget();
        this.#pending.delete(id);
        this.#abandoned.add(id);
        this.worker.postMessage({ id, action: 'cancel' });
        reject(cancelled());
      };
      const hold = () => this.worker.postMessage({ id, action: 'hold', held: pause?.held });
      const forget = () => {
        signal?.removeEventListener('abort', abort);
        pause?.removeEventListener('change', hold);
      };
      signal?.addEventListener('abort', abort, { once: true });
      pause?.addEventListener('change', hold);
      this.#pending.set(id, { resolve, reject, onProgress, forget, action });
      try {
        this.worker.postMessage({ id, action, watched: Boolean(onProgress), ...content }, transfer);
      } catch (error) {
        // A function among the options, say.
        forget();
        this.#pending.delete(id);
        reject(new FeaturescopeError('bad-argument', text.errors.notSendable(/** @type {Error} */ (error).message)));
        return;
      }
      if (pause?.held) hold();
    });
  }

  /** Whether a worker is at such a request, or will be. @param {string} action @returns {boolean} */
  isAsked(action) {
    return (
      [...this.#pending.values()].some((pending) => pending.action === action) || this.pool?.isAsked(action) || false
    );
  }

  /** Resolves once the worker has answered everything that was cancelled. */
  idle() {
    if (this.#abandoned.size === 0 || this.#lost) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(() => resolve(undefined)));
  }

  /**
   * Ends the worker at once.
   * @param {FeaturescopeError} reason what the requests that still wait are rejected with
   */
  terminate(reason) {
    this.worker.terminate();
    this.#fail(reason);
  }

  /** @param {any} message of the worker, which is of the same build: a lock's name, a loss, progress, a result or an error */
  #receive(message) {
    if (message.lock) return this.#watchLock(message.lock);
    if (message.lost) {
      if (message.picture !== undefined) this.onBroke(message.picture);
      return this.#fail(fromErrorData(message.lost));
    }
    if (this.#abandoned.has(message.id)) {
      if ('progress' in message) return;
      this.#abandoned.delete(message.id);
      // It was finished when the cancel arrived; nobody holds it, so it is freed at once.
      if (message.result?.handle) this.request('release', { handle: message.result.handle }).catch(() => {});
      if (this.#abandoned.size === 0) this.#whenIdle.splice(0).forEach((resolve) => resolve());
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if ('progress' in message) return pending.onProgress?.(message.progress);
    this.#pending.delete(message.id);
    pending.forget();
    if ('error' in message) pending.reject(fromErrorData(message.error));
    else pending.resolve(message.result);
  }

  /** @param {FeaturescopeError} error */
  #fail(error) {
    if (this.#lost) return;
    this.#lost = error;
    this.worker.terminate();
    this.pool?.end(error);
    for (const pending of this.#pending.values()) {
      pending.forget();
      pending.reject(error);
    }
    this.#pending.clear();
    this.#abandoned.clear();
    this.#whenIdle.splice(0).forEach((resolve) => resolve());
    this.#reportLost(error);
  }

  /** Asks the worker for the name of the lock that it holds as long as it lives. */
  #watch() {
    if (navigator.locks) this.worker.postMessage({ id: 0, action: 'watch' });
  }

  /**
   * A worker that the browser kills (out of memory, say) tells nobody. The lock it held is then given
   * to whoever waits for it, which is how the page learns.
   * @param {string} name
   */
  #watchLock(name) {
    navigator.locks
      .request(name, () => this.#fail(new FeaturescopeError('worker-lost', text.errors.workerLost(''))))
      .catch(() => {});
  }
}

/** Why a worker does not start. */
function startFailed() {
  return globalThis.origin === 'null' ? text.errors.workerInFrame : text.errors.workerMissing;
}

/**
 * A worker of another origin cannot be started directly; a blob that imports it can, where its host
 * allows CORS.
 * @param {URL} url
 */
function startWorker(url) {
  // In a frame without an origin of its own (`sandbox` without `allow-same-origin`) every address is another origin's.
  if (url.origin === globalThis.origin) return new Worker(url, { type: 'module', name: language });
  const blob = new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module', name: language });
  worker.addEventListener('message', () => URL.revokeObjectURL(address), { once: true });
  return worker;
}
