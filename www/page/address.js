/**
 * The page's views and their addresses: each question has one of its own, beside the links that hold a finding. So it can be linked to,
 * Back and Forward lead through the questions that were asked, and a reload keeps the one that is.
 */

/** The article's questions, in the order in which the page answers them. @typedef {'look' | 'classes' | 'draw' | 'everywhere' | 'unique'} View */

/** @type {readonly View[]} */
export const VIEWS = ['look', 'classes', 'draw', 'everywhere', 'unique'];

/**
 * The view that a fragment of an address names; null where it is another place, or a link.
 * @param {string} hash as `location.hash`
 * @returns {View | null}
 */
export function viewOf(hash) {
  return VIEWS.find((view) => hash === addressOf(view)) ?? null;
}

/** @param {View} view */
export function addressOf(view) {
  return `#/${view}`;
}

/**
 * What of the state is a view. Of what is asked about classes it is the question that shows; the card lies over it when a map is asked for.
 * @param {View} view
 * @returns {Partial<import('./state.js').State>}
 */
export function showing(view) {
  const seen = { view, alone: false };
  return view === 'look' || view === 'draw' ? seen : { ...seen, question: view, cardAsked: false };
}

/** Shows what belongs to a view alone: the style sheet goes by this. @param {View} view */
export function bringForward(view) {
  document.body.dataset.question = view;
}

/**
 * Goes to a view, which Back leaves again.
 * @param {{ set: (change: Partial<import('./state.js').State>) => void }} store
 * @param {View} view
 */
export function visit(store, view) {
  store.set(showing(view));
  // A link is left with its own address in the history; a page that is as it came is at its first view.
  const here = viewOf(location.hash) ?? (location.hash === '' ? VIEWS[0] : null);
  if (here !== view) history.pushState(null, '', addressOf(view));
}
