/**
 * The receiver operating characteristic of a score that is to tell a class from the rest.
 */

import { areaUnderCurve, rankScores } from './ranks.js';

/**
 * @typedef {Object} RocPoint what an alarm at this threshold finds; an alarm is a score ≥ threshold
 * @property {number} threshold Infinity for the first point, where there is no alarm
 * @property {number} falsePositives alarms in the rest
 * @property {number} truePositives alarms in the class
 * @property {number} falsePositiveRate falsePositives of all negatives, 0…1
 * @property {number} truePositiveRate truePositives of all positives, 0…1
 */

/**
 * The ROC curve: from (0, 0) at the threshold Infinity one point for each distinct score, from the highest to the lowest,
 * where it is (1, 1). Points on a straight line are kept, as by scikit-learn's `roc_curve(drop_intermediate=False)`.
 *
 * @param {ArrayLike<number>} positives scores of the class, finite
 * @param {ArrayLike<number>} negatives scores of the rest, finite
 * @returns {{ points: RocPoint[], auc: number | null }} `auc` is the area under the curve, 0…1 (see `areaUnderCurve`);
 *   without positives or without negatives there are no points and it is null
 * @throws {RangeError} where a score is infinite or not a number
 */
export function roc(positives, negatives) {
  const ranks = rankScores(positives, negatives);
  if (positives.length === 0 || negatives.length === 0) return { points: [], auc: null };

  const positivesAt = new Uint32Array(ranks.scores.length);
  const negativesAt = new Uint32Array(ranks.scores.length);
  for (const rank of ranks.positives) positivesAt[rank]++;
  for (const rank of ranks.negatives) negativesAt[rank]++;

  let truePositives = 0;
  let falsePositives = 0;
  /** @param {number} threshold @returns {RocPoint} */
  const point = (threshold) => ({
    threshold,
    falsePositives,
    truePositives,
    falsePositiveRate: falsePositives / negatives.length,
    truePositiveRate: truePositives / positives.length,
  });
  const points = [point(Infinity)];
  for (let rank = ranks.scores.length - 1; rank >= 0; rank--) {
    truePositives += positivesAt[rank];
    falsePositives += negativesAt[rank];
    points.push(point(ranks.scores[rank]));
  }
  return { points, auc: areaUnderCurve(positivesAt, negativesAt) };
}

/**
 * The threshold with the largest J = true positive rate − false positive rate (Youden, Cancer 3, 1950). Of equal J the
 * higher threshold is taken, the one with fewer alarms.
 *
 * @param {ArrayLike<number>} positives scores of the class, finite
 * @param {ArrayLike<number>} negatives scores of the rest, finite
 * @returns {number | null} one of the scores, or Infinity where no threshold is better than never an alarm (J ≤ 0 at all of
 *   them); null without positives or without negatives
 * @throws {RangeError} where a score is infinite or not a number
 */
export function youdenThreshold(positives, negatives) {
  // J times both totals is a whole number: rates would make equal J differ in their last bits.
  /** @param {RocPoint} point */
  const scaled = (point) => point.truePositives * negatives.length - point.falsePositives * positives.length;
  const [first, ...others] = roc(positives, negatives).points;
  if (first === undefined) return null;
  return others.reduce((best, point) => (scaled(point) > scaled(best) ? point : best), first).threshold;
}
