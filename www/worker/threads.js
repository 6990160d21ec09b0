/**
 * Threads for the loops of the CPU engine, where the page is isolated from other origins, so that memory may be shared. The engine is the same
 * module as elsewhere but for its memory; the threads run a small module of their own (`xtask/src/build/threads.rs`) over it.
 */

import { isPanic } from '../api/errors.js';
import { download } from './download.js';
import { NUMBERS, spread } from './shares.js';

/** The most threads: with more of them the small networks that a page runs get no faster. */
const MOST = 8;

/** Bytes of a thread's stack. Its functions keep little there; the engine's own has a megabyte. */
const STACK = 128 * 1024;

/** What stacks have to begin at a multiple of. */
const ALIGNMENT = 16;

/** How long threads may take to come the first time, in milliseconds. */
const TRIAL = 1000;

/** @typedef {import('./engines.js').Engine} Engine */

/** How many threads are to be had here, the engine's own among them; one of several cores is left to the page. */
export function threadsHere() {
  // Firefox 153 starts them and then stops to answer, for a reason that is not known yet; it has one thread.
  if (!isChromium()) return 1;
  const cores = navigator.hardwareConcurrency || 1;
  return Math.min(cores > 2 ? cores - 1 : cores, MOST);
}

function isChromium() {
  const { userAgentData } = /** @type {{ userAgentData?: { brands: { brand: string }[] } }} */ (navigator);
  return Boolean(userAgentData?.brands.some(({ brand }) => brand === 'Chromium'));
}

/**
 * Starts the engine over a memory that can be shared.
 * @param {import('../api/engine-types.js').EngineModule} module
 * @param {Blob} code of its first part
 * @returns {Promise<import('../api/engine-types.js').EngineExports | null>} null where the browser has no such memory to give
 */
export async function overSharedMemory(module, code) {
  if (!module.sharing || threadsHere() < 2) return null;
  try {
    return await module.default({
      module_or_path: await WebAssembly.compile(module.sharing(await code.arrayBuffer())),
    });
  } catch (error) {
    if (isPanic(error)) throw error;
    // A file that is damaged is so for the other way as well, which says it.
    return null;
  }
}

/**
 * Starts the threads of an engine and has them share its work. Where one does not start the engine goes on alone.
 * @param {Engine} engine over a memory that is shared
 * @param {() => boolean} alone whether the engine is to do its work by itself now
 * @param {number} [threads] how many, the engine's own among them
 * @returns {Promise<number>} how many do the work now, the engine's own thread among them
 */
export async function startThreads({ module, folder, exports }, alone, threads = threadsHere()) {
  const [, , file] = module.files;
  if (!exports || !file) return 1;
  const { signal } = new AbortController();
  const code = await download(new URL(file, folder).href, { stage: 'engine', signal, progress: () => {} });
  const compiled = await WebAssembly.compile(await code.arrayBuffer());
  const numbers = new Int32Array(new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT));
  /** @type {Worker[]} */
  const workers = [];
  try {
    const ready = Array.from({ length: threads - 1 }, (_, index) => {
      const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
      workers.push(worker);
      const place = exports.__wbindgen_malloc(STACK, ALIGNMENT);
      worker.postMessage({
        module: compiled,
        memory: exports.memory,
        stack: place + STACK,
        numbers,
        thread: index + 1,
      });
      return new Promise((resolve, reject) => {
        worker.onmessage = resolve;
        worker.onerror = ({ message }) => reject(new Error(message || 'a thread did not start'));
      });
    });
    await Promise.all(ready);
    // Where they start and do not come when they are woken, the engine would wait for them for ever.
    spread(numbers, threads, () => {}, 0, 0, TRIAL);
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  }
  const work = exports.featurescope_work;
  /** @param {number} address @param {number} parts */
  const shareOut = (address, parts) => {
    if (!alone()) return spread(numbers, threads, work, address, parts);
    for (let part = 0; part < parts; part++) work(address, part, 0);
  };
  module.shareWork(threads, shareOut);
  return threads;
}
