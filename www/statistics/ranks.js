/**
 * Scores of a class and of the rest as counts by rank, from which a ROC curve and its area follow in one walk.
 */

/**
 * @typedef {Object} Ranks
 * @property {Float64Array} scores every score that occurs, once, from the lowest to the highest
 * @property {Uint32Array} positives of each positive the place of its score in `scores`
 * @property {Uint32Array} negatives of each negative the place of its score in `scores`
 */

/**
 * @param {ArrayLike<number>} positives scores of the class, finite
 * @param {ArrayLike<number>} negatives scores of the rest, finite
 * @returns {Ranks}
 * @throws {RangeError} where a score is infinite or not a number: it has no place in an order, or none for a threshold
 */
export function rankScores(positives, negatives) {
  const distinct = new Set([...Array.from(positives), ...Array.from(negatives)]);
  const scores = Float64Array.from(distinct).sort();
  if (!scores.every(Number.isFinite)) throw new RangeError('a score is not a finite number');
  const ranks = new Map(Array.from(scores, (score, rank) => [score, rank]));
  /** @param {ArrayLike<number>} list */
  const places = (list) => Uint32Array.from(list, (score) => ranks.get(score) ?? 0);
  return { scores, positives: places(positives), negatives: places(negatives) };
}

/**
 * The area under the ROC curve from how many scores there are at each rank: the chance that a positive scores higher than a
 * negative, equal scores counted as one half. This is the Mann–Whitney U statistic divided by the number of pairs (Hanley
 * and McNeil, Radiology 143, 1982) and equals the trapezoids under the curve. The sum is of whole and half numbers, so it is
 * exact.
 *
 * @param {ArrayLike<number>} positivesAt number of positives at each rank, lowest first
 * @param {ArrayLike<number>} negativesAt number of negatives at each rank
 * @returns {number | null} 0…1; null without positives or without negatives
 */
export function areaUnderCurve(positivesAt, negativesAt) {
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  for (let rank = 0; rank < positivesAt.length; rank++) {
    wins += positivesAt[rank] * (negatives + negativesAt[rank] / 2);
    positives += positivesAt[rank];
    negatives += negativesAt[rank];
  }
  return positives === 0 || negatives === 0 ? null : wins / (positives * negatives);
}
