/**
 * How far the area under a ROC curve could be off because the images are few.
 */

import { quantileSorted } from '../vendor/simple-statistics.js';
import { areaUnderCurve, rankScores } from './ranks.js';

/**
 * @typedef {Object} Draw a resample: places in the lists of scores, as many as there are scores
 * @property {ArrayLike<number>} positives
 * @property {ArrayLike<number>} negatives
 */

/**
 * The 95 % interval of the area under the ROC curve by the percentile bootstrap (Efron and Tibshirani, An Introduction to
 * the Bootstrap, 1993, chapter 13): positives and negatives are each drawn again with replacement, to their own number, and
 * of the areas of all resamples the 2.5 % and the 97.5 % quantile are taken, interpolated linearly (type 7 of Hyndman and
 * Fan, The American Statistician 50, 1996, which is also numpy's default).
 *
 * The scores are sorted once. A resample only counts how often each rank was drawn, and its area is one walk over the ranks;
 * so the time grows with the number of images and not with that of their pairs.
 *
 * @param {ArrayLike<number>} positives scores of the class, finite
 * @param {ArrayLike<number>} negatives scores of the rest, finite
 * @param {Object} options one of `random` and `draws` is needed
 * @param {number} [options.resamples] how many, 1 or more
 * @param {() => number} [options.random] the next number in [0, 1), see `seededRandom`
 * @param {(resample: number) => Draw} [options.draws] resamples that are given instead of drawn
 * @returns {{ low: number, high: number } | null} each 0…1; null without positives or without negatives
 * @throws {RangeError} where a score is infinite or not a number
 * @throws {TypeError} without `random` and `draws`
 */
export function aucInterval(positives, negatives, { resamples = 2000, random, draws }) {
  const ranks = rankScores(positives, negatives);
  if (positives.length === 0 || negatives.length === 0) return null;
  draws ??= random && drawing(positives.length, negatives.length, random);
  if (draws === undefined) throw new TypeError('a bootstrap needs random numbers or draws');

  const positivesAt = new Uint32Array(ranks.scores.length);
  const negativesAt = new Uint32Array(ranks.scores.length);
  const areas = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const draw = draws(resample);
    count(draw.positives, ranks.positives, positivesAt);
    count(draw.negatives, ranks.negatives, negativesAt);
    areas[resample] = areaUnderCurve(positivesAt, negativesAt) ?? NaN;
  }
  const sorted = Array.from(areas.sort());
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}

/**
 * Draws with replacement, into the same two arrays every time.
 *
 * @param {number} positives
 * @param {number} negatives
 * @param {() => number} random
 * @returns {() => Draw}
 */
function drawing(positives, negatives, random) {
  const draw = { positives: new Uint32Array(positives), negatives: new Uint32Array(negatives) };
  return () => {
    for (let i = 0; i < positives; i++) draw.positives[i] = Math.floor(random() * positives);
    for (let i = 0; i < negatives; i++) draw.negatives[i] = Math.floor(random() * negatives);
    return draw;
  };
}

/**
 * Counts how often each rank was drawn.
 *
 * @param {ArrayLike<number>} drawn places in `ranks`
 * @param {Uint32Array} ranks
 * @param {Uint32Array} counts one for each rank, overwritten
 */
function count(drawn, ranks, counts) {
  counts.fill(0);
  for (let i = 0; i < drawn.length; i++) counts[ranks[drawn[i]]]++;
}
