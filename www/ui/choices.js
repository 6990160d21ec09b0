import { setOptions } from './dom.js';

/**
 * Replaces the options of a select where they changed; what is chosen stays chosen as long as it can be.
 * @param {HTMLSelectElement} element
 * @param {import('./dom.js').Options} options
 */
export function setChoices(element, options) {
  // Of none or of one nobody has chosen.
  const chosen = element.options.length > 1 ? element.value : null;
  setOptions(element, options);
  if (chosen !== null && options.some(([value]) => value === chosen)) element.value = chosen;
}
