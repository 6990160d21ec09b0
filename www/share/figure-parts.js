/**
 * What a figure of a record is of. Its kind says how it is drawn, and the folder of its file what is on it, as `record-make.js`
 * and `linked.js` write them; so records of every age can be asked for their maps, drawings and charts.
 */

import { text } from './record-text.js';

/** @typedef {import('./record.js').Figure} Figure */

/** What can be asked for, as the attribute `show` of an embed names it. */
export const PARTS = /** @type {const} */ ([
  'map',
  'grid',
  'photo',
  'answer',
  'drawing',
  'alarm',
  'means',
  'cam',
  'classes',
  'table',
]);

/** @typedef {typeof PARTS[number]} Part */

/** Beginnings of the paths of pictures, by what is on them. @type {[string, Part][]} */
const PLACES = [
  ['overlays/', 'map'],
  ['drawings/', 'drawing'],
  ['figures/grad-cam', 'cam'],
  ['plots/means', 'means'],
  ['plots/', 'alarm'],
];

/** @type {Record<Exclude<Figure['kind'], 'picture'>, Part>} */
const KINDS = { maps: 'grid', predictions: 'answer', classes: 'classes', table: 'table' };

/** @param {Figure} figure @returns {Part} */
export function partOf(figure) {
  if (figure.kind !== 'picture') return KINDS[figure.kind];
  return PLACES.find(([beginning]) => figure.path.startsWith(beginning))?.[1] ?? 'photo';
}

/**
 * Where a record keeps one map by itself, larger than a tile.
 * @param {number} map
 * @param {string} ending of the file's name
 */
export function largeMapPath(map, ending) {
  return `overlays/large-map-${map}.${ending}`;
}

/** @param {number} map @param {number} mean */
export function largeMapTexts(map, mean) {
  return {
    title: text.figures.large(map),
    caption: text.figures.largeCaption(map, mean),
    alt: text.figures.tileAlt(map, mean),
  };
}
