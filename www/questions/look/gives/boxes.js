import { formatPercent } from '../../../api/numbers.js';
import { h, setText } from '../../../ui/dom.js';
import { pointAtFound, pointedAt, toggleAllBoxes, toggleInside, toggleMask } from './changes.js';
import { cssColour } from './colours.js';
import { shapeOf } from './inside.js';
import { text } from './text.js';

/** So many boxes are in the list before it is asked for all of them. */
export const FEW_BOXES = 8;

/** The boxes that show, in the list and over the photo. @param {import('../../../page/state.js').State} state */
export function shownBoxes({ look, finds }) {
  return (look?.boxes ?? []).slice(0, finds.all ? undefined : FEW_BOXES);
}

/**
 * By what the maps are sorted, or would be.
 * @param {import('../../../api/types.js').FoundBox[]} boxes
 * @param {number | undefined} index of the box that is pressed
 */
function sortedBy(boxes, index) {
  if (boxes.length === 0) return '';
  if (index === undefined) return boxes.some(shapeOf) ? text.pressShape : text.press;
  return shapeOf(boxes[index]) ? text.sortedShape(index + 1) : text.sorted(index + 1);
}

/**
 * What a detector finds, as a list. Pointing at a line, or reaching it with the keyboard, shows its box alone.
 * @param {import('../../../page/session/session.js').Session} session
 */
export function createBoxes(session) {
  const sentence = h('p', { role: 'status', 'data-testid': 'boxes-sentence' });
  const list = h('ol', { className: 'predictions', onpointerleave: () => pointAtFound(session, null) });
  const all = h('button', { type: 'button', className: 'small', onclick: () => toggleAllBoxes(session) });
  const sorted = h('p', { className: 'note', role: 'status' });
  const shows = h('input', { type: 'checkbox', onchange: () => toggleMask(session) });
  const shapes = h('label', { className: 'check' }, shows, ' ', text.showShapes);
  const element = h('div', {}, sentence, shapes, list, h('p', { className: 'buttons' }, all), sorted);
  /** @type {ReturnType<typeof createRow>[]} */
  const rows = [];

  /** @param {number} place */
  function createRow(place) {
    const number = h('span', { className: 'found-number' }, String(place + 1));
    const label = h('span', { className: 'label' });
    const value = h('span', { className: 'numbers' });
    const area = h('span', { className: 'found-area' });
    const bar = h('span', { className: 'bar', 'aria-hidden': 'true' });
    const point = () => pointAtFound(session, place);
    const button = h(
      'button',
      {
        type: 'button',
        className: 'prediction found',
        'data-testid': 'found-box',
        onpointerenter: point,
        onfocus: point,
        onclick: () => toggleInside(session, place),
        onblur: () => pointAtFound(session, null),
      },
      number,
      label,
      value,
      area,
      bar,
    );
    return { item: h('li', {}, button), button, number, label, value, area, bar };
  }

  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update(state) {
      const boxes = state.look?.boxes ?? null;
      element.hidden = boxes === null;
      if (!boxes) return;
      setText(sentence, boxes.length > 0 ? text.boxes(boxes.length) : text.noBoxes);
      const shown = shownBoxes(state);
      const pointed = pointedAt(state);
      const inside = state.finds.inside?.look === state.look ? state.finds.inside : null;
      setText(sorted, sortedBy(boxes, inside?.index));
      shapes.hidden = !boxes.some(({ mask }) => mask);
      shows.checked = !state.finds.isOff;
      shown.forEach(({ classIndex, label, score, mask }, place) => {
        rows[place] ??= createRow(place);
        const row = rows[place];
        if (!row.item.isConnected) list.append(row.item);
        row.number.style.background = cssColour(classIndex);
        row.button.classList.toggle('pointed', pointed === place);
        row.button.setAttribute('aria-pressed', String(inside?.index === place));
        setText(row.label, label);
        setText(row.value, formatPercent(score));
        row.area.hidden = !mask;
        setText(row.area, mask ? text.area(mask.share) : '');
        row.bar.style.width = `${Math.min(100, score * 100)}%`;
        row.bar.style.background = cssColour(classIndex);
      });
      rows.slice(shown.length).forEach(({ item }) => item.remove());
      all.hidden = boxes.length <= FEW_BOXES;
      setText(all, state.finds.all ? text.fewer : text.more(boxes.length));
    },
  };
}
