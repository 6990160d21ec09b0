import { mapFacts } from '../../page/state.js';
import { text } from '../text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { overlayCanvas } from '../../ui/overlay-canvas.js';
import { createPrinted } from './printed.js';
import { createReader } from './reader.js';
import { createTable } from './table.js';

/**
 * The grid of one map as cells, to be read by pointing or with the arrow keys, and as a table.
 */
export function createValues() {
  const cells = overlayCanvas('overlay cells');
  const printed = createPrinted();
  const frame = h('div', { className: 'values', tabIndex: 0, role: 'application' }, cells.element, printed.element);
  const readout = h('p', { className: 'note numbers', role: 'status' });
  const reader = createReader(frame, readout);
  const table = createTable();
  const element = h('div', {}, frame, readout, table.element);

  const describe = whenChanged(
    (/** @type {import('../../page/state.js').LookView} */ look, /** @type {number} */ map) => {
      const values = look.map(map);
      const { row, column, max, dead } = mapFacts(look, map);
      reader.show(values, { row, column });
      setText(readout, dead ? '' : text.strongest(row, column, max));
      frame.setAttribute('aria-label', text.gridAlt(values.height, values.width));
      table.show(values);
      printed.show(values, look.signed);
    },
  );

  return {
    element,
    /**
     * @param {import('../../page/state.js').LookView} look
     * @param {number} map
     * @param {string} colormap
     */
    update(look, map, colormap) {
      cells.update({ look, maps: [map], options: { style: 'raw', scale: 'map', enlargement: 'nearest', colormap } });
      describe(look, map);
    },
  };
}
