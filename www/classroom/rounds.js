/**
 * What is asked in a round of "predict first", and what an answer is worth. Nothing here knows the DOM.
 */

import { seededRandom, shuffled } from '../statistics/random.js';

/** So many maps to choose from. */
export const CHOICES = 6;

/** What a round needs of a look. @typedef {{ means: Float32Array, maxima: Float32Array, dead: Uint8Array }} Ranked */

/** A hint is to be seen: of a map's largest value on the other photos it reaches at least the first of these parts on each of them, or else
 * the next. */
const VISIBLE = [0.3, 0.1, 0];
/** The others fire at most so much of what the right one does on the photo in question, so that the answer is clear. */
const CLEARLY_LESS = 0.6;

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
 * The maps to choose from: one that is strong on the photo in question, and others that fire on the other photos as strongly as that one, but not
 * on this. So neither strength nor emptiness of the hints gives the answer away, only what they show. In random order.
 * @param {Ranked[]} looks one for each photo
 * @param {number} asked the place of the photo in question
 * @param {number} round counts through the photos, and with each turn through them to the next strongest map
 * @returns {number[]} fewer than `CHOICES` where fewer maps fire on all photos
 */
export function mapsToChooseFrom(looks, asked, round) {
  const references = looks.filter((_, place) => place !== asked);
  const { means } = looks[asked];
  const maps = candidates(looks[asked], references);
  if (maps.length === 0) return [];
  const strength = (/** @type {number} */ map) => references.reduce((sum, look) => sum + look.means[map], 0);
  // Among the first of them, so that the right one is one of the photo's own maps.
  const strongest = [...maps].sort((one, other) => means[other] - means[one] || one - other);
  const right = strongest[Math.floor(round / looks.length) % Math.min(CHOICES, strongest.length)];
  const unlike = (/** @type {number} */ map) => Math.abs(Math.log(strength(map) / strength(right)));
  const others = maps
    .filter((map) => map !== right && means[map] < means[right])
    .map((map) => ({ map, isClear: means[map] <= CLEARLY_LESS * means[right], unlike: unlike(map) }))
    .sort(
      (one, other) => Number(other.isClear) - Number(one.isClear) || one.unlike - other.unlike || one.map - other.map,
    )
    .slice(0, CHOICES - 1);
  return shuffled([right, ...others.map(({ map }) => map)], seededRandom(round));
}

/**
 * The maps of which every hint shows something.
 * @param {Ranked} asked
 * @param {Ranked[]} references
 */
function candidates(asked, references) {
  const alive = [...asked.means.keys()].filter(
    (map) => asked.means[map] > 0 && references.every(({ dead, means }) => !dead[map] && means[map] > 0),
  );
  const seen = (/** @type {number} */ map) => {
    const maxima = references.map((look) => look.maxima[map]);
    return Math.min(...maxima) / Math.max(...maxima);
  };
  const byLevel = VISIBLE.map((level) => alive.filter((map) => seen(map) >= level));
  return byLevel.find((maps) => maps.length >= 2 * CHOICES) ?? alive;
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
