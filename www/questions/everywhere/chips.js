import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';

/**
 * The maps of a class as small pictures, each of which can be chosen, and all of them as their sum.
 * @param {{ press: (map: number) => void, all: () => void, picture: (map: number) => HTMLElement }} on
 */
export function createChips({ press, all, picture }) {
  const element = h('ul', { className: 'chips map-strip', 'aria-label': text.everywhere.choose });
  /** @param {number} map @param {boolean} isChosen */
  const chip = (map, isChosen) =>
    h(
      'button',
      {
        type: 'button',
        className: 'map-chip numbers',
        'data-map': map,
        'aria-pressed': String(isChosen),
        onclick: () => press(map),
      },
      picture(map),
      h('span', {}, `#${map}`),
    );
  /** @param {number} count @param {boolean} isChosen */
  const sum = (count, isChosen) =>
    h(
      'button',
      {
        type: 'button',
        className: 'map-chip map-sum',
        'data-map': 'all',
        'aria-pressed': String(isChosen),
        onclick: all,
      },
      text.everywhere.sum(count),
    );
  let drawn = '';
  return {
    element,
    /**
     * @param {string} key tells the same maps of one study and class from those of another
     * @param {number[]} maps of the class
     * @param {number[]} shown those that are laid over the images
     */
    update(key, maps, shown) {
      const whole = JSON.stringify([key, maps, shown]);
      if (whole === drawn) return;
      drawn = whole;
      const isSum = maps.length > 1 && shown.length === maps.length;
      const focused = element.contains(document.activeElement)
        ? /** @type {HTMLElement} */ (document.activeElement).dataset.map
        : null;
      const at = element.scrollLeft;
      element.replaceChildren(
        ...maps.map((map) => h('li', {}, chip(map, !isSum && shown.includes(map)))),
        ...(maps.length > 1 ? [h('li', {}, sum(maps.length, isSum))] : []),
      );
      element.scrollLeft = at;
      // The list is new; the keyboard stays where it was.
      if (focused)
        /** @type {HTMLElement | null} */ (element.querySelector(`[data-map="${focused}"]`))?.focus({
          preventScroll: true,
        });
    },
  };
}
