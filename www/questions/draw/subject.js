/** @typedef {import('./choices.js').Subject} Subject */

/**
 * What drawings on the card would be of.
 * @param {Pick<import('../../page/state.js').State, 'model' | 'look' | 'openMap' | 'article'>} state
 * @returns {Subject}
 */
export function subjectOf({ model, look, openMap, article }) {
  return {
    source: model && JSON.stringify([model.title, model.bytes, article || model.recipe]),
    map: look && openMap !== null ? `${look.layer} ${openMap}` : null,
  };
}

/**
 * What drawings are of from now on: while the card is closed, or the next model opens, they are still of what it was.
 * @param {Subject} before
 * @param {Subject} now
 * @returns {Subject}
 */
export function followed(before, now) {
  return { source: now.source ?? before.source, map: now.map ?? before.map };
}

/** @param {Subject | null} one @param {Subject} other */
export function isSame(one, other) {
  return one?.source === other.source && one.map === other.map;
}
