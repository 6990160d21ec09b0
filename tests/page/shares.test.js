// Parts of some work, done by several threads at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { NUMBERS, spread } from '../../www/worker/shares.js';

/** Threads that add one at each part's place; part 13 of the work at address 9 breaks whoever does it. */
const THREAD = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { serve } from '${new URL('../../www/worker/shares.js', import.meta.url).href}';
  const { numbers, done, thread } = workerData;
  serve(numbers, (address, part) => {
    if (address === 9 && part === 13) throw new Error('unreachable');
    Atomics.add(done, address + part, 1);
  }, thread, () => parentPort.postMessage('ready'));
`;

/** @param {number} threads @param {(given: { numbers: Int32Array, done: Int32Array }) => Promise<void> | void} use */
async function withThreads(threads, use) {
  const numbers = new Int32Array(new SharedArrayBuffer(NUMBERS * 4));
  const done = new Int32Array(new SharedArrayBuffer(4 * 1000));
  const workers = Array.from({ length: threads - 1 }, (_, index) =>
    new Worker(new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`), { workerData: { numbers, done, thread: index + 1 } }));
  try {
    await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))));
    await use({ numbers, done });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

for (const threads of [1, 2, 4]) {
  test(`${threads} threads do every part once, work after work`, () => withThreads(threads, ({ numbers, done }) => {
    /** @type {import('../../www/worker/shares.js').Work} */
    const work = (address, part) => Atomics.add(done, address + part, 1);
    for (let round = 1; round <= 2000; round++) {
      const parts = round % 40;
      done.fill(0);
      spread(numbers, threads, work, 100, parts);
      assert.deepEqual([...done.subarray(99, 100 + parts + 1)], [0, ...Array(parts).fill(1), 0]);
    }
  }));
}

test('a thread that breaks is said once all have ended', () => withThreads(3, ({ numbers, done }) => {
  // The others get to the part that breaks them, since the first does nothing but its own first part.
  /** @type {import('../../www/worker/shares.js').Work} */
  const slow = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  assert.throws(() => spread(numbers, 3, slow, 9, 40), WebAssembly.RuntimeError);
  assert.ok(done.some((count) => count === 1));
}));

test('what the first thread throws waits for the others', () => withThreads(2, ({ numbers, done }) => {
  assert.throws(() => spread(numbers, 2, () => { throw new RangeError('here'); }, 500, 30), RangeError);
  const before = [...done];
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  assert.deepEqual([...done], before);
}));
