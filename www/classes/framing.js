import { choiceKey } from './choice-key.js';
import { text } from './text.js';

/** @typedef {import('./workbench.js').StudyResult} StudyResult */

/**
 * The result whose maps are listed.
 * @param {StudyResult[]} results
 * @param {string | null} listed its choice key; null, or one that is gone: the first
 */
export function listedResult(results, listed) {
  return results.find((result) => choiceKey(result) === listed) ?? results[0] ?? null;
}

/**
 * The maps that have red frames in the grid: those of a class, or where there is no such class, of the first.
 * @param {StudyResult} result
 * @param {string | null} name of the class
 * @param {import('../featurescope.js').Model | null} model the page's own
 * @returns {import('../page/state.js').State['framed']}
 */
export function framing({ study, control, classMaps }, name, model) {
  const one = classMaps.find((other) => other.name === name) ?? classMaps[0];
  if (!one) return { name: '', label: '', layer: '', maps: [] };
  return {
    name: one.name,
    label: control ? text.controls.titles[control](one.name) : one.name,
    // The grid shows the page's own model: maps of the same numbers in another one are others.
    layer: study.model === model ? study.layer : '',
    maps: one.maps.map(({ map }) => map),
  };
}
