import { detectBy } from './detect.js';
import { shownSum, summedMaps } from './selection.js';

/**
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('./detector.js').Detection} Detection
 */

/** What each result was last asked. Results are new whenever images, classes or numbers change; so what one was asked before holds.
 * @type {WeakMap<StudyResult, { key: string, detection: Promise<Detection> }>} */
const asked = new WeakMap();

/**
 * The alarm that is chosen, of every model and control that shows.
 * @param {Workbench} workbench
 * @param {import('./choices.js').UniqueChoices} choices
 * @param {number} seed
 * @returns {Promise<Detection[]>} in the order of the results
 */
export function detections(workbench, choices, seed) {
  const { results, collection } = workbench;
  const sum = shownSum(choices, {
    sources: collection.sources().map(({ name }) => name),
    results,
  });
  return Promise.all(
    results.map((result) => {
      const maps = summedMaps(result, sum);
      const key = JSON.stringify([sum.name, maps, seed]);
      const before = asked.get(result);
      if (before?.key === key) return before.detection;
      const detection = detectBy(workbench, result.study, { name: sum.name, maps, seed });
      asked.set(result, { key, detection });
      // What failed may work the next time.
      detection.catch(() => asked.delete(result));
      return detection;
    }),
  );
}
