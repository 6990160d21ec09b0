/** What is chosen in the question about a class's maps as an alarm, as plain data. */

/**
 * @typedef {object} UniqueChoices
 * @property {string | null} mapsOf the class whose maps are summed; null: the first
 * @property {number | null} map the only one that is summed; null: all of the class
 * @property {string | null} mapsFrom the model whose maps the further ones are asked with, by `choiceKey`; null: each has its own
 * @property {boolean} ownScale each model's sums have an axis of their own
 * @property {Record<string, number>} thresholds where the visitor put the alarm lines, by the `thresholdKey` of selection.js
 */

/** @type {UniqueChoices} */
export const uniqueChoices = { mapsOf: null, map: null, mapsFrom: null, ownScale: true, thresholds: {} };
