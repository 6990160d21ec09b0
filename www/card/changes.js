/**
 * What the visitor and the engine change on a map's card. Nothing here knows the DOM.
 */

/**
 * @typedef {import('./choices.js').CardChoices} CardChoices
 * @typedef {import('./choices.js').Found} Found
 * @typedef {import('./choices.js').Part} Part
 * @typedef {import('../page/state.js').State} State
 */

/** Where the state is and how it is changed. @typedef {{ state: State, set: (change: Partial<State>) => void }} Page */

/** @param {Page} page @param {Partial<CardChoices>} change */
function choose(page, change) {
  page.set({ card: { ...page.state.card, ...change } });
}

/** @param {Page} page @param {Partial<Found>} change */
function find(page, change) {
  page.set({ found: { ...page.state.found, ...change } });
}

/**
 * Unfolds or folds a part of the card. What failed is asked again when its part is unfolded anew.
 * @param {Page} page
 * @param {Part} part
 * @param {boolean} open
 */
export function setOpen(page, part, open) {
  const { card, found } = page.state;
  if (part === 'cam' && !open && found.cam?.error) find(page, { cam: null });
  choose(page, { [part]: { ...card[part], open } });
}

/** Closes the card and goes back to the tile of its map, where it was opened from. @param {Page} page */
export function leaveCard(page) {
  page.set({ cardAsked: false, tileToFocus: page.state.openMap });
}

/** Chooses the class that Grad-CAM is about. @param {Page} page @param {number} classIndex */
export function chooseCamClass(page, classIndex) {
  choose(page, { cam: { ...page.state.card.cam, classIndex } });
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

/** @param {Page} page @param {import('./evidence/recorded.js').RecordedMaps} recordedMaps */
export function keepRecordedMaps(page, recordedMaps) {
  page.set({ recordedMaps });
}

/** @param {Page} page @param {Found['without']} without */
export function answerWithout(page, without) {
  find(page, { without });
}
