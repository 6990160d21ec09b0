import { quantities } from './quantities.js';

/**
 * What becomes of a class, a box or whatever else the network gives: `random` is its value in each draw of equally many random maps.
 * @typedef {{ index: number, label: string, before: number, after: number, random: number[] }} Row
 */

/**
 * What the network gives with and without the maps.
 * @param {number[]} maps
 * @param {import('../../api/types.js').Ablation} ablation
 * @param {import('./quantities.js').Found | null} look with all maps
 * @returns {Row[]} what the network says first is the first
 */
export function ablatedRows(maps, ablation, look) {
  // Where too few other maps fire, a control switches off fewer than were chosen, or none, and is no comparison.
  const draws = ablation.controls.filter((control) => control.maps.length === maps.length);
  return quantities(ablation, look).map(({ index, label, before, value }) => ({
    index,
    label,
    before,
    after: value(ablation),
    random: draws.map(value),
  }));
}
