import { text } from '../text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { cellOf, placeOf } from './selection.js';

/** Rows and columns that an arrow key goes. @type {Record<string, number[] | undefined>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Which patch attends: it is chosen by pressing it on the large picture, or gone to there with the arrow keys.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} figure of the large picture
 */
export async function createAttention(session, figure) {
  await loadStyle('../parts.css', import.meta.url);
  const marker = h('div', { className: 'cell-marker' });
  const frame = h(
    'div',
    { className: 'attending', tabIndex: 0, role: 'application', 'aria-label': text.choosePatch, onclick, onkeydown },
    marker,
  );
  figure.append(frame);
  const says = h('p', { role: 'status' });
  const release = h(
    'button',
    { type: 'button', className: 'small', onclick: () => session.choosePatch(null) },
    text.noPatch,
  );
  const element = h('div', { className: 'attention' }, says, h('p', { className: 'buttons' }, release));

  /** @param {MouseEvent} event */
  function onclick(event) {
    const { look } = session.state;
    const box = frame.getBoundingClientRect();
    if (!look) return;
    const cell = cellOf(look, { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
    session.choosePatch(placeOf(look, cell));
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    const move = MOVES[event.key];
    // A key may be pressed again before the look was made.
    const { look, card } = session.state;
    if (!move || !look) return;
    const from = card.patch ?? look.patch;
    const { row, column } = cellOf(look, from ?? { x: 0.5, y: 0.5 });
    session.choosePatch(placeOf(look, from ? { row: row + move[0], column: column + move[1] } : { row, column }));
    event.preventDefault();
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update({ look, card }) {
      frame.hidden = look?.patch === undefined;
      if (look?.patch === undefined) return;
      const chosen = card.patch ?? look.patch;
      marker.hidden = chosen === null;
      if (chosen) {
        const { row, column } = cellOf(look, chosen);
        marker.style.left = `${(column / look.width) * 100}%`;
        marker.style.top = `${(row / look.height) * 100}%`;
        marker.style.width = `${100 / look.width}%`;
        marker.style.height = `${100 / look.height}%`;
      }
      release.hidden = !card.patch;
      setText(says, sentence(look, Boolean(card.patch)));
    },
  };
}

/**
 * @param {import('../../page/state.js').LookView} look
 * @param {boolean} isChosen
 */
function sentence({ patch, height, width }, isChosen) {
  if (!patch) return text.ofClassToken;
  const { row, column } = patch;
  return isChosen ? text.ofPatch(row, column, [height, width]) : text.ofMiddle;
}
