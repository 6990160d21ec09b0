/**
 * Whether two classifiers differ on the same images by more than chance.
 */

import { binomialDistribution, sum } from '../vendor/simple-statistics.js';

/**
 * The exact McNemar test (McNemar, Psychometrika 12, 1947; the exact form is a two-sided binomial test with p = ½). Images
 * that both classifiers get right, or both wrong, say nothing; if the two were equally good, each of the others would be as
 * likely right by the first as by the second. The distribution is symmetric, so the two tails are twice the lower one.
 *
 * @param {number} onlyFirst how many images only the first classifier gets right, 0 or more
 * @param {number} onlySecond how many only the second gets right; together at most 1,000,000
 * @returns {number} the two-sided p-value, 0…1; 1 where both counts are 0
 * @throws {RangeError} where a count is negative or no whole number, or there are too many
 */
export function mcnemarExact(onlyFirst, onlySecond) {
  const trials = onlyFirst + onlySecond;
  const areCounts = [onlyFirst, onlySecond].every((count) => Number.isInteger(count) && count >= 0);
  if (!areCounts || trials > 1e6) throw new RangeError('the counts are not whole numbers of at most a million images');
  if (trials === 0) return 1;
  // The library lists the chances of 0, 1, 2, … successes until they make up nearly all: always far beyond the middle.
  const chances = binomialDistribution(trials, 0.5) ?? [];
  const lowerTail = sum(chances.slice(0, Math.min(onlyFirst, onlySecond) + 1));
  // Of equal counts both tails hold the middle.
  return Math.min(1, 2 * lowerTail);
}
