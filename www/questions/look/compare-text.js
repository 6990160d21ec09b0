import { catalogue } from '../../api/language.js';
import { formatNumber, formatSigned } from '../../api/numbers.js';

/** The sentences about two photos, which load when two are compared. */
export const text = catalogue('compare', {
  heading: 'Two photos',
  /** @param {number} map @param {number} difference @param {string} more @param {string} less */
  lead: (map, difference, more, less) =>
    `Map ${map} differs most: its mean is ${formatNumber(difference)} higher on ${more} than on ${less}.`,
  /** @param {string} name @param {number} mean */
  caption: (name, mean) => `${name}: ${formatNumber(mean)}`,
  /** @param {number} value */
  difference: (value) => `difference ${formatSigned(value)}`,
  explain:
    'Both photos go through the same layer. The maps are ordered by how much their means differ, whichever photo has more.',
  same: 'Every map has the same mean on both photos.',
});
