import { formatPercent } from '../../../api/numbers.js';
import { h, setText } from '../../../ui/dom.js';
import { chooseMaskClass, pointAtFound, pointedAt, toggleMask } from './changes.js';
import { cssColour } from './colours.js';
import { text } from './text.js';

/** Classes on less than this part of what the network sees are left out of the legend. */
const LEAST = 0.0005;

/**
 * What a mask calls its class.
 * @param {import('../../../api/types.js').FoundMask} mask
 * @param {{ index: number, label: string }} area
 */
function nameOf(mask, { index, label }) {
  if (!mask.isBinary) return label;
  return index === 1 ? text.yes : text.no;
}

/**
 * What a segmenter sees, as a legend with areas.
 * @param {import('../../../page/session/session.js').Session} session
 */
export function createMask(session) {
  const sentence = h('p', { role: 'status', 'data-testid': 'mask-sentence' });
  const shows = h('input', { type: 'checkbox', onchange: () => toggleMask(session) });
  const list = h('ul', { className: 'predictions', onpointerleave: () => pointAtFound(session, null) });
  const element = h(
    'div',
    {},
    sentence,
    h('label', { className: 'check' }, shows, ' ', text.showMask),
    list,
    h('p', { className: 'note' }, text.pickHint),
  );
  /** @type {import('../../../api/types.js').FoundMask | null} */
  let drawn = null;
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();

  /** @param {import('../../../api/types.js').FoundMask} mask */
  function draw(mask) {
    drawn = mask;
    rows.clear();
    const [largest] = mask.areas;
    const yes = mask.areas.find(({ index }) => index === 1)?.share ?? 0;
    setText(sentence, mask.isBinary ? text.binary(yes) : text.mask(largest.label, largest.share));
    for (const area of mask.areas.filter(({ share }) => share >= LEAST)) {
      const { index, share } = area;
      const swatch = h('span', { className: 'found-number', 'aria-hidden': 'true' });
      const bar = h('span', { className: 'bar', 'aria-hidden': 'true' });
      swatch.style.background = bar.style.background = mask.isBinary && index === 0 ? 'transparent' : cssColour(index);
      bar.style.width = `${100 * share}%`;
      const point = () => pointAtFound(session, index);
      const row = h(
        'button',
        {
          type: 'button',
          className: 'prediction found',
          'data-testid': 'found-class',
          onpointerenter: point,
          onfocus: point,
          onclick: () => {
            point();
            chooseMaskClass(session, index);
          },
          onblur: () => pointAtFound(session, null),
        },
        swatch,
        h('span', { className: 'label' }, nameOf(mask, area)),
        h('span', { className: 'numbers' }, formatPercent(share)),
        bar,
      );
      rows.set(index, row);
    }
    list.replaceChildren(...Array.from(rows.values(), (row) => h('li', {}, row)));
  }

  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update(state) {
      const mask = state.look?.mask ?? null;
      element.hidden = mask === null;
      if (!mask) return;
      if (mask !== drawn) draw(mask);
      shows.checked = !state.finds.isOff;
      const pointed = pointedAt(state);
      for (const [index, row] of rows) row.classList.toggle('pointed', pointed === index);
    },
  };
}
