/**
 * What was recorded against what is computed here. Nothing here knows the DOM.
 */

/** Two engines add up in another order, so equal results differ in the last digits: this part of the largest mean. */
export const CLOSE = 1e-3;
/** Probabilities are compared in whole per mille. */
export const CLOSE_PROBABILITY = 1e-3;
/** Differences that are listed one by one. */
export const LISTED = 10;

/**
 * @typedef {object} Comparison
 * @property {boolean} same
 * @property {boolean} comparable the layer has as many maps as the recorded one
 * @property {number} difference the largest of all means
 * @property {number} largest mean
 * @property {number} count of maps whose means differ
 * @property {{ map: number, recorded: number, here: number }[]} maps that differ most
 * @property {{ label: string, recorded: number, here: number }[]} predictions that differ
 */

/**
 * @param {Pick<import('./record.js').RecordData, 'means' | 'predictions'>} record
 * @param {{ means: ArrayLike<number>, predictions: import('../api/types.js').Prediction[] }} look
 * @returns {Comparison}
 */
export function compare({ means, predictions }, look) {
  const comparable = means.length === look.means.length;
  const all = comparable ? means.map((recorded, map) => ({ map, recorded, here: look.means[map] })) : [];
  const distance = (/** @type {{ recorded: number, here: number }} */ { recorded, here }) => Math.abs(recorded - here);
  const largest = means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0);
  const different = all.filter((entry) => !(distance(entry) <= CLOSE * Math.max(largest, 1e-12)));
  const here = new Map(look.predictions.map(({ index, probability }) => [index, probability]));
  const said = predictions
    .map(({ index, label, probability }) => ({ label, recorded: probability, here: here.get(index) ?? 0 }))
    .filter((entry) => distance(entry) > CLOSE_PROBABILITY);
  return {
    same: comparable && different.length === 0 && said.length === 0,
    comparable,
    difference: all.reduce((most, entry) => Math.max(most, distance(entry)), 0),
    largest,
    count: different.length,
    maps: different.sort((one, other) => distance(other) - distance(one)).slice(0, LISTED),
    predictions: said.slice(0, LISTED),
  };
}
