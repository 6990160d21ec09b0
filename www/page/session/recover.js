/** Another engine in the place of the one before: after a loss, as the visitor chooses, or where it does not stop. */

import { alertOf } from '../changes.js';
import { text } from './text.js';
import { settledChoices } from './failure.js';
import { start } from './model.js';
import { abandon } from './request.js';
import { dropScope } from './scope.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('./core.js').Core} Core
 */

/** How long a cancelled request may keep the worker busy before the worker is ended, in milliseconds. */
const GRACE = 3000;
/** After so many losses of the worker without a success between them the page stops trying. */
const MOST_LOSSES = 4;

/**
 * Starts anew after the worker or the graphics device was lost. The photos are all here still.
 * @param {Core} core which has let go of the engine
 * @param {FeaturescopeError} error
 */
export async function replace(core, error) {
  core.losses += 1;
  if (core.losses > MOST_LOSSES) {
    abandon(core);
    core.set({ progress: null, errors: [alertOf(core, text.gaveUp)] });
    return;
  }
  // The first time the same again; then without the model, photo or layer that may be to blame.
  if (core.losses > 1) {
    core.wanted = null;
    core.set({
      ...settledChoices(core),
      ...(core.settled.photo === null ? { photo: core.state.photos[0]?.id ?? null } : {}),
    });
  }
  if (error.code === 'device-lost' && core.losses > 1) {
    core.reason = text.deviceLost;
    core.set({ engineRequest: 'cpu' });
  }
  core.set({ errors: [alertOf(core, text.restarting(error.message))] });
  await start(core);
  // The sentence above went with the success; that it happened stays to be read.
  if (core.losses === 0) core.set({ notice: text.restarted });
}

/**
 * Goes on with another engine, or with the one before where that one does not start.
 * @param {Core} core
 * @param {import('../../api/types.js').EngineRequest} engineRequest
 */
export async function switchEngine(core, engineRequest) {
  const { engineRequest: before } = core.state;
  dropScope(core);
  core.reason = undefined;
  core.set({ engineRequest, engine: null, errors: [] });
  await start(core);
  const { engineRequest: now, errors } = core.state;
  if (core.scope || now !== engineRequest || before === engineRequest) return;
  core.set({ engineRequest: before });
  await start(core, errors);
}

/**
 * Ends a worker that does not stop what was cancelled, and starts it again.
 * @param {Core} core
 * @param {AbortController} running what was cancelled
 */
export async function endWhereLate(core, running) {
  const { scope } = core;
  if (!scope) return;
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), GRACE));
  const outcome = await Promise.race([scope.settled(), late]);
  if (outcome === 'late' && core.scope === scope && core.running === running) {
    core.set(settledChoices(core));
    dropScope(core);
    await start(core);
  }
}
