/**
 * How threads take the parts of some work: numbers that all of them see, and the way to the next part. Both ends are here, the one who has
 * work (`spread`) and those who wait for it (`serve`).
 */

/** The places of the numbers. `ROUND` counts the works; `NEXT` is the part that nobody has begun of `PARTS`; `BUSY` are the threads that are at
 * it; `ADDRESS` is where the work lies in memory; `BROKEN` is not zero once a thread could not go on. */
const [ROUND, NEXT, PARTS, BUSY, ADDRESS, BROKEN] = [0, 1, 2, 3, 4, 5];

/** How many numbers there are. */
export const NUMBERS = 6;

/** How often a thread looks for work, or for the end of it, before it sleeps: some 0.6 ms, which is
 * longer than what lies between two kernels of a network; waking one takes a tenth of that. */
const LOOKS = 100_000;

/** How long the parts that a thread is at may take, in milliseconds; they take some of these. */
const LIMIT = 30_000;

/** @typedef {(address: number, part: number, thread: number) => void} Work an engine's own function, or a thread's */

/**
 * Does the parts that are left.
 * @param {Int32Array} numbers
 * @param {Work} work
 * @param {number} thread its number
 */
function take(numbers, work, thread) {
  const [parts, address] = [Atomics.load(numbers, PARTS), Atomics.load(numbers, ADDRESS)];
  for (;;) {
    const part = Atomics.add(numbers, NEXT, 1);
    if (part >= parts) return;
    work(address, part, thread);
  }
}

/**
 * The next value of a number: waits until it is another one, or somebody is woken for it.
 * @param {Int32Array} numbers
 * @param {number} place
 * @param {number} known
 * @param {number} [limit] of sleep, in milliseconds; null comes after that
 */
function change(numbers, place, known, limit = Infinity) {
  for (let look = 0; look < LOOKS; look++) {
    const found = Atomics.load(numbers, place);
    if (found !== known) return found;
  }
  return Atomics.wait(numbers, place, known, limit) === 'timed-out' ? null : Atomics.load(numbers, place);
}

/**
 * Has all parts of some work done, and returns when they are.
 * @param {Int32Array} numbers
 * @param {number} threads this one among them
 * @param {Work} work
 * @param {number} address
 * @param {number} parts
 * @param {number} [limit] how long others may take for a part that they have begun, in milliseconds
 * @throws {Error} what the work throws here; a `RuntimeError`, as of an engine that is lost, where a thread broke or does not answer
 */
export function spread(numbers, threads, work, address, parts, limit = LIMIT) {
  Atomics.store(numbers, ADDRESS, address);
  Atomics.store(numbers, PARTS, parts);
  Atomics.store(numbers, NEXT, 0);
  Atomics.store(numbers, BUSY, threads - 1);
  Atomics.add(numbers, ROUND, 1);
  Atomics.notify(numbers, ROUND);
  try {
    take(numbers, work, 0);
  } finally {
    // Nobody may be at work any more that is gone.
    for (let busy = Atomics.load(numbers, BUSY); busy > 0; ) {
      const left = change(numbers, BUSY, busy, limit);
      // One is gone, or will never end.
      if (left === null) Atomics.store(numbers, BROKEN, 1);
      busy = left ?? 0;
    }
  }
  if (Atomics.load(numbers, BROKEN)) throw new WebAssembly.RuntimeError('thread');
}

/**
 * Does parts of whatever comes, for ever.
 * @param {Int32Array} numbers
 * @param {Work} work
 * @param {number} thread its number
 * @param {() => void} ready called when work may come
 */
export function serve(numbers, work, thread, ready) {
  let round = Atomics.load(numbers, ROUND);
  ready();
  for (;;) {
    const next = change(numbers, ROUND, round);
    if (next === null || next === round) continue;
    round = next;
    try {
      take(numbers, work, thread);
    } catch {
      Atomics.store(numbers, BROKEN, 1);
    }
    Atomics.sub(numbers, BUSY, 1);
    Atomics.notify(numbers, BUSY);
  }
}
