import { text } from '../text.js';
import { h, setText } from '../../ui/dom.js';

/** Rows and columns that an arrow key goes. @type {Record<string, number[] | undefined>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Reads out the cell that is pointed at, or gone to with the arrow keys.
 * @param {HTMLElement} frame around the cells
 * @param {HTMLElement} readout
 */
export function createReader(frame, readout) {
  const marker = h('div', { className: 'cell-marker', hidden: true });
  frame.append(marker);
  /** @type {import('../../api/types.js').MapValues} */
  let values = { width: 1, height: 1, data: new Float32Array(1) };
  let at = { row: 0, column: 0 };

  /** @param {number} row @param {number} column */
  function read(row, column) {
    const { width, height, data } = values;
    at = { row: Math.max(0, Math.min(height - 1, row)), column: Math.max(0, Math.min(width - 1, column)) };
    setText(readout, text.cell(at.row, at.column, data[at.row * width + at.column]));
    marker.hidden = false;
    marker.style.left = `${(at.column / width) * 100}%`;
    marker.style.top = `${(at.row / height) * 100}%`;
    marker.style.width = `${100 / width}%`;
    marker.style.height = `${100 / height}%`;
  }
  frame.addEventListener('pointermove', (event) => {
    const box = frame.getBoundingClientRect();
    read(
      Math.floor(((event.clientY - box.top) / box.height) * values.height),
      Math.floor(((event.clientX - box.left) / box.width) * values.width),
    );
  });
  frame.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    read(at.row + move[0], at.column + move[1]);
    event.preventDefault();
  });

  return {
    /** @param {import('../../api/types.js').MapValues} next @param {{ row: number, column: number }} start where the arrow keys go from */
    show(next, start) {
      values = next;
      at = start;
      marker.hidden = true;
    },
  };
}
