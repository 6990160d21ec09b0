import { text as common } from '../../page/text.js';

/**
 * The classes of a model as they are offered, each under a name of its own: two classes of ImageNet are both called crane.
 * @param {string[]} labels
 * @param {number} count
 * @returns {string[]} by index
 */
export function classNames(labels, count) {
  /** @type {Set<string>} */
  const names = new Set();
  for (let index = 0; index < count; index++) {
    const label = labels[index] || common.predictions.unnamed(index);
    names.add(names.has(label) ? `${label} (${index})` : label);
  }
  return [...names];
}

/**
 * The class that somebody means: the one of this name, or the only one whose name begins so, or is this but for capital letters.
 * @param {string[]} names
 * @param {string} typed
 * @returns {number | null} null where there is none, or several
 */
export function meantClass(names, typed) {
  const exact = names.indexOf(typed);
  if (exact >= 0) return exact;
  if (!typed) return null;
  const wanted = typed.toLowerCase();
  const found = names.flatMap((name, index) => (name.toLowerCase().startsWith(wanted) ? [index] : []));
  return found.find((index) => names[index].toLowerCase() === wanted) ?? (found.length === 1 ? found[0] : null);
}
