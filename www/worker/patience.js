import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';

/**
 * A browser may owe an answer about the graphics card for ever: no promise of WebGPU has a limit of its own.
 */

/** Silence after which the page says what it waits for and offers the CPU engine, in milliseconds. */
const SAY = 3_000;
/** Silence after which nothing is expected any more, in milliseconds. */
const GIVE_UP = 10_000;
/** Silence is counted in ticks of this length, so that a tab that was asleep, or a worker that was busy itself, waits no less. */
const TICK = 500;

/**
 * Does a part of the work that the graphics card may leave unanswered. What counts is the time since the last sign of life: each
 * progress of the work begins it anew, so that a slow graphics card that goes on is waited for.
 * @template T
 * @template {{ progress: (progress: import('../api/types.js').Progress) => void }} C
 * @param {import('../api/types.js').Waiting['for']} what
 * @param {C} call
 * @param {(call: C) => Promise<T>} work is given the call to report its progress to
 * @param {boolean} givesUp whether there is a limit; without one the page only says what it waits for
 * @returns {Promise<T>}
 * @throws {FeaturescopeError} `no-answer` at the limit. The work is left to itself
 */
export function patiently(what, call, work, givesUp) {
  let silence = 0;
  /** @type {import('../api/types.js').Progress} */
  let last = { stage: 'setup', done: 0 };
  /** @param {import('../api/types.js').Progress} progress */
  const progress = (progress) => {
    silence = 0;
    last = progress;
    call.progress(progress);
  };
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      silence += TICK;
      if (givesUp && silence >= GIVE_UP) {
        clearInterval(timer);
        reject(new FeaturescopeError('no-answer', text.engine.noAnswer(what, GIVE_UP / 1000)));
      } else if (silence >= SAY) {
        const waiting = {
          for: what,
          seconds: Math.floor(silence / 1000),
          ...(givesUp ? { limit: GIVE_UP / 1000 } : {}),
        };
        call.progress({ ...last, waiting });
      }
    }, TICK);
    work({ ...call, progress })
      .finally(() => clearInterval(timer))
      .then(resolve, reject);
  });
}
