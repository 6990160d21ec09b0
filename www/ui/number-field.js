import { h } from './dom.js';

/** The largest number that can be asked for: more maps than this is no list of a class's any more. */
const MOST = 200;

/**
 * A labelled whole number, from 1 to 200; what is not a number changes nothing. `show` shows another number, unless the
 * visitor is typing.
 * @param {string} label
 * @param {number} value
 * @param {(value: number) => void} onChange
 */
export function numberField(label, value, onChange) {
  const input = h('input', {
    type: 'number',
    min: '1',
    max: String(MOST),
    value: String(value),
    oninput: () => {
      const number = Math.round(Number(input.value));
      if (number >= 1) onChange(Math.min(MOST, number));
    },
  });
  const show = (/** @type {number} */ number) => {
    if (document.activeElement !== input) input.value = String(number);
  };
  return { show, field: h('label', { className: 'field' }, h('span', {}, label), input) };
}
