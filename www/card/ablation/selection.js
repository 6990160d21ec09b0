/**
 * What switching maps off is about, and what came of it. Nothing here knows the DOM or the engine.
 */

/** @typedef {import('../../page/state.js').State} State */

/** What the card is about: another opened map, sum or class asks something else. @param {Pick<State, 'openMap' | 'chosen' | 'framed'>} state */
export function subjectOf({ openMap, chosen, framed }) {
  return JSON.stringify([openMap, chosen, framed]);
}

/**
 * What stands there: null before maps were switched off, and where that was on another photo or about something else.
 * @param {Pick<State, 'card' | 'found' | 'look' | 'openMap' | 'chosen' | 'framed' | 'recorded'>} state
 */
export function withoutAnswer(state) {
  const { card, found, look, recorded } = state;
  const { without } = found;
  if (!card.without.open || recorded || !without) return null;
  return without.look === look && without.subject === subjectOf(state) ? without : null;
}

/** Maps that can be switched off together. @typedef {{ of: 'map' | 'sum' | 'framed', maps: number[] }} Choice */

/** @param {Pick<State, 'openMap' | 'chosen' | 'framed' | 'look'>} state @returns {Choice[]} */
export function choicesOf({ openMap, chosen, framed, look }) {
  /** @type {Choice[]} */
  const choices = [];
  if (openMap !== null) choices.push({ of: 'map', maps: [openMap] });
  if (chosen.length > 1) choices.push({ of: 'sum', maps: chosen });
  if (framed.layer === look?.layer && framed.maps.length > 0) choices.push({ of: 'framed', maps: framed.maps });
  return choices;
}

/** Whether there is nothing that could change. @param {import('../../page/state.js').LookView} look */
export function isSilent({ finite, predictions, boxes, mask, embedding, picture }) {
  return finite === false || !(predictions.length > 0 || boxes || mask || embedding || picture);
}
