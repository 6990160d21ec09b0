import { formatPercent } from '../api/numbers.js';
import { h } from '../ui/dom.js';
import { text } from './record-text.js';

/** @typedef {import('./record.js').Figure} Figure */

/**
 * A recorded figure. All that comes from the record is put in as text, and pictures as pictures, in which nothing runs.
 * @param {Figure} figure
 * @param {(path: string) => string} addressOf a file of the record
 * @returns {HTMLElement}
 */
export function recordedFigure(figure, addressOf) {
  return h(
    'figure',
    { className: `recorded-figure recorded-${figure.kind}` },
    h('h3', {}, figure.title),
    contentOf(figure, addressOf),
    figure.caption ? h('figcaption', {}, figure.caption) : null,
  );
}

/**
 * @param {Figure} figure
 * @param {(path: string) => string} addressOf
 */
function contentOf(figure, addressOf) {
  switch (figure.kind) {
    case 'picture':
      return h('img', { src: addressOf(figure.path), alt: figure.alt, width: figure.width, height: figure.height });
    case 'maps':
      return h(
        'ul',
        { className: 'recorded-tiles' },
        ...figure.tiles.map(({ path, map, mean }) =>
          h(
            'li',
            { 'data-map': map, 'data-mean': mean },
            h('img', {
              src: addressOf(path),
              alt: text.figures.tileAlt(map, mean),
              width: figure.size,
              height: figure.size,
            }),
            h('span', {}, text.figures.tile(map, mean)),
          ),
        ),
      );
    case 'predictions':
      return h(
        'ol',
        { className: 'recorded-list' },
        ...figure.predictions.map(({ label, probability }) =>
          h(
            'li',
            {},
            h('span', {}, label),
            ' ',
            h('meter', { value: probability, min: 0, max: 1, 'aria-hidden': 'true' }),
            ' ',
            h('b', {}, formatPercent(probability)),
          ),
        ),
      );
    case 'table': {
      const [corner = '', ...columns] = figure.columns;
      return h(
        'div',
        { className: 'recorded-cells', tabIndex: 0, role: 'group', 'aria-label': figure.title },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h('tr', {}, h('td', {}, corner), ...columns.map((column) => h('th', { scope: 'col' }, column))),
          ),
          h(
            'tbody',
            {},
            ...figure.rows.map(([first = '', ...cells]) =>
              h('tr', {}, h('th', { scope: 'row' }, first), ...cells.map((cell) => h('td', {}, cell))),
            ),
          ),
        ),
      );
    }
    case 'classes':
      return h(
        'dl',
        { className: 'recorded-classes' },
        ...figure.classes.flatMap(({ name, images, maps }) => [
          h('dt', {}, `${name} (${text.figures.ofImages(images)})`),
          h(
            'dd',
            {},
            maps.length === 0
              ? text.figures.noMaps
              : maps.map(({ map, count }) => text.figures.classMap(map, count, images)).join(', '),
          ),
        ]),
      );
  }
}

/**
 * Addresses of a record's files, and how to let go of them.
 * @param {Map<string, Blob>} files
 */
export function objectAddresses(files) {
  /** @type {Map<string, string>} */
  const made = new Map();
  return {
    /** @param {string} path */
    addressOf(path) {
      const known = made.get(path);
      if (known) return known;
      const file = files.get(path);
      const address = file ? URL.createObjectURL(file) : '';
      made.set(path, address);
      return address;
    },
    release() {
      made.forEach((address) => URL.revokeObjectURL(address));
      made.clear();
    },
  };
}
