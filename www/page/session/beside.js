/** What the page shows beside a look and asks the engine for by itself. */

import { atLinearHead, currentPhoto } from '../state.js';
import { report } from './request.js';

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

/** @param {Core} core */
export async function updateContributions(core) {
  const { classIndex, look } = core.state;
  if (classIndex === null || !look || !atLinearHead(core.state)) return core.set({ order: 'mean' });
  try {
    const shown = /** @type {import('../../featurescope.js').Look} */ (look);
    const contributions = (await shown.contributions(classIndex))?.contributions ?? null;
    if (core.state.look === look && core.state.classIndex === classIndex) core.set({ contributions });
  } catch (error) {
    report(core, error);
  }
}

/** What the network says of the photo as it was trained, beside what it says as the article has it. @param {Core} core */
export async function updateBesideArticle(core) {
  const { article, look } = core.state;
  const photo = currentPhoto(core.state);
  if (!article || !look || !photo || !core.model) return;
  try {
    const trained = await core.model.look(photo.source, { layer: look.layer, erase: photo.strokes });
    const before = trained.predictions;
    trained.close();
    if (core.state.look === look) core.set({ besideArticle: { look, before } });
  } catch (error) {
    report(core, error);
  }
}
