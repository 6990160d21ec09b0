/**
 * What is asked in a round of "predict first", and what an answer is worth. Nothing here knows the DOM.
 */

import { seededRandom, shuffled } from '../statistics/random.js';

/** So many maps to choose from. */
export const CHOICES = 6;

/** What a round needs of a look. @typedef {{ means: Float32Array, top: (count: number) => { map: number, mean: number }[] }} Ranked */

/**
 * @typedef {object} Answer
 * @property {string} time
 * @property {string} model
 * @property {string} layer
 * @property {string} photo
 * @property {number[]} maps those to choose from, in the order shown
 * @property {number[]} means of these maps on the photo
 * @property {number} chosen
 * @property {number} strongest of these maps on the photo
 * @property {boolean} right
 * @property {string} why
 */

/**
 * The maps to choose from: in turn the strongest of each photo that is not among them yet, the asked one first, so that every
 * one of them fires on something. In random order.
 * @param {Ranked[]} looks one for each photo
 * @param {number} asked the place of the photo in question
 * @param {number} seed
 * @returns {number[]} fewer than `CHOICES` where fewer maps fire at all
 */
export function mapsToChooseFrom(looks, asked, seed) {
  const order = [looks[asked], ...looks.filter((_, place) => place !== asked)];
  const rankings = order.map((look) =>
    look
      .top(CHOICES * looks.length)
      .filter(({ mean }) => mean > 0)
      .map(({ map }) => map),
  );
  const maps = new Set(/** @type {number[]} */ ([]));
  let found = true;
  while (found && maps.size < CHOICES) {
    found = false;
    for (const ranking of rankings) {
      const next = ranking.find((map) => !maps.has(map));
      if (next === undefined || maps.size === CHOICES) continue;
      maps.add(next);
      found = true;
    }
  }
  return shuffled([...maps], seededRandom(seed));
}

/**
 * The map with the largest mean; equal means: the lower one.
 * @param {Ranked} look
 * @param {number[]} maps
 */
export function strongestOf(look, maps) {
  return maps.reduce((best, map) => {
    const difference = look.means[map] - look.means[best];
    return difference > 0 || (difference === 0 && map < best) ? map : best;
  });
}

/**
 * What the file holds that is handed in.
 * @param {string} name of whoever answered
 * @param {Answer[]} answers
 */
export function answersFile(name, answers) {
  return {
    kind: 'featurescope-answers',
    version: 1,
    name,
    right: answers.filter(({ right }) => right).length,
    answers,
  };
}
