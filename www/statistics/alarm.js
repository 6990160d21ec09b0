/**
 * How good an alarm is, and how good the classes of a confusion matrix are: counts, and the rates that follow from them.
 */

/**
 * @typedef {Object} AlarmCounts
 * @property {number} truePositives alarms in the class
 * @property {number} falsePositives alarms in the rest
 * @property {number} trueNegatives no alarm in the rest
 * @property {number} falseNegatives no alarm in the class
 */

/**
 * @param {ArrayLike<number>} positives scores of the class
 * @param {ArrayLike<number>} negatives scores of the rest
 * @param {number} threshold an alarm is a score ≥ threshold; Infinity stands for never
 * @returns {AlarmCounts}
 */
export function alarmCounts(positives, negatives, threshold) {
  /** @param {ArrayLike<number>} scores */
  const alarms = (scores) => Array.from(scores).filter((score) => score >= threshold).length;
  const truePositives = alarms(positives);
  const falsePositives = alarms(negatives);
  return {
    truePositives,
    falsePositives,
    trueNegatives: negatives.length - falsePositives,
    falseNegatives: positives.length - truePositives,
  };
}

/**
 * The part of the alarms that are in the class: TP / (TP + FP).
 *
 * @param {AlarmCounts} counts
 * @returns {number | null} 0…1; null without an alarm
 */
export function precision({ truePositives, falsePositives }) {
  return ratio(truePositives, truePositives + falsePositives);
}

/**
 * The part of the class that raises an alarm, also called sensitivity or true positive rate: TP / (TP + FN).
 *
 * @param {AlarmCounts} counts
 * @returns {number | null} 0…1; null where the class has no images
 */
export function recall({ truePositives, falseNegatives }) {
  return ratio(truePositives, truePositives + falseNegatives);
}

/**
 * The part of all that is treated rightly: (TP + TN) / (TP + TN + FP + FN).
 *
 * @param {AlarmCounts} counts
 * @returns {number | null} 0…1; null where there is nothing at all
 */
export function accuracy({ truePositives, falsePositives, trueNegatives, falseNegatives }) {
  const right = truePositives + trueNegatives;
  return ratio(right, right + falsePositives + falseNegatives);
}

/**
 * Recall and precision of each class of a confusion matrix: of a class' row and of its column the part on the diagonal.
 *
 * @param {number[][]} counts `counts[true][predicted]`, a row for each label; a column for each label in the same order,
 *   and a last one for the predictions that are none of them ("other")
 * @param {ArrayLike<unknown>} labels the classes; only their number matters
 * @returns {{ recall: number | null, precision: number | null }[]} in the order of the labels, each 0…1; recall is null for
 *   a class without images, precision for one that was never predicted
 * @throws {RangeError} where the matrix does not have these rows and columns
 */
export function classRates(counts, labels) {
  const fits = counts.length === labels.length && counts.every((row) => row.length === labels.length + 1);
  if (!fits) throw new RangeError('the confusion matrix does not fit the classes');
  return counts.map((row, label) => ({
    recall: ratio(row[label], total(row)),
    precision: ratio(row[label], total(counts.map((other) => other[label]))),
  }));
}

/**
 * @param {number} part
 * @param {number} whole
 */
function ratio(part, whole) {
  return whole === 0 ? null : part / whole;
}

/** @param {number[]} numbers */
function total(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}
