import { formatNumber } from '../../api/numbers.js';
import { text } from '../text.js';
import { h } from '../../ui/dom.js';

/** Up to this many cells the whole table is offered; beyond it only the pointer and the arrow keys read them. */
const MOST_CELLS = 32 * 32;

/** All values of a map as a table, which is filled when it is unfolded. */
export function createTable() {
  const table = h('table', { className: 'numbers' });
  const element = h(
    'details',
    { className: 'unfold', ontoggle: () => fill() },
    h('summary', {}, text.allValues),
    h('div', { className: 'table-scroll', tabIndex: 0 }, table),
  );
  /** @type {import('../../api/types.js').MapValues | null} */
  let values = null;
  /** @type {object | null} */
  let filled = null;

  function fill() {
    if (!values || !element.open || filled === values) return;
    filled = values;
    const { width, height, data } = values;
    const cells = (/** @type {number} */ row) =>
      Array.from(data.subarray(row * width, (row + 1) * width), (value) => h('td', {}, formatNumber(value)));
    table.replaceChildren(...Array.from({ length: height }, (_, row) => h('tr', {}, ...cells(row))));
  }

  return {
    element,
    /** @param {import('../../api/types.js').MapValues} next */
    show(next) {
      values = next;
      element.hidden = next.data.length > MOST_CELLS;
      fill();
    },
  };
}
