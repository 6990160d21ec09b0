import { setOptions } from '../ui/dom.js';

/**
 * Replaces the options of a select where they changed; what is chosen stays chosen as long as it can be.
 * @param {HTMLSelectElement} element
 * @param {import('../ui/dom.js').Options} options
 */
export function setChoices(element, options) {
  // Without options nothing is chosen, and its value is that of an empty choice all the same.
  const chosen = element.selectedOptions[0]?.value;
  setOptions(element, options);
  if (options.some(([value]) => value === chosen)) element.value = String(chosen);
}
