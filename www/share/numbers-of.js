/**
 * What a model makes of the classes, as numbers: when a record is made and when it is computed again. Nothing here knows the DOM.
 */

import { detectBy } from '../questions/unique/detect.js';
import { verdict } from '../questions/unique/detector.js';
import { confusionOf } from '../classes/head.js';
import { cleanText, plain } from './results.js';

/**
 * @typedef {import('./results.js').Results} Results
 * @typedef {Pick<import('../classes/workbench.js').StudyResult, 'study' | 'classMaps'>} Found
 */

/**
 * @param {import('../classes/head.js').Bench} bench
 * @param {Found} found
 * @returns {Promise<Required<Pick<Results, 'confusion' | 'sums'>>>}
 */
export async function classNumbers(bench, { study, classMaps }) {
  const { classes, names, counts } = confusionOf(bench, study);
  const sums = await Promise.all(
    classMaps.map(async ({ name, maps: own }) => {
      const maps = own.map(({ map }) => map);
      const all = await study.sums(maps);
      const sumOf = (/** @type {File} */ image) => {
        const sum = all[study.places.get(image) ?? -1];
        return Number.isFinite(sum) ? plain(sum) : null;
      };
      return { name, maps, images: classes.map((one) => ({ name: one.name, sums: one.images.map(sumOf) })) };
    }),
  );
  return { confusion: { names, counts }, sums };
}

/**
 * @param {import('../classes/head.js').Bench} bench
 * @param {Found} found
 * @param {{ name: string, maps: number[], byHand: number | null, seed: number }} alarm `maps`: those of the class that are summed; all when there
 *   are none
 * @returns {Promise<NonNullable<Results['alarm']>>}
 */
export async function alarmNumbers(bench, { study, classMaps }, { name, maps, byHand, seed }) {
  const all = classMaps.find((other) => other.name === name)?.maps.map(({ map }) => map) ?? [];
  const detection = await detectBy(bench, study, { name, maps: maps.length > 0 ? maps : all, seed });
  const judged = verdict(detection, byHand);
  const {
    roc: { auc },
    interval,
  } = detection;
  return {
    name,
    maps: detection.maps,
    byHand,
    auc,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    threshold: judged && Number.isFinite(judged.threshold) ? plain(judged.threshold) : null,
    byMaps: judged && listed(judged.detector),
    byHead: judged && detection.tied ? listed(judged.head) : null,
    p: judged && detection.tied ? judged.mcnemar.p : null,
  };
}

/** @param {import('../statistics/alarm.js').AlarmCounts} counts */
function listed({ truePositives, falseNegatives, falsePositives, trueNegatives }) {
  return [truePositives, falseNegatives, falsePositives, trueNegatives];
}

/**
 * @param {import('../api/types.js').Cam} cam
 * @param {string} label of the class
 * @returns {NonNullable<Results['cam']>}
 */
export function camNumbers({ classIndex, cells: { width, height, data } }, label) {
  return { classIndex, label: cleanText(label), width, height, cells: Array.from(data, plain) };
}

/** Sums of many shares may be above one by a rounding. @param {number} value */
function share(value) {
  return Math.min(1, Math.max(0, value)) || 0;
}

/** Outputs that are recorded of each list. */
const OUTPUTS = 5;

/**
 * @param {number[]} maps
 * @param {'zero' | 'mean'} to
 * @param {import('../api/types.js').Ablation} ablation
 * @param {{ outputs?: number[], fewerToo?: boolean }} [options] `outputs`: those that are wanted; the most probable before and after when
 *   left out; `fewerToo`: where no draw is a comparison, the mean is of those with fewer maps, as older pages recorded it
 * @returns {NonNullable<Results['ablation']>}
 */
export function ablationNumbers(maps, to, { before, after, controls }, { outputs, fewerToo = false } = {}) {
  const of = (/** @type {import('../api/types.js').Prediction[]} */ list, /** @type {number} */ index) =>
    list.find((one) => one.index === index)?.probability ?? 0;
  // Where too few other maps fire, a draw switches off fewer than were chosen, or none, and is no comparison.
  const alike = controls.filter((control) => control.maps.length === maps.length);
  const draws = alike.length === 0 && fewerToo ? controls : alike;
  const labels = new Map(before.map(({ index, label }) => [index, label]));
  const wanted = outputs ?? [
    ...new Set([...before.slice(0, OUTPUTS), ...after.slice(0, OUTPUTS)].map(({ index }) => index)),
  ];
  return {
    maps,
    to,
    outputs: wanted.map((index) => ({
      index,
      label: cleanText(labels.get(index) ?? ''),
      before: share(of(before, index)),
      after: share(of(after, index)),
      random:
        draws.length === 0
          ? null
          : share(draws.reduce((sum, control) => sum + of(control.after, index), 0) / draws.length),
    })),
  };
}
