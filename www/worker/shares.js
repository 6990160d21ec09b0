/**
 * How threads take the parts of some work: numbers that all of them see, and the way to the next part. Both ends are here, the one who has
 * work (`spread`) and those who wait for it (`serve`).
 */

/** The places of the numbers. `ROUND` counts the works; `NEXT` is the part that nobody has begun of `PARTS`; `BUSY` are the threads that are at
 * it; `ADDRESS` is where the work lies in memory; `BROKEN` is not zero once a thread could not go on. */
const [ROUND, NEXT, PARTS, BUSY, ADDRESS, BROKEN] = [0, 1, 2, 3, 4, 5];

/** How many numbers there are. */
export const NUMBERS = 6;

/** How often a thread looks for work, or for the end of it, before it sleeps: it takes some 20 µs, about as long as waking it. */
const LOOKS = 100_000;

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
 */
function change(numbers, place, known) {
  for (let look = 0; look < LOOKS; look++) {
    const found = Atomics.load(numbers, place);
    if (found !== known) return found;
  }
  Atomics.wait(numbers, place, known);
  return Atomics.load(numbers, place);
}

/**
 * Has all parts of some work done, and returns when they are.
 * @param {Int32Array} numbers
 * @param {number} threads this one among them
 * @param {Work} work
 * @param {number} address
 * @param {number} parts
 * @throws {Error} what the work throws here; that a thread broke
 */
export function spread(numbers, threads, work, address, parts) {
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
    for (let busy = Atomics.load(numbers, BUSY); busy > 0; ) busy = change(numbers, BUSY, busy);
  }
  if (Atomics.load(numbers, BROKEN)) throw new WebAssembly.RuntimeError('a thread of the engine could not go on');
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
    if (next === round) continue;
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
