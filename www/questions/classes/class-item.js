import { text } from '../../classes/text.js';
import { mapCount } from '../../page/state.js';
import { h, unfold } from '../../ui/dom.js';

/** @typedef {import('../../api/types.js').ClassMaps} ClassMaps */
/** @typedef {import('../../classes/collection.js').ImageClass} ImageClass */

/** Maps of a class that are shown as pictures; the others are numbers. */
export const PICTURED = 6;

/**
 * A class with its maps.
 * @param {ImageClass} one
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
 * @param {{ title: string, layer: string, isOfPage: boolean, images: number }} study `isOfPage`: of the model that the grid shows; `images`: of
 *   the class that were looked at
 * @param {{ open: (map: number) => void, frame: () => void, draw: (event: Event) => void, picture: (map: number) => HTMLElement }} on
 * @returns {(HTMLElement | null)[]}
 */
export function classContent(one, state, study, on) {
  const isFramed = state.framed.name === one.name;
  const summary = text.own.summary(one.maps.length, one.removed.length, state.classes.perClass);
  const rest = one.maps.slice(PICTURED);
  return [
    one.maps.length === 0 ? h('p', {}, summary) : null,
    h(
      'ul',
      { className: 'map-tiles' },
      ...one.maps.slice(0, PICTURED).map((counted) => h('li', {}, tile(counted, study.images, on))),
    ),
    rest.length === 0
      ? null
      : unfold(
          text.own.moreMaps(rest.length),
          h('p', { className: 'note' }, summary),
          h('ul', { className: 'chips' }, ...rest.map((counted) => h('li', {}, chip(counted, on.open)))),
        ),
    h(
      'p',
      { className: 'buttons' },
      one.maps.length === 0
        ? null
        : h('button', { type: 'button', className: 'small', onclick: on.draw }, text.own.draw),
      h(
        'button',
        { type: 'button', className: 'small', 'aria-pressed': String(isFramed), onclick: on.frame },
        text.own.frame,
      ),
      h('span', { className: 'note' }, isFramed ? whereInGrid(one, state, study) : ''),
    ),
  ];
}

/** What every button of a class's map has, as a picture or as a number.
 * @param {{ map: number, count: number }} counted @param {(map: number) => void} onOpen */
function mapButton({ map, count }, onOpen) {
  return {
    type: 'button',
    'data-testid': 'class-map',
    'data-map': map,
    'data-count': count,
    title: text.own.often(count),
    onclick: () => onOpen(map),
  };
}

/**
 * @param {{ map: number, count: number }} counted
 * @param {number} images of the class
 * @param {{ open: (map: number) => void, picture: (map: number) => HTMLElement }} on
 */
function tile(counted, images, { open, picture }) {
  const { map, count } = counted;
  return h(
    'button',
    { ...mapButton(counted, open), className: 'map-tile' },
    picture(map),
    h(
      'span',
      { className: 'numbers map-tile-caption' },
      `#${map} `,
      // Maps that were drawn by lot were counted in no image.
      h('span', { className: 'note' }, count > 0 ? text.own.countOf(count, images) : ''),
    ),
  );
}

/** @param {{ map: number, count: number }} counted @param {(map: number) => void} onOpen */
function chip(counted, onOpen) {
  return h(
    'button',
    { ...mapButton(counted, onOpen), className: 'small numbers' },
    `#${counted.map} `,
    h('span', { className: 'note' }, `×${counted.count}`),
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
