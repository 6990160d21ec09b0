import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';

/**
 * The maps of a class, each of which can be chosen.
 * @param {(map: number) => void} onToggle
 */
export function createChips(onToggle) {
  const element = h('ul', { className: 'chips', 'aria-label': text.everywhere.choose });
  /** @param {number} map @param {boolean} isChosen */
  const chip = (map, isChosen) =>
    h(
      'button',
      {
        type: 'button',
        className: 'small numbers',
        'data-map': map,
        'aria-pressed': String(isChosen),
        onclick: () => onToggle(map),
      },
      `#${map}`,
    );
  let drawn = '';
  return {
    element,
    /** @param {number[]} maps of the class @param {number[]} chosen */
    update(maps, chosen) {
      const key = JSON.stringify([maps, chosen]);
      if (key === drawn) return;
      drawn = key;
      const focused = element.contains(document.activeElement)
        ? /** @type {HTMLElement} */ (document.activeElement).dataset.map
        : null;
      element.replaceChildren(...maps.map((map) => h('li', {}, chip(map, chosen.includes(map)))));
      // The list is new; the keyboard stays where it was.
      if (focused) /** @type {HTMLElement | null} */ (element.querySelector(`[data-map="${focused}"]`))?.focus();
    },
  };
}
