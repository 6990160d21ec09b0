import { catalogue } from '../../api/language.js';
import { formatPercent } from '../../api/numbers.js';

/** The sentences of switching maps off, which load when that part is unfolded. */
export const text = catalogue('ablation', {
  explain:
    'Set maps to zero, and let only the rest of the network run. If the answer needs them, it changes more than without ' +
    'equally many others, drawn by lot among those that fire here.',
  /** @param {number} map */
  map: (map) => `Without map ${map}`,
  /** @param {number} count */
  chosen: (count) => `Without the ${count} maps of the sum`,
  /** @param {number} count @param {string} name */
  framed: (count, name) => (count === 1 ? `Without the map of ${name}` : `Without the ${count} maps of ${name}`),
  to: 'A map that is off becomes',
  zero: 'zero',
  mean: 'its mean everywhere',
  working: 'Running the rest of the network…',
  found: 'what',
  /** @param {number} place @param {string} label */
  box: (place, label) => `${label} (box ${place})`,
  /** @param {string} label */
  area: (label) => `the area of ${label}`,
  likeness: 'the likeness to what it gave before',
  noBoxes: 'It finds nothing in this photo with all maps, so nothing can be lost.',
  dashed: 'In the photo, dashed: where it finds things with that switched off.',
  columns: ['class', 'with all', 'without', 'without random ones'],
  /** @param {number[]} values */
  range: (values) =>
    values.length === 0
      ? '–'
      : `${formatPercent(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))} ` +
        `(${formatPercent(Math.min(...values))} to ${formatPercent(Math.max(...values))})`,
  /** @param {{ maps: number[], label: string, before: number, after: number, random: number, controls: number }} found */
  sentence: ({ maps, label, before, after, random, controls }) =>
    `Without ${maps.length === 1 ? `map ${maps[0]}` : `these ${maps.length} maps`}, ${label} goes from ${formatPercent(before)} to ${formatPercent(after)}` +
    (controls === 0
      ? `. Too few other maps fire here to switch off ${maps.length === 1 ? 'a random one' : 'equally many random ones'} instead.`
      : `; without ${maps.length === 1 ? 'a random map' : 'equally many random maps'} instead it is at ${formatPercent(random)} on average of ${controls} draws.`),
});
