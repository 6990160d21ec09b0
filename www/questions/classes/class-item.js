import { text } from '../../classes/text.js';
import { mapCount } from '../../page/state.js';
import { h, unfold } from '../../ui/dom.js';

/** @typedef {import('../../api/types.js').ClassMaps} ClassMaps */

/**
 * A class with its maps.
 * @param {import('../../classes/collection.js').ImageClass} one
 * @param {(Node | null)[]} content
 */
export function classItem({ name, images }, content) {
  return h(
    'li',
    { className: 'class', 'data-testid': 'class', 'data-name': name },
    h('h3', {}, name, ' ', h('span', { className: 'note' }, text.images(images.length))),
    ...content.filter((part) => part !== null),
  );
}

/**
 * The maps of a class as far as they are found, what can be done with them, and those that other classes have as well.
 * @param {ClassMaps} one
 * @param {import('../../page/state.js').State} state
 * @param {{ title: string, layer: string, isOfPage: boolean }} study `isOfPage`: of the model that the grid shows
 * @param {{ open: (map: number) => void, frame: () => void, draw: (event: Event) => void }} on
 * @returns {(HTMLElement | null)[]}
 */
export function classContent(one, state, study, on) {
  const isFramed = state.framed.name === one.name;
  return [
    h('p', { className: 'note' }, text.own.summary(one.maps.length, one.removed.length, state.classes.perClass)),
    one.maps.length === 0 ? null : h('p', { className: 'note' }, text.own.chip(one.maps[0].map, one.maps[0].count)),
    h('ul', { className: 'chips' }, ...one.maps.map((counted) => h('li', {}, chip(counted, on.open)))),
    h(
      'p',
      { className: 'buttons' },
      h(
        'button',
        { type: 'button', className: 'small', 'aria-pressed': String(isFramed), onclick: on.frame },
        text.own.frame,
      ),
      one.maps.length === 0
        ? null
        : h('button', { type: 'button', className: 'small', onclick: on.draw }, text.own.draw),
      h('span', { className: 'note' }, isFramed ? whereInGrid(one, state, study) : ''),
    ),
  ];
}

/** @param {{ map: number, count: number }} counted @param {(map: number) => void} onOpen */
function chip({ map, count }, onOpen) {
  return h(
    'button',
    {
      type: 'button',
      className: 'small numbers',
      'data-testid': 'class-map',
      'data-map': map,
      'data-count': count,
      title: text.own.often(count),
      onclick: () => onOpen(map),
    },
    `#${map} `,
    h('span', { className: 'note' }, `×${count}`),
  );
}

/**
 * At which ranks of the grid the maps stand, or why they do not.
 * @param {ClassMaps} one
 * @param {import('../../page/state.js').State} state
 * @param {{ title: string, layer: string, isOfPage: boolean }} study
 */
function whereInGrid(one, state, { title, layer, isOfPage }) {
  const { look } = state;
  if (!isOfPage) return text.own.otherModel(title);
  if (look?.layer !== layer) return text.own.elsewhere(layer);
  const count = mapCount(state);
  const ranks = new Map(look.top(count).map(({ map, rank }) => [map, rank]));
  const inGrid = one.maps.flatMap(({ map }) => ranks.get(map) ?? []).sort((a, b) => a - b);
  return text.own.ranks(one.name, inGrid, count);
}

/**
 * The maps that are not the class's own, since other classes have them too.
 * @param {ClassMaps} one
 */
export function sharedMaps({ removed }) {
  if (removed.length === 0) return null;
  const items = removed.map(({ map, count, alsoIn }) => h('li', {}, text.own.sharedMap(map, count, alsoIn)));
  return unfold(text.own.shared(removed.length), h('ul', { className: 'shared note' }, ...items));
}
