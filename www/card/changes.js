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
export function choose(page, change) {
  page.set({ card: { ...page.state.card, ...change } });
}

/** @param {Page} page @param {Partial<Found>} change */
export function find(page, change) {
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
