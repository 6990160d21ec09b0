import { text } from '../page/text.js';
import { h, setText } from '../ui/dom.js';

/**
 * Which map the card is about, and the ways to another one.
 * @param {import('../page/session/session.js').Session} session
 * @param {() => void} onClose
 */
export function createHead(session, onClose) {
  const heading = h('h2', { id: 'card-heading', tabIndex: -1 });
  const close = h('button', { type: 'button', className: 'close', 'aria-label': text.close, onclick: onClose }, '×');
  const number = h('input', {
    type: 'number',
    min: '0',
    className: 'map-number',
    onchange: () => session.openMap(number.valueAsNumber),
  });
  const step = (/** @type {string} */ label, /** @type {-1 | 1} */ by, /** @type {string} */ sign) =>
    h('button', { type: 'button', 'aria-label': label, onclick: () => session.stepMap(by) }, sign);
  const add = h('button', {
    type: 'button',
    className: 'small card-sum',
    onclick: () => session.toggleChosen(session.state.openMap ?? 0),
  });
  const ways = h(
    'p',
    { className: 'buttons' },
    step(text.card.previous, -1, '‹'),
    step(text.card.next, 1, '›'),
    h('label', { className: 'field inline' }, h('span', {}, text.card.goTo), number),
    add,
  );
  return {
    element: h('div', { className: 'card-head' }, heading, ways, close),
    /** @param {import('../page/state.js').LookView} look @param {number} map @param {number[]} chosen maps in the sum */
    update(look, map, chosen) {
      setText(heading, text.card.title(map));
      if (document.activeElement !== number) number.value = String(map);
      number.max = String(look.channels - 1);
      const inSum = chosen.includes(map);
      setText(add, inSum ? text.card.inSum : text.card.addToSum);
      add.setAttribute('aria-pressed', String(inSum));
    },
  };
}
