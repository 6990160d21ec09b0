import { mapFacts } from '../page/state.js';
import { formatNumber, text } from '../page/text.js';
import { h, setText, whenChanged } from '../ui/dom.js';
import { overlayCanvas } from '../ui/overlay-canvas.js';

/** Up to this many columns the numbers are printed in the cells. */
const PRINTED = 8;
/** Up to this many cells the whole table is offered; beyond it only the pointer and the arrow keys read them. */
const TABLE_CELLS = 32 * 32;

/**
 * The grid of one map as cells, to be read by pointing or with the arrow keys, and as a table.
 */
export function createValues() {
  const cells = overlayCanvas('overlay cells');
  const printed = h('div', { className: 'printed', 'aria-hidden': 'true' });
  const frame = h('div', { className: 'values', tabIndex: 0, role: 'application' }, cells.element, printed);
  const marker = h('div', { className: 'cell-marker', hidden: true });
  frame.append(marker);
  const readout = h('p', { className: 'note numbers', role: 'status' });
  const table = h('table', { className: 'numbers' });
  const unfolded = h(
    'details',
    { className: 'unfold', ontoggle: () => fillTable() },
    h('summary', {}, text.card.allValues),
    h('div', { className: 'table-scroll', tabIndex: 0 }, table),
  );
  const element = h('div', {}, frame, readout, unfolded);

  /** @type {import('../api/types.js').MapValues} */
  let values = { width: 1, height: 1, data: new Float32Array(1) };
  let at = { row: 0, column: 0 };
  /** @type {object | null} */
  let tableOf = null;

  /** @param {number} row @param {number} column */
  function read(row, column) {
    at = {
      row: Math.max(0, Math.min(values.height - 1, row)),
      column: Math.max(0, Math.min(values.width - 1, column)),
    };
    setText(readout, text.card.cell(at.row, at.column, values.data[at.row * values.width + at.column]));
    marker.hidden = false;
    marker.style.left = `${(at.column / values.width) * 100}%`;
    marker.style.top = `${(at.row / values.height) * 100}%`;
    marker.style.width = `${100 / values.width}%`;
    marker.style.height = `${100 / values.height}%`;
  }
  frame.addEventListener('pointermove', (event) => {
    const box = frame.getBoundingClientRect();
    read(
      Math.floor(((event.clientY - box.top) / box.height) * values.height),
      Math.floor(((event.clientX - box.left) / box.width) * values.width),
    );
  });
  frame.addEventListener('keydown', (event) => {
    /** @type {Record<string, number[] | undefined>} */
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const move = moves[event.key];
    if (!move) return;
    read(at.row + move[0], at.column + move[1]);
    event.preventDefault();
  });

  function fillTable() {
    if (!unfolded.open || tableOf === values) return;
    tableOf = values;
    const row = (/** @type {number} */ y) =>
      h(
        'tr',
        {},
        ...Array.from(values.data.subarray(y * values.width, (y + 1) * values.width), (value) =>
          h('td', {}, formatNumber(value)),
        ),
      );
    table.replaceChildren(...Array.from({ length: values.height }, (_, y) => row(y)));
  }

  const describe = whenChanged((/** @type {import('../page/state.js').LookView} */ look, /** @type {number} */ map) => {
    values = look.map(map);
    const { row, column, max, dead } = mapFacts(look, map);
    at = { row, column };
    marker.hidden = true;
    setText(readout, dead ? '' : text.card.strongest(row, column, max));
    frame.setAttribute('aria-label', text.card.gridAlt(values.height, values.width));
    unfolded.hidden = values.data.length > TABLE_CELLS;
    fillTable();
    print(look);
  });

  return {
    element,
    /**
     * @param {import('../page/state.js').LookView} look
     * @param {number} map
     * @param {string} colormap
     */
    update(look, map, colormap) {
      cells.update({ look, maps: [map], options: { style: 'raw', scale: 'map', enlargement: 'nearest', colormap } });
      describe(look, map);
    },
  };

  /** @param {import('../page/state.js').LookView} look */
  function print(look) {
    printed.hidden = values.width > PRINTED;
    if (printed.hidden) return;
    // The palest cells of a signed layer are those near zero, of any other those with the largest values.
    const half = values.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 2;
    printed.style.gridTemplateColumns = `repeat(${values.width}, 1fr)`;
    printed.replaceChildren(
      ...Array.from(values.data, (value) =>
        h(
          'span',
          { className: (look.signed ? Math.abs(value) < half : value > half) ? 'strong' : '' },
          formatNumber(value),
        ),
      ),
    );
  }
}
