/** What follows from the choices of the question about a class's maps as an alarm, and what they become. Nothing here knows the DOM. */

import { choiceKey } from '../../classes/choice-key.js';

/**
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('./choices.js').UniqueChoices} UniqueChoices
 */

/**
 * A line stands over the sum of certain maps of one model, and is not that of another sum.
 * @param {Pick<StudyResult, 'study' | 'control'>} result
 * @param {{ name: string, maps: number[] } | null} sum null: over whatever sum shows first, as a link has it that was opened before
 *   there were any results
 */
export function thresholdKey(result, sum) {
  return JSON.stringify([choiceKey(result), ...(sum ? [sum.name, sum.maps] : [])]);
}

/**
 * Where the visitor put a model's line; null: where it is by itself.
 * @param {UniqueChoices} choices
 * @param {Pick<StudyResult, 'study' | 'control'>} result
 * @param {{ name: string, maps: number[] }} sum
 */
export function thresholdOf({ thresholds }, result, sum) {
  return thresholds[thresholdKey(result, sum)] ?? thresholds[thresholdKey(result, null)] ?? null;
}

/**
 * @param {UniqueChoices} choices
 * @param {Pick<StudyResult, 'study' | 'control'>} result
 * @param {{ name: string, maps: number[] }} sum
 * @param {number | null} value null: where it is by itself
 * @returns {Partial<UniqueChoices>}
 */
export function withThreshold({ thresholds }, result, sum, value) {
  const { [thresholdKey(result, sum)]: _before, [thresholdKey(result, null)]: _any, ...others } = thresholds;
  return { thresholds: value === null ? others : { ...others, [thresholdKey(result, sum)]: value } };
}

/**
 * The class whose maps are summed, and of these the only one that is, where it is one that is offered.
 * @param {Pick<UniqueChoices, 'mapsOf' | 'map' | 'mapsFrom'>} choices
 * @param {{ sources: string[], results: StudyResult[] }} found names of the classes that maps were found on
 * @returns {{ name: string, map: number | null, offered: number[], from: StudyResult | null }} `offered`: the first model's maps of the class;
 *   `from`: what the further models' maps are taken from, null where each has its own
 */
export function shownSum({ mapsOf, map, mapsFrom }, { sources, results }) {
  const name = mapsOf !== null && sources.includes(mapsOf) ? mapsOf : (sources[0] ?? '');
  const first = results[0]?.classMaps.find((other) => other.name === name);
  // A single map is one of the first model's: another model, and a control, has the one in the same place of its own list.
  const offered = (first?.maps ?? []).map((one) => one.map);
  const from = results.find((result) => result.control === null && choiceKey(result) === mapsFrom) ?? null;
  return { name, map: map !== null && offered.includes(map) ? map : null, offered, from };
}

/**
 * Whether a model can be asked with another one's maps: it is a further one, whose layer has as many.
 * @param {StudyResult} result
 * @param {StudyResult | null} from
 */
export function takesFrom({ study, control }, from) {
  return (
    from !== null && control === null && study.owned && study !== from.study && study.channels === from.study.channels
  );
}

/**
 * The maps that one model's sum is of. Where a single one is chosen, another model or a control has another one in its place.
 * @param {StudyResult} result
 * @param {ReturnType<typeof shownSum>} sum
 */
export function summedMaps(result, { name, map, offered, from }) {
  const { classMaps } = from && takesFrom(result, from) ? from : result;
  const all = classMaps.find((other) => other.name === name)?.maps.map((one) => one.map) ?? [];
  const place = map === null ? -1 : offered.indexOf(map);
  return place < 0 ? all : all.slice(place, place + 1);
}
