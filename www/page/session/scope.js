/** The engine's start and its end. */

import { callOptions } from './request.js';
import { explained, updatePalette } from './beside.js';

/** @typedef {import('./core.js').Core} Core */

/** @param {Core} core @param {AbortController} controller */
export async function startScope(core, controller) {
  core.set({ progress: { stage: 'setup', done: 0 } });
  const scope = await core.createScope({ engine: core.state.engineRequest, ...callOptions(core, controller) });
  core.scope = scope;
  scope.lost.then((error) => {
    if (core.scope === scope && error.code !== 'closed') core.recover(error);
  });
  core.set({ engine: explained(core, scope.engine) });
  updatePalette(core);
}

/** @param {Core} core */
export function dropScope(core) {
  const { scope } = core;
  core.swollenBy = null;
  core.scope = null;
  core.model = null;
  core.candidate = null;
  scope?.close();
}

/** Ends an engine whose memory is too large, so that the next one begins with none; where something would be lost with it, it stays.
 * @param {Core} core @returns {boolean} whether it has ended */
export function renew(core) {
  // What the classes' studies know lies in the engine's memory, and would have to be looked at again.
  const ends = !core.workbench?.studies.length && !core.scope?.isDrawing;
  if (ends) dropScope(core);
  return ends;
}
