import { alarmCounts } from '../../statistics/alarm.js';
import { aucInterval } from '../../statistics/bootstrap.js';
import { mcnemarExact } from '../../statistics/mcnemar.js';
import { seededRandom } from '../../statistics/random.js';
import { roc, youdenThreshold } from '../../statistics/roc.js';
import { halves } from '../../statistics/split.js';

/**
 * @typedef {import('../../classes/collection.js').ImageClass} ImageClass
 * @typedef {import('../../statistics/alarm.js').AlarmCounts} AlarmCounts
 */

/**
 * An image as the detector of one class sees it.
 * @typedef {object} Point
 * @property {File} file
 * @property {string} name the true class
 * @property {number} index within its class, from 1
 * @property {number} sum of the activations of the detector's maps
 * @property {boolean} positive it is of the detector's class
 * @property {boolean} chooses it is in the half that the automatic threshold is chosen on
 * @property {boolean} headSays the model's own head takes it for the class
 */

/**
 * What a class's maps say of every tested image, and how well the sum tells the class from the rest.
 * @typedef {object} Detection
 * @property {string} name of the class
 * @property {number[]} maps whose activations are summed
 * @property {Point[]} points in the order of the classes
 * @property {File[]} leftOut images whose sum is no number, which can be neither above nor below a threshold
 * @property {number | null} automatic the threshold with the largest Youden J on the choosing half
 * @property {ReturnType<typeof roc>} roc of all images
 * @property {{ low: number, high: number } | null} interval of the area under it
 * @property {boolean} tied some output of the model belongs to the class, so that its head can say it
 * @property {string[]} untied the classes, this one or others, of which nobody knows yet which outputs are theirs
 */

/**
 * @param {object} parts
 * @param {string} parts.name of the class
 * @param {number[]} parts.maps whose activations are summed
 * @param {ImageClass[]} parts.classes whose images were all seen
 * @param {(file: File) => number} parts.sumOf
 * @param {(file: File) => boolean} parts.headSays
 * @param {boolean} [parts.tied]
 * @param {string[]} [parts.untied]
 * @param {number} parts.seed of the split and of the resamples
 * @returns {Detection}
 */
export function detection({ name, maps, classes, sumOf, headSays, seed, tied = true, untied = [] }) {
  const leftOut = classes.flatMap(({ images }) => images).filter((file) => !Number.isFinite(sumOf(file)));
  const counted = classes.map((one) => ({ ...one, images: one.images.filter((file) => !leftOut.includes(file)) }));
  const split = halves(
    counted.map(({ images }) => images.length),
    seed,
  );
  const points = counted.flatMap((one, place) =>
    one.images.map((file, index) => ({
      file,
      name: one.name,
      index: index + 1,
      sum: sumOf(file),
      positive: one.name === name,
      chooses: split[place][index],
      headSays: headSays(file),
    })),
  );
  const [positives, negatives] = sums(points);
  return {
    name,
    maps,
    points,
    leftOut,
    tied,
    untied,
    automatic: youdenThreshold(...sums(points.filter(({ chooses }) => chooses))),
    roc: roc(positives, negatives),
    // Of a single image every resample is that image again, and the interval would be as narrow as if it were sure.
    interval:
      Math.min(positives.length, negatives.length) < 2
        ? null
        : aucInterval(positives, negatives, { random: seededRandom(seed) }),
  };
}

/**
 * What the alarm rule makes of a threshold, beside the model's own head on the same images.
 * @typedef {object} Verdict
 * @property {number} threshold
 * @property {Point[]} scored the images that are counted
 * @property {AlarmCounts} detector
 * @property {AlarmCounts} head
 * @property {Point[]} disagreements images on which one alarms and the other does not
 * @property {{ onlyDetector: number, onlyHead: number, p: number }} mcnemar how often only one of the two is right
 */

/**
 * An automatic threshold is scored on the images that it was not chosen on; one set by hand on all of them.
 * @param {Detection} found
 * @param {number | null} byHand
 * @returns {Verdict | null} null where there is no threshold: no image of the class, or of no other
 */
export function verdict({ points, automatic }, byHand) {
  const threshold = byHand ?? automatic;
  if (threshold === null) return null;
  const scored = byHand === null ? points.filter(({ chooses }) => !chooses) : points;
  const alarms = (/** @type {Point} */ { sum }) => sum >= threshold;
  const right = (/** @type {boolean} */ says, /** @type {Point} */ { positive }) => says === positive;
  const count = (/** @type {(point: Point) => boolean} */ holds) => scored.filter(holds).length;
  const onlyDetector = count((point) => right(alarms(point), point) && !right(point.headSays, point));
  const onlyHead = count((point) => !right(alarms(point), point) && right(point.headSays, point));
  const head = (/** @type {Point} */ { headSays }) => Number(headSays);
  return {
    threshold,
    scored,
    detector: alarmCounts(...sums(scored), threshold),
    // The head says yes or no: as a score of one or zero, with any threshold between them.
    head: alarmCounts(...sums(scored, head), 0.5),
    disagreements: scored.filter((point) => alarms(point) !== point.headSays),
    mcnemar: { onlyDetector, onlyHead, p: mcnemarExact(onlyDetector, onlyHead) },
  };
}

/**
 * What an alarm gets wrong of the images that it is counted on, those farthest from the line first.
 * @param {Verdict} judged
 */
export function mistakesOf({ scored, threshold }) {
  const missed = scored.filter(({ positive, sum }) => positive && sum < threshold);
  const falseAlarms = scored.filter(({ positive, sum }) => !positive && sum >= threshold);
  return {
    missed: missed.sort((one, other) => one.sum - other.sum),
    falseAlarms: falseAlarms.sort((one, other) => other.sum - one.sum),
  };
}

/**
 * The scores of the class and of the rest.
 * @param {Point[]} points
 * @param {(point: Point) => number} [score]
 * @returns {[number[], number[]]}
 */
function sums(points, score = ({ sum }) => sum) {
  return [points.filter(({ positive }) => positive).map(score), points.filter(({ positive }) => !positive).map(score)];
}
