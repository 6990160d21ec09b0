import { formatNumber } from '../../api/numbers.js';
import { h } from '../../ui/dom.js';

/** Up to this many columns the numbers are printed in the cells. */
const MOST_COLUMNS = 8;

/** The numbers in the cells of a small map. */
export function createPrinted() {
  const element = h('div', { className: 'printed', 'aria-hidden': 'true' });
  return {
    element,
    /** @param {import('../../api/types.js').MapValues} values @param {boolean} signed whether the layer has values below zero */
    show({ width, data }, signed) {
      element.hidden = width > MOST_COLUMNS;
      if (element.hidden) return;
      // The palest cells of a signed layer are those near zero, of any other those with the largest values.
      const half = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 2;
      const isPale = (/** @type {number} */ value) => (signed ? Math.abs(value) < half : value > half);
      element.style.gridTemplateColumns = `repeat(${width}, 1fr)`;
      element.replaceChildren(
        ...Array.from(data, (value) => h('span', { className: isPale(value) ? 'strong' : '' }, formatNumber(value))),
      );
    },
  };
}
