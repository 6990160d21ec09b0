import { catalogue } from '../language.js';
import { counted, formatNumber } from '../numbers.js';

/** The sentences of drawings, which load with the first one. */
const english = {
  explain: 'Starting from a small grey picture, the pixels are changed step by step so that this map fires more; then the picture is '
    + 'enlarged a little, and so on. What comes out is what the map looks for, seen by the network’s eyes.',
  draw: 'Draw it',
  again: 'Draw again',
  cancel: 'Stop',
  size: 'Up to',
  sizes: /** @type {import('../ui/dom.js').Options} */ ([['112', '112 pixels (quick)'], ['230', '230 pixels'], ['397', '397 pixels (slow)'], ['986', '986 pixels (the article, very slow)']]),
  seed: 'Start number',
  save: 'PNG',
  /** @param {{ size?: number, activation?: number, done: number, total?: number, secondsLeft?: number }} progress */
  progress: ({ size, activation, done, total = 0, secondsLeft = 0 }) =>
    `Step ${done} of ${total}, ${size ?? '…'} pixels, mean ${formatNumber(activation ?? 0)}${secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : ''}`,
  setup: 'Preparing the backward pass…',
  /** @param {number} map @param {import('../types.js').Drawing} drawing */
  done: (map, { activations, sizes, cured, grey }) => {
    const [first, last] = [activations[0] ?? 0, activations[activations.length - 1] ?? 0];
    return `Map ${map}: mean ${formatNumber(first)} at the start, ${formatNumber(last)} at the end, in ${counted(activations.length, 'step')} over ${counted(sizes.length, 'size')}.`
      + (cured > 0 ? ` In ${cured} of them it did not fire at all, so that there was nothing to follow; there the value before its activation was made larger.` : '')
      + (grey ? ' The picture stayed grey: nothing that this start could become makes the map fire. Try another start number or a larger size.' : '');
  },
  stopped: 'Stopped; this is how far it came.',
  curve: 'The map’s mean at every step; it drops where the picture is enlarged.',
  steps: 'Sizes on the way',
  /** @param {number} map */
  alt: (map) => `What map ${map} looks for`,
  wall: 'Draw these maps',
  /** @param {number} map @param {number} activation */
  tile: (map, activation) => `#${map}, mean ${formatNumber(activation)}`,
};

export const text = catalogue('draw', english);
