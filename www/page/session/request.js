/** Requests to the engine: the newest wins. */

import { alertTo } from '../changes.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../../api/types.js').Progress} Progress
 * @typedef {import('./core.js').Core} Core
 */

/**
 * Whatever ran before is cancelled.
 * @param {Core} core
 * @param {Progress['stage']} [stage] what comes first
 */
export function begin(core, stage = 'run') {
  core.running.abort();
  core.running = new AbortController();
  core.set({ notice: null, progress: { stage, done: 0 } });
  return core.running;
}

/** Lets go of what is running, without a word. @param {Core} core */
export function abandon(core) {
  core.running.abort();
  core.running = new AbortController();
  core.opening = null;
}

/** @param {Core} core @param {AbortController} controller */
export function callOptions(core, controller) {
  return {
    signal: controller.signal,
    /** @param {Progress} progress */
    onProgress: (progress) => {
      if (!controller.signal.aborted) core.set({ progress });
    },
  };
}

/** Waits until an engine that was lost is replaced, and what it was asked last is done or has failed. @param {Core} core */
export async function recovered(core) {
  for (let { recovery } = core; recovery; recovery = core.recovery) {
    await recovery;
    // Where this one was lost as well, there is another.
    if (core.recovery === recovery) core.recovery = null;
  }
}

/** Closes a model that was opened and has not looked. @param {Core} core */
export function dropCandidate(core) {
  core.candidate?.model.close();
  core.candidate = null;
}

/**
 * @param {Core} core
 * @param {unknown} error of whatever else asks the engine: a lost device is replaced there as in a look
 */
export function report(core, error) {
  const lost = /** @type {FeaturescopeError} */ (error)?.code === 'device-lost';
  if (!lost) return alertTo(core, error);
  // Without a scope a new one is on its way already.
  if (core.scope) core.recover(/** @type {FeaturescopeError} */ (error));
}
