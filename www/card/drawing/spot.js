import { overlayOptions } from '../../page/state.js';
import { chooseTarget } from '../../questions/draw/changes.js';
import { targetOf } from '../../questions/draw/target.js';
import { text } from '../../questions/draw/text.js';
import { h, setText } from '../../ui/dom.js';
import { overlayCanvas } from '../../ui/overlay-canvas.js';

/** Rows and columns that an arrow key goes. @type {Record<string, number[] | undefined>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The map on the photo, of which one spot is chosen by pressing it, or gone to with the arrow keys.
 * @param {import('../../questions/draw/changes.js').Page} page
 */
export function createSpot(page) {
  const cells = overlayCanvas('overlay cells');
  const marker = h('div', { className: 'cell-marker' });
  const frame = h(
    'div',
    { className: 'values draw-spot', tabIndex: 0, role: 'application', 'aria-label': text.spot, onclick, onkeydown },
    cells.element,
    marker,
  );
  const where = h('p', { className: 'note numbers', role: 'status' });
  const element = h('figure', { hidden: true }, h('figcaption', { className: 'note' }, text.spot), frame, where);
  let size = { height: 1, width: 1 };

  /** @param {number} nextRow @param {number} nextColumn */
  function go(nextRow, nextColumn) {
    const within = (/** @type {number} */ place, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, place));
    const position = [within(nextRow, size.height), within(nextColumn, size.width)];
    chooseTarget(page, { kind: 'spot', position });
  }

  /** @param {MouseEvent} event */
  function onclick(event) {
    const box = frame.getBoundingClientRect();
    go(
      Math.floor(((event.clientY - box.top) / box.height) * size.height),
      Math.floor(((event.clientX - box.left) / box.width) * size.width),
    );
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    const move = MOVES[event.key];
    // A key may be pressed again before the state was drawn.
    const target = targetOf(page.state);
    if (!move || target?.kind !== 'spot') return;
    go(target.position[0] + move[0], target.position[1] + move[1]);
    event.preventDefault();
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} state @param {{ position: number[] } | null} target */
    update(state, target) {
      const { look, openMap } = state;
      element.hidden = target === null;
      if (!target || !look || openMap === null) return cells.update(null);
      size = look.map(openMap);
      const [row, column] = target.position;
      cells.update({ look, maps: [openMap], options: { ...overlayOptions(state), enlargement: 'nearest' } });
      setText(where, text.place(row, column));
      marker.style.left = `${(column / size.width) * 100}%`;
      marker.style.top = `${(row / size.height) * 100}%`;
      marker.style.width = `${100 / size.width}%`;
      marker.style.height = `${100 / size.height}%`;
    },
  };
}
