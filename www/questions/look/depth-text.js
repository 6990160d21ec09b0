import { catalogue } from '../../api/language.js';
import { formatSize } from '../../api/numbers.js';

/**
 * How much of the picture a cell of a layer sees, in words.
 * @param {number[]} field
 * @param {number[]} size of what the network sees
 */
function pieces(field, size) {
  return field.every((side, axis) => side >= size[axis])
    ? 'looks at the whole picture'
    : `looks at pieces of ${formatSize(field.map((side, axis) => Math.min(side, size[axis])))} pixels`;
}

/** The words of the strip of the network, which load with it. */
export const text = catalogue('depth', {
  label: 'Layers of the network, from the photo to the answer. Arrow keys move, Enter chooses.',
  /** @param {number} place @param {number} count @param {number[]} field @param {number[]} size */
  facts: (place, count, field, size) => `Layer ${place} of ${count} ${pieces(field, size)}.`,
  /** @param {number} place @param {number} count @param {boolean} isOfPatch */
  attention: (place, count, isOfPatch) =>
    `Layer ${place} of ${count} is attention: each map is a head, and shows where ${isOfPatch ? 'one patch' : 'the network’s first token'} looks.`,
  /** @param {number} map */
  strongest: (map) => ` Map ${map} lights up most.`,
  none: ' No map lights up.',
  /** @param {{ place: number, count: number, what: string, field: number[], size: number[], id: string }} layer */
  layer: ({ place, count, what, field, size, id }) => `Layer ${place} of ${count} ${pieces(field, size)}.${what} ${id}`,
});
