/** What is chosen in the parts of a map's card, and what was found there. */

import { choose, find } from './changes.js';

/**
 * @typedef {import('./choices.js').Found} Found
 * @typedef {import('./changes.js').Page} Page
 */

/** Chooses the class that Grad-CAM is about. @param {Page} page @param {number} classIndex */
export function chooseCamClass(page, classIndex) {
  choose(page, { cam: { ...page.state.card.cam, classIndex, at: null } });
}

/** Chooses what a map that is switched off becomes. @param {Page} page @param {'zero' | 'mean'} to */
export function chooseReplacement(page, to) {
  choose(page, { without: { ...page.state.card.without, to } });
}

/** @param {Page} page @param {Found['cam']} cam */
export function answerCam(page, cam) {
  find(page, { cam });
}

/** @param {Page} page @param {Found['elsewhere']} elsewhere */
export function findElsewhere(page, elsewhere) {
  find(page, { elsewhere });
}

/** @param {Page} page @param {import('./evidence/recorded.js').RecordedMaps | null} recordedMaps null: its pictures cannot be had */
export function keepRecordedMaps(page, recordedMaps) {
  page.set({ recordedMaps });
}

/** @param {Page} page @param {Found['without']} without */
export function answerWithout(page, without) {
  find(page, { without });
}
