/** What follows from the choices of the question about one map over many images, and what they become. Nothing here knows the DOM. */

import { ALL } from './choices.js';

/**
 * @typedef {import('./choices.js').EverywhereChoices} EverywhereChoices
 * @typedef {import('./choices.js').ModelChoices} ModelChoices
 */

/** @type {ModelChoices} */
const NOTHING = { maps: null, cell: null };

/**
 * The classes that are shown: one that is gone gives way to the first.
 * @param {EverywhereChoices} choices
 * @param {{ targets: string[], sources: string[] }} names of the classes that are tested, and of those that maps were found on
 */
export function shownClasses({ images, mapsOf }, { targets, sources }) {
  return {
    images: images === ALL || (images !== null && targets.includes(images)) ? images : (targets[0] ?? ALL),
    mapsOf: mapsOf !== null && sources.includes(mapsOf) ? mapsOf : (sources[0] ?? ''),
  };
}

/**
 * @param {EverywhereChoices} choices
 * @param {string} key of the model
 */
export function choicesOf({ models }, key) {
  return models[key] ?? NOTHING;
}

/**
 * The maps of a class that are laid over the images. What is no map of the class any more cannot be chosen either.
 * @param {number[]} own of the class
 * @param {number[] | null} chosen
 */
export function shownMaps(own, chosen) {
  if (chosen?.length === 0) return own;
  const there = (chosen ?? []).filter((map) => own.includes(map));
  return there.length > 0 ? there : own.slice(0, 1);
}

/**
 * The maps that are chosen once one was pressed: that one alone, or where several are summed those before with it or without it.
 * @param {number[]} own of the class
 * @param {number[] | null} chosen
 * @param {{ map: number, several: boolean }} pressed
 * @returns {number[] | null}
 */
export function pressedMaps(own, chosen, { map, several }) {
  if (!several) return [map];
  const before = shownMaps(own, chosen);
  const after = before.includes(map) ? before.filter((other) => other !== map) : [...before, map];
  return after.length === 0 ? null : after;
}

/**
 * Other images: a cell of the matrix was chosen among the ones before.
 * @param {EverywhereChoices} choices
 * @param {string} images
 * @returns {Partial<EverywhereChoices>}
 */
export function withImages({ models }, images) {
  const kept = Object.entries(models).map(([key, choice]) => [key, { ...choice, cell: null }]);
  return { images, models: Object.fromEntries(kept) };
}

/**
 * Another class's maps, of which none was chosen yet.
 * @param {EverywhereChoices} choices
 * @param {string} mapsOf
 * @returns {Partial<EverywhereChoices>}
 */
export function withMapsOf({ models }, mapsOf) {
  const kept = Object.entries(models).map(([key, choice]) => [key, { ...choice, maps: null }]);
  return { mapsOf, models: Object.fromEntries(kept) };
}

/**
 * @param {EverywhereChoices} choices
 * @param {string} key of the model
 * @param {Partial<ModelChoices>} change
 * @returns {Partial<EverywhereChoices>}
 */
export function withModel(choices, key, change) {
  return { models: { ...choices.models, [key]: { ...choicesOf(choices, key), ...change } } };
}
