import { catalogue } from '../../api/language.js';
import { counted, formatNumber } from '../../api/numbers.js';

/** @typedef {import('./choices.js').Target} Target */

/** What is drawn. @param {number} map @param {Target} [target] */
function nameOf(map, target) {
  switch (target?.kind) {
    case 'spot':
      return `Map ${map}, row ${target.position[0] + 1} and column ${target.position[1] + 1}`;
    case 'class':
      return `Class “${target.label}”`;
    case 'mix':
      return `Maps ${[map, ...target.others].join(' + ')}`;
    default:
      return `Map ${map}`;
  }
}

/** What of it is made large. @param {Target} [target] */
function measureOf(target) {
  return target ? { spot: 'value', class: 'score', mix: 'sum of means' }[target.kind] : 'mean';
}

/** The sentences of drawings, which load with the first one. */
const english = {
  explain:
    'Starting from a nearly grey picture, the pixels are changed step by step so that this map fires more. What comes out is ' +
    'what the map looks for, seen by the network’s eyes. Beside it stand the places in real images where the map fires most: compare.',
  brought:
    'These are the settings of a drawing from the link. Press “Draw it”: the same random seed on the same kind of engine draws the same picture.',
  /** @param {string} name */
  empty: (name) => `${name}: what would the network like to see?`,
  recorded: 'Drawn beforehand. Press “Draw it” to watch it grow on this device.',
  target: 'What to draw',
  targets: /** @type {import('../../ui/dom.js').Options} */ ([
    ['map', 'this map'],
    ['spot', 'one spot of it'],
    ['class', 'a class'],
    ['mix', 'a mix with another map'],
  ]),
  spot: 'Spot on this photo',
  /** @param {number} row @param {number} column from 0 */
  place: (row, column) => `Row ${row + 1}, column ${column + 1}. Press another one to choose it.`,
  class: 'Class',
  /** @param {string} typed */
  noSuchClass: (typed) => `The model has no class “${typed}”. Choose one from the list that opens while you type.`,
  with: 'With map',
  /** @param {number[]} others */
  andAlso: (others) => `and ${others.join(', ')}`,
  draw: 'Draw it',
  again: 'Draw again',
  cancel: 'Stop',
  pause: 'Pause',
  goOn: 'Go on',
  settings: 'Settings',
  otherSettings: 'Settings of the second drawing',
  two: 'A second drawing beside it, with other settings and the same random seed',
  way: 'Method',
  ways: /** @type {import('../../ui/dom.js').Options} */ ([
    ['modern', 'modern'],
    ['article', 'as the article'],
    ['literal', 'as the article, literal'],
  ]),
  explainWay: {
    article:
      'The article’s way, smoothed a little: a tiny picture is changed for 20 steps, enlarged by a fifth, changed again, and so on. Patterns come out small and repeated.',
    literal:
      'The article’s program to the letter: a tiny picture is changed for 20 steps, enlarged by a fifth, changed again, and so on, and nothing holds the noise back.',
    modern:
      'The way that has become usual since: the picture is a sum of waves in natural colours and is seen a little moved, scaled and turned at ' +
      'each of 512 steps, so that only what survives this is drawn. Calmer, with larger shapes.',
  },
  size: 'Size',
  sizes: /** @type {Record<'article' | 'modern', import('../../ui/dom.js').Options>} */ ({
    article: [
      ['112', '112 pixels (quick)'],
      ['230', '230 pixels'],
      ['397', '397 pixels (slow)'],
      ['986', '986 pixels (the article, very slow)'],
    ],
    modern: [
      ['64', '64 pixels (quick)'],
      ['128', '128 pixels'],
      ['224', '224 pixels (slow)'],
      ['320', '320 pixels (very slow)'],
    ],
  }),
  more: 'More settings',
  blur: 'Blur',
  blurs: /** @type {import('../../ui/dom.js').Options} */ ([
    ['0', 'none'],
    ['0.5', 'half a pixel'],
    ['1', 'one pixel'],
    ['1.2', '1.2 pixels'],
    ['2', 'two pixels'],
  ]),
  variation: 'Reduce noise',
  variations: /** @type {import('../../ui/dom.js').Options} */ ([
    ['0', 'none'],
    ['1', 'a little'],
    ['4', 'a lot'],
    ['8', 'very much'],
  ]),
  distance: 'Reduce glare',
  distances: /** @type {import('../../ui/dom.js').Options} */ ([
    ['0', 'none'],
    ['2', 'a little'],
    ['8', 'a lot'],
  ]),
  moreExplain:
    'Blur takes out the finest detail after every 20 steps. “Reduce noise” holds back differences between neighbouring pixels (total variation), ' +
    '“Reduce glare” strong colours (L2). Each makes the picture smoother, and the map fire less.',
  seed: 'Random seed',
  back: 'Back through the drawing',
  /** @param {number} step @param {number} size */
  stage: (step, size) =>
    step === 0 ? `The start, ${size} pixels` : `After ${step} ${step === 1 ? 'step' : 'steps'}, ${size} pixels`,
  png: 'PNG',
  pngTitle: 'Save the picture that is shown',
  gif: 'GIF',
  gifTitle: 'Save the pictures that the slider goes through as an animation',
  /** @param {number} done @param {number} total */
  gifProgress: (done, total) => `GIF: ${done} of ${total}`,
  /** @param {{ size?: number, activation?: number, done: number, total?: number, secondsLeft?: number }} progress @param {Target} [target] */
  progress: ({ size, activation, done, total = 0, secondsLeft = 0 }, target) =>
    `Step ${done} of ${total}, ${size ?? '…'} pixels, ${measureOf(target)} ${Number.isNaN(activation) ? 'no number' : formatNumber(activation ?? 0)}${secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : ''}`,
  setup: 'Preparing the backward pass…',
  /** @param {number} map @param {'article' | 'modern'} preset @param {Omit<import('../../api/types.js').Drawing, 'image'>} drawing @param {Target} [target] */
  done: (map, preset, { activations, sizes, sizing, cured, saturated, lost, grey }, target) => {
    const means = [...activations].filter(Number.isFinite);
    const none = means.length === 0;
    const over = sizes.length === 1 ? `at ${sizes[0]} pixels` : `over ${counted(sizes.length, 'size')}`;
    const steps = `in ${counted(activations.length, 'step')} ${over}`;
    return (
      (none
        ? `${nameOf(map, target)} was not drawn, ${steps}.`
        : `${nameOf(map, target)}: ${measureOf(target)} ${formatNumber(means[0])} at the start, ${formatNumber(means[means.length - 1])} at the end, ${steps}.`) +
      {
        asked: '',
        nearest: ' The network does not take pictures of every size; these are the nearest that it takes.',
        larger: ' At the size that was chosen this layer is less than two cells high, so the drawing is larger.',
        own: ' The network takes pictures of its own size only, so all of the drawing was made at that size.',
      }[sizing] +
      (lost > 0
        ? ` In ${none ? 'all' : lost} of them the network gave no number (NaN or infinity) for ${target ? 'it' : 'this map'}, so that the picture was left as it was.`
        : '') +
      (cured > 0
        ? ` In ${cured} of them it did not fire at all, so that there was nothing to follow; there the value before its activation was made larger.`
        : '') +
      (saturated > 0
        ? ` In ${saturated} of them all of it was at the largest value that its activation lets through, so it cannot fire more.`
        : '') +
      (grey && lost === 0
        ? ` There is no pattern in the picture: nothing that this start could become makes ${target?.kind === 'class' ? 'the score rise' : 'the map fire'}. Try another random seed, a larger size or the ${preset === 'article' ? 'modern' : 'article’s'} way.`
        : '')
    );
  },
  stopped: 'Stopped; this is how far it came.',
  /** @param {boolean} enlarged whether the picture was enlarged @param {boolean} moved whether it is seen moved @param {Target} [target] */
  curve: (enlarged, moved, target) =>
    `${{ map: 'The map’s mean', spot: 'The value there', class: 'The class’s score', mix: 'The sum of the maps’ means' }[target?.kind ?? 'map']} at every step.${enlarged ? ' It drops where the picture is enlarged.' : ''}${moved ? ' It trembles, since the picture is moved at every step.' : ''}`,
  curveSummary: 'How strongly it fires at every step',
  curveSteps: 'step →',
  patches: 'Where it fires most in the images',
  /** @param {string} name @param {number} maximum */
  patch: (name, maximum) => `${name}, largest value ${formatNumber(maximum)}`,
  /** @param {boolean} limited */
  patchesExplain: (limited) =>
    'Cut out around the map’s largest value, the strongest image first.' +
    (limited ? ' The map sees more of the image than that; these are its middles.' : ''),
  /** @param {number} images */
  noPatches: (images) => `The map fires in none of the ${images} images.`,
  name: nameOf,
  measure: measureOf,
  /** @param {number} map @param {Target} [target] */
  alt: (map, target) => {
    const name = nameOf(map, target);
    return target?.kind === 'class'
      ? `What the network takes for ${name[0].toLowerCase()}${name.slice(1)}`
      : `What ${name[0].toLowerCase()}${name.slice(1)} look${target?.kind === 'mix' ? '' : 's'} for`;
  },
  galleryHeading: 'The strongest maps of this photo',
  /** @param {number} count */
  gallery: (count) => `Draw the ${count} strongest`,
  showPatches: 'Show where they fire in the images',
  wall: 'Draw these maps',
  /** @param {number} map */
  waiting: (map) => `#${map}, waiting`,
  /** @param {number} map */
  drawing: (map) => `#${map}, being drawn`,
  /** @param {number} map */
  failed: (map) => `#${map}, cannot be drawn`,
  /** @param {number} map @param {number} activation */
  tile: (map, activation) => `#${map}, mean ${formatNumber(activation)}`,
};

export const text = catalogue('draw', english);
