/** The answer to the question whether a class's maps are unique to it, in one sentence. Nothing here knows the DOM. */

import { text } from '../../classes/text.js';

/**
 * @param {import('./detector.js').Detection} found
 * @param {import('./detector.js').Verdict | null} judged
 * @param {boolean} byHand the visitor put the line where it is
 * @returns {string} nothing where the class has no maps, which is said beside the figures
 */
export function uniqueAnswer({ name, maps, points, roc }, judged, byHand) {
  if (maps.length === 0) return '';
  if (!judged) return roc.auc === null ? text.unique.noThreshold(name) : text.unique.noAutomatic(name);
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = judged.detector;
  return text.unique.answer(maps, name, {
    found: truePositives,
    all: truePositives + falseNegatives,
    falseAlarms: falsePositives,
    others: falsePositives + trueNegatives,
    choosing: byHand ? 0 : points.length - judged.scored.length,
  });
}
