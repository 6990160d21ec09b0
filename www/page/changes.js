/** Named changes of the state. */

/** @typedef {import('./state.js').State} State */
/** The questions whose choices have a place of their own in the state. @typedef {'classes' | 'everywhere' | 'unique'} Chosen */

/**
 * Changes what is chosen in one question; what is not named stays.
 * @template {Chosen} Q
 * @param {{ state: State, set: (change: Partial<State>) => void }} store
 * @param {Q} question
 * @param {Partial<State[Q]>} change
 */
export function choose(store, question, change) {
  store.set({ [question]: { ...store.state[question], ...change } });
}
