import { text } from './text.js';

/**
 * Kinds of failure a program can tell apart. The engine's own codes pass through unchanged, so the
 * list is open; these are the ones that JavaScript raises itself or treats in a special way.
 *
 * - `cancelled`: the caller's signal, or a newer request, stopped it
 * - `network`: an address could not be read (offline, 404, or a host without CORS)
 * - `wrong-results`: the graphics adapter failed the self-check
 * - `no-gpu`: WebGPU was asked for and there is none
 * - `no-answer`: the browser or the graphics card owed an answer for too long
 * - `device-lost`: the graphics device went away
 * - `worker-lost`: the worker died or could not start; the object it belonged to is unusable
 * - `bad-model`, `bad-image`, `too-large`, `unsupported-op`: what was given cannot be used
 * - `bad-argument`: an option or number that does not exist
 * - `closed`: the object was closed before
 * - `internal`: a defect of ours
 * @typedef {'cancelled' | 'network' | 'no-gpu' | 'no-answer' | 'device-lost' | 'worker-lost' | 'bad-model' | 'bad-image'
 *   | 'too-large' | 'unsupported-op' | 'bad-argument' | 'closed' | 'internal' | (string & {})} ErrorCode
 */

/** Plain form of an error, for messages between page and worker.
 * @typedef {{ code: ErrorCode, message: string, node?: string }} ErrorData */

/** What every function of the public API throws. `message` is a sentence a person can act on. */
export class FeaturescopeError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message
   * @param {string} [node] the node of the model that is to blame
   */
  constructor(code, message, node) {
    super(message);
    this.name = 'FeaturescopeError';
    this.code = code;
    this.node = node;
  }
}

/** @returns {FeaturescopeError} */
export function cancelled() {
  return new FeaturescopeError('cancelled', text.errors.cancelled);
}

/**
 * Turns whatever was thrown into the plain form. What the engine throws is in English and put into the visitor's language
 * here, once: beyond this it is a `FeaturescopeError`, or its plain form. An unknown error keeps its own message, since that is
 * what a bug report needs.
 * @param {unknown} thrown
 * @returns {ErrorData}
 */
export function toErrorData(thrown) {
  if (thrown && typeof thrown === 'object' && 'code' in thrown && typeof thrown.code === 'string') {
    const { code, message: thrownMessage, node } = /** @type {ErrorData} */ (thrown);
    const message =
      thrown instanceof FeaturescopeError ? thrownMessage : text.errors.engine(code, String(thrownMessage), node);
    return node ? { code, message, node } : { code, message };
  }
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return toErrorData(cancelled());
  return { code: 'internal', message: text.errors.internal(thrown instanceof Error ? thrown.message : String(thrown)) };
}

/**
 * An error from its plain form, as the worker sends it.
 * @param {ErrorData} data
 */
export function fromErrorData({ code, message, node }) {
  return new FeaturescopeError(code, message, node);
}

/**
 * @param {unknown} thrown
 * @returns {FeaturescopeError}
 */
export function toError(thrown) {
  if (thrown instanceof FeaturescopeError) return thrown;
  return fromErrorData(toErrorData(thrown));
}

/**
 * True for a trap inside WebAssembly: a panic leaves the module's memory in an unknown state, so the
 * worker that holds it must not be used again.
 * @param {unknown} thrown
 */
export function isPanic(thrown) {
  return typeof WebAssembly === 'object' && thrown instanceof WebAssembly.RuntimeError;
}

/**
 * A part of the library that loads when it is first asked for.
 * @template T
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 * @throws {FeaturescopeError} `network`
 */
export function part(loading) {
  return loading.catch(() => {
    throw new FeaturescopeError('network', text.errors.engineMissing);
  });
}
