import { catalogue } from '../../api/language.js';
import { formatNumber, formatPercent } from '../../api/numbers.js';

/** The sentences of Grad-CAM, which load when that part is unfolded. */
export const text = catalogue('cam', {
  differ:
    'A single map is one muscle: it shows where that one pattern is, whatever it is good for. Grad-CAM takes all maps of the layer at ' +
    'once and weighs each by how much the class’s score rises with it.',
  class: 'Class',
  box: 'What it found',
  noSuchClass: (/** @type {string} */ name) =>
    `The model has no class “${name}”. Choose one from the list that opens while you type.`,
  /** @param {string} label */
  atPlace: (label) => `${label} at the marked place`,
  working: 'Asking which maps the score rises with…',
  all: (/** @type {string} */ label) => `All maps, weighed for ${label}`,
  one: (/** @type {number} */ map) => `Map ${map} alone`,
  sentence: (
    /** @type {{ label: string, where: string, strongest: number[], map: number, share: number, place: number, maps: number }} */ {
      label,
      where,
      strongest,
      map,
      share,
      place,
      maps,
    },
  ) =>
    `What speaks for ${label} is strongest ${where}. Its score rises most with maps ${strongest.join(', ')}. Map ${map} has ` +
    `${share < 0 ? '−' : ''}${formatPercent(Math.abs(share))} of the largest weight, place ${formatNumber(place)} of ${formatNumber(maps)}${share < 0 ? ': where it fires, it speaks against the class.' : '.'}`,
  nothing: (/** @type {string} */ label) =>
    `Nothing on this photo speaks for ${label} in this layer: the weighed sum is nowhere above zero.`,
  explain:
    'For the chosen class the network is run backwards from the class’s score (before Softmax) to this layer. That tells for every cell ' +
    'of every map how much the score would rise if the cell were a little larger; the mean over a map is the map’s weight. The maps are ' +
    'added up by these weights, what is below zero is cut off, and the sum is enlarged and laid over the photo, scaled by its own largest ' +
    'value. So it says where the photo speaks for a class, but not which pattern does: for that, look at the single maps. In layers far from ' +
    'the end it is coarser evidence, since one weight has to do for a whole map.',
});
