/** What the page shows beside a look and asks the engine for by itself. */

/** @typedef {import('./core.js').Core} Core */

/** @param {Core} core @param {import('../../api/types.js').EngineInfo} engine */
export function explained(core, engine) {
  return core.reason ? { ...engine, reason: core.reason } : engine;
}

/** Says where the model is now, after a question that may have moved it. @param {Core} core */
export function showEngine(core) {
  const { model, state } = core;
  if (model && !state.recorded && state.engine?.device !== model.engine.device)
    core.set({ engine: explained(core, model.engine) });
}

/** @param {Core} core */
export async function updatePalette(core) {
  const { look, overlay } = core.state;
  const glows = overlay.style === 'glow';
  const name = look?.signed ? (glows ? 'glow-signed' : 'diverging') : glows ? 'glow' : overlay.colormap;
  try {
    const palette = await core.scope?.colormap(name);
    if (palette) core.set({ palette });
  } catch {
    // Without it the legend shows its numbers only.
  }
}

/** @param {Core} core @param {Partial<import('../state.js').State['overlay']>} change */
export function setOverlay(core, change) {
  core.set({ overlay: { ...core.state.overlay, ...change } });
  if (change.colormap || change.style) updatePalette(core);
}
