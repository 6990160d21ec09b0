/** What is asked about a look where the visitor has chosen something that few choose. */

import { atLinearHead, currentPhoto, imageOf } from '../state.js';
import { report } from './request.js';

/** @typedef {import('./core.js').Core} Core */

/** What every map adds to the score of the class that is chosen. @param {Core} core */
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
  const trained = await core.model.look(imageOf(photo, core.model), { layer: look.layer, erase: photo.strokes });
  const before = trained.predictions;
  trained.close();
  if (core.state.look === look) core.set({ besideArticle: { look, before } });
}
