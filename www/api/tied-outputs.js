/**
 * Which outputs of a model belong to a class. It loads with the first question about that.
 */

import { superclassesOf } from './superclasses.js';

export { loadSuperclasses } from './superclasses.js';

/**
 * The classes that neither a caller nor their names tie to an output, so that no answer of the model can be theirs. An empty list of the
 * caller's says that the model has no such class.
 * @param {string[]} names of the classes
 * @param {Record<string, number | number[]>} ties
 * @param {string[]} labels of the model
 */
export function untiedNames(names, ties, labels) {
  const outputs = tiedOutputs(names, ties, labels);
  return names.filter((name, place) => outputs[place].length === 0 && ties[name] === undefined);
}

/**
 * The outputs that belong to each class. Where the caller says nothing of a class, they are those that have its name among
 * their labels' synonyms, upper and lower case alike, and where the labels are ImageNet's those that are kinds of it: of classes
 * that one of these is a kind of, the narrowest has it, as “dog” and not “animal”.
 * @param {string[]} names of the classes
 * @param {Record<string, number | number[]>} ties
 * @param {string[]} labels of the model
 * @param {ReturnType<typeof superclassesOf>} [kinds] finds the outputs that are kinds of a thing
 */
export function tiedOutputs(names, ties, labels, kinds = superclassesOf(labels)) {
  const synonyms = labels.map((label) => label.split(',').map((word) => word.trim().toLowerCase()));
  const found = names.map((name) => {
    const tied = ties[name];
    if (tied !== undefined) return { tied: Array.isArray(tied) ? tied : [tied], kinds: [] };
    const own = synonyms.flatMap((words, index) => (words.includes(name.trim().toLowerCase()) ? [index] : []));
    return { tied: own, kinds: (kinds?.(name).outputs ?? []).filter((output) => !own.includes(output)) };
  });
  const size = (/** @type {number} */ place) => found[place].tied.length + found[place].kinds.length;
  const isNarrower = (/** @type {number} */ output, /** @type {number} */ other, /** @type {number} */ place) =>
    found[other].tied.includes(output) || (found[other].kinds.includes(output) && size(other) < size(place));
  return found.map((one, place) =>
    [
      ...one.tied,
      ...one.kinds.filter((output) => !names.some((_, other) => other !== place && isNarrower(output, other, place))),
    ].sort((first, second) => (ties[names[place]] === undefined ? first - second : 0)),
  );
}
