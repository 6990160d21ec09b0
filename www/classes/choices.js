import { setOptions } from '../ui/dom.js';

/**
 * Replaces the options of a select where they changed; what is chosen stays chosen as long as it can be.
 * @param {HTMLSelectElement} element
 * @param {import('../ui/dom.js').Options} options
 */
export function setChoices(element, options) {
  const { value: chosen } = element;
  setOptions(element, options);
  if (options.some(([value]) => value === chosen)) element.value = chosen;
}
