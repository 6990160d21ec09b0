import { catalogue } from '../../api/language.js';
import { counted, formatNumber } from '../../api/numbers.js';

/** The sentences of drawings, which load with the first one. */
const english = {
  explain:
    'Starting from a nearly grey picture, the pixels are changed step by step so that this map fires more. What comes out is ' +
    'what the map looks for, seen by the network’s eyes. Below it stand the places in real images where the map fires most: compare.',
  brought:
    'These are the settings of a drawing from the link. Press “Draw it”: the same random seed on the same kind of engine draws the same picture.',
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
    ['article', 'as the article'],
    ['modern', 'modern'],
  ]),
  explainWay: {
    article:
      'The article’s way: a tiny picture is changed for 20 steps, enlarged by a fifth, changed again, and so on. Patterns come out small and repeated.',
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
    ['2', 'two pixels'],
  ]),
  variation: 'Reduce noise',
  variations: /** @type {import('../../ui/dom.js').Options} */ ([
    ['0', 'none'],
    ['1', 'a little'],
    ['4', 'a lot'],
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
  /** @param {{ size?: number, activation?: number, done: number, total?: number, secondsLeft?: number }} progress */
  progress: ({ size, activation, done, total = 0, secondsLeft = 0 }) =>
    `Step ${done} of ${total}, ${size ?? '…'} pixels, mean ${Number.isNaN(activation) ? 'no number' : formatNumber(activation ?? 0)}${secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : ''}`,
  setup: 'Preparing the backward pass…',
  /** @param {number} map @param {'article' | 'modern'} preset @param {Omit<import('../../api/types.js').Drawing, 'image'>} drawing */
  done: (map, preset, { activations, sizes, sizing, cured, saturated, lost, grey }) => {
    const means = [...activations].filter(Number.isFinite);
    const none = means.length === 0;
    const over = sizes.length === 1 ? `at ${sizes[0]} pixels` : `over ${counted(sizes.length, 'size')}`;
    const steps = `in ${counted(activations.length, 'step')} ${over}`;
    return (
      (none
        ? `Map ${map} was not drawn, ${steps}.`
        : `Map ${map}: mean ${formatNumber(means[0])} at the start, ${formatNumber(means[means.length - 1])} at the end, ${steps}.`) +
      {
        asked: '',
        nearest: ' The network does not take pictures of every size; these are the nearest that it takes.',
        larger: ' At the size that was chosen this layer is less than two cells high, so the drawing is larger.',
        own: ' The network takes pictures of its own size only, so all of the drawing was made at that size.',
      }[sizing] +
      (lost > 0
        ? ` In ${none ? 'all' : lost} of them the network gave no number (NaN or infinity) for this map, so that the picture was left as it was.`
        : '') +
      (cured > 0
        ? ` In ${cured} of them it did not fire at all, so that there was nothing to follow; there the value before its activation was made larger.`
        : '') +
      (saturated > 0
        ? ` In ${saturated} of them all of it was at the largest value that its activation lets through, so it cannot fire more.`
        : '') +
      (grey && lost === 0
        ? ` There is no pattern in the picture: nothing that this start could become makes the map fire. Try another random seed, a larger size or the ${preset === 'article' ? 'modern' : 'article’s'} way.`
        : '')
    );
  },
  stopped: 'Stopped; this is how far it came.',
  /** @param {boolean} enlarged whether the picture was enlarged @param {boolean} moved whether it is seen moved */
  curve: (enlarged, moved) =>
    `The map’s mean at every step.${enlarged ? ' It drops where the picture is enlarged.' : ''}${moved ? ' It trembles, since the picture is moved at every step.' : ''}`,
  curveSteps: 'step →',
  curveMeans: '↑ mean',
  patches: 'Where it fires most in the images',
  /** @param {string} name @param {number} maximum */
  patch: (name, maximum) => `${name}, largest value ${formatNumber(maximum)}`,
  /** @param {boolean} limited */
  patchesExplain: (limited) =>
    'Cut out around the map’s largest value, the strongest image first.' +
    (limited ? ' The map sees more of the image than that; these are its middles.' : ''),
  /** @param {number} images */
  noPatches: (images) => `The map fires in none of the ${images} images.`,
  /** @param {number} map */
  alt: (map) => `What map ${map} looks for`,
  wall: 'Draw these maps',
  /** @param {number} map */
  waiting: (map) => `#${map}, waiting`,
  /** @param {number} map */
  failed: (map) => `#${map}, cannot be drawn`,
  /** @param {number} map @param {number} activation */
  tile: (map, activation) => `#${map}, mean ${formatNumber(activation)}`,
};

export const text = catalogue('draw', english);
