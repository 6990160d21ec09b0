/**
 * A thread of the CPU engine: a worker of the worker, with the engine's memory and the few functions that do parts of its kernels' work. It is told
 * everything once, answers that it is ready, and stays in `serve` until it is ended.
 */

import { serve } from './shares.js';

/**
 * @typedef {object} Given
 * @property {WebAssembly.Module} module the thread's
 * @property {WebAssembly.Memory} memory the engine's
 * @property {number} stack where its own stack ends, in that memory
 * @property {Int32Array} numbers
 * @property {number} thread its number
 */

/** @param {MessageEvent<Given>} event */
self.onmessage = ({ data: { module, memory, stack, numbers, thread } }) => {
  const { exports } = new WebAssembly.Instance(module, { engine: { memory } });
  /** @type {WebAssembly.Global} */ (exports.stack).value = stack;
  serve(numbers, /** @type {import('./shares.js').Work} */ (exports.work), thread, () => self.postMessage('ready'));
};
