/**
 * The texts of the page's first screen, by key. Other languages: see language.js.
 */

import { catalogue } from '../api/language.js';
import {
  formatMegabytes,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSize,
} from '../api/numbers.js';

export { formatNumber, formatPercent, formatSigned };

const places = {
  rows: ['upper', 'middle', 'lower'],
  columns: ['left', 'centre', 'right'],
};

/**
 * A place in words, from fractions of height and width.
 * @param {number} y
 * @param {number} x
 */
function place(y, x) {
  const row = places.rows[Math.min(2, Math.floor(y * 3))];
  const column = places.columns[Math.min(2, Math.floor(x * 3))];
  if (row === 'middle' && column === 'centre') return 'in the centre';
  if (row === 'middle') return `at the ${column}`;
  return column === 'centre' ? `at the ${row} edge, in the middle` : `at the ${row} ${column}`;
}

const english = {
  title: 'Featurescope',
  pageTitle: 'Featurescope: see what a CNN looks at',
  /** @param {string} question */
  titleOf: (question) => `${question} · Featurescope`,
  description:
    'Drop an ONNX model and photos, and see which feature maps fire and where. Everything runs in your browser.',
  privacy:
    'Drop photos, folders or a model anywhere on this page. What leaves this machine: nothing, unless you make a link that holds pictures.',
  language: 'Language',
  whatAmISeeing: 'What am I seeing?',
  close: 'Close',
  cancel: 'Cancel',
  share: 'Share…',
  skip: 'Skip to the feature maps',

  questions: {
    label: 'Five questions to a network',
    tabs: { look: 'Look', own: 'Classes', draw: 'Draw', everywhere: 'Everywhere', unique: 'Unique' },
    look: 'Where does it look?',
    own: 'Which maps for which class?',
    draw: 'What would it draw?',
    everywhere: 'Does it find it everywhere?',
    unique: 'Is it unique?',
  },

  model: {
    choose: 'Model',
    bring: 'Your model…',
    yours: 'Your model',
  },

  layer: {
    label: 'Layer',
    reluShort: { before: 'before activation', after: 'after activation', none: '' },
    /** @param {import('../api/types.js').Layer} layer */
    option: (layer) => {
      const relu = english.layer.reluShort[layer.relu];
      return `${layer.name || layer.id} · ${layer.op}${relu ? ` ${relu}` : ''} · ${layer.channels} × ${formatSize([layer.height, layer.width])}`;
    },
  },

  engine: {
    /** @param {'webgpu' | 'cpu'} device */
    device: (device) => (device === 'webgpu' ? 'WebGPU' : 'CPU'),
    /** @param {number} milliseconds */
    speed: (milliseconds) => `${formatMilliseconds(milliseconds)} ms`,
    speedHint: 'for one image; see more',
    starting: 'starting…',
    failed: 'not started',
    recordedOnly: 'The engine did not start; the reason stands above. What is shown was recorded.',
    recorded: 'Recorded result; the engine is still loading.',
    slow: 'That is slow for WebGPU.',
    tryCpu: 'Use the CPU engine',
    why: 'Engine',
  },

  tray: {
    heading: 'Photos',
    add: 'Add photos',
    addFolder: 'Add folder',
    ways: 'More to do',
    sort: 'Sort into classes…',
    story: 'A guided story…',
    classroom: 'Classroom…',
    drop: 'Drop photos or an ONNX model',
    /** @param {string} name */
    show: (name) => `Look at ${name}`,
    /** @param {string} name */
    remove: (name) => `Remove ${name}`,
    pasted: 'pasted photo',
    compare: 'Compare with',
    noCompare: 'Compare with…',
    /** @param {string} _file @param {{ title: string, alt: string, credit: string }} photo */
    sample: (_file, photo) => photo,
    nothing: 'There was no photo and no model in what was dropped.',
  },

  photo: {
    heading: 'The photo',
    /** @param {string} name */
    alt: (name) => `The photo “${name}”`,
    seen: 'What the network saw',
  },

  depth: {
    heading: 'Depth: from edges to objects',
  },

  look: {
    heading: 'Where does it look?',
    /** @param {number} channels */
    answer: (channels) =>
      channels === 1
        ? 'One small detector, a feature map, looks at this photo.'
        : `${channels} small detectors, the feature maps, look at this photo.`,
    /** @param {string} label @param {number} probability */
    says: (label, probability) => ` The network says: ${label}, ${formatPercent(probability)}.`,
    /** @param {{ label: string, score: number }[]} boxes @param {boolean} areMore */
    finds: (boxes, areMore) =>
      ` It finds: ${boxes.map(({ label, score }) => `${label} ${formatPercent(score)}`).join(', ')}${areMore ? ', and more' : ''}.`,
    allDead: 'No map fires on this photo in this layer.',
    notFinite:
      'Some values of this layer are infinite or no numbers on this photo, so what is said of its maps says little.',
    all: 'All maps, strongest first',
    settings: 'Settings: how the maps are drawn, and how the photo becomes the input',
    grid: 'Feature maps in rank order',
    mean: ' mean ',
    /** @param {number} rank @param {string} where */
    tile: (rank, where) => `, rank ${rank}, strongest ${where}`,
    /** @param {number} map */
    choose: (map) => `Add map ${map} to the sum`,
    keys: 'Arrow keys move, Enter opens, S adds to the sum.',
    clearSum: 'Clear the sum',
    framed: (/** @type {string} */ name) => `; with a red frame: maps of ${name}`,
    /** @param {number} shown @param {number} live @param {number} dead */
    counts: (shown, live, dead) =>
      `${shown} of ${live} maps${dead ? `; ${dead} more ${dead === 1 ? 'is' : 'are'} dead on this photo` : ''}`,
    /** @param {number} shown @param {number} live */
    few: (shown, live) => `${shown} of ${live}`,
  },

  what: {
    heading: 'What is a feature map?',
  },

  card: {
    cam: 'Why this class?',
    without: 'Switch it off',
    drawing: 'What would it draw?',
    /** @param {number} map */
    title: (map) => `Map ${map}`,
    goTo: 'Map',
    previous: 'Previous map in rank',
    next: 'Next map in rank',
    /**
     * `times`: how many times as strong as the next one, of the strongest map where both are above zero.
     * @param {{ rank: number, live: number, mean: number, where: string, share: number, strongest: import('../api/types.js').RankedMap,
     *   times: number | null }} facts
     */
    caption: ({ rank, live, mean, where, share, strongest, times }) => {
      const lights = `${where}, over ${formatPercent(share)} of the picture`;
      if (rank === 1)
        return `The strongest of ${live} lights up ${lights}${times && times >= 1.05 ? `, ${formatNumber(Number(times.toFixed(1)))} times as strongly as the next` : ''}.`;
      const part =
        mean > 0
          ? `, with ${formatPercent(mean / strongest.mean)} of the strength of map ${strongest.map}, the strongest`
          : '';
      return `Number ${rank} of ${live} lights up ${lights}${part}.`;
    },
    /** @param {number} value */
    dead: (value) =>
      `This map is dead on this photo: it has the value ${formatNumber(value)} everywhere and says nothing here.`,
    negative: 'Its largest value is not above zero, so nothing of it passes a ReLU.',
    original: 'Photo as the network saw it',
    compared: 'The same map over the other photo',
    values: 'The grid and its values',
    /** @param {number} value @param {string} label */
    contribution: (value, label) => `It adds ${formatSigned(value)} to the score of “${label}”.`,
    addToSum: 'Sum +',
    inSum: 'In sum',
  },

  predictions: {
    heading: 'What does it say?',
    class: 'class',
    /** @param {number} index */
    unnamed: (index) => `class ${index}`,
    probability: 'probability',
    /** @param {number} count */
    more: (count) => `Show ${count}`,
    fewer: 'Show 5',
  },

  eraser: {
    start: 'Erase parts',
    stop: 'Done erasing',
  },

  progress: {
    /** @param {import('../api/types.js').Progress} progress */
    line: ({ stage, done, total, secondsLeft, waiting }) => {
      if (waiting) return english.progress.waiting(waiting);
      const what = {
        engine: 'Loading the engine',
        download: 'Downloading the model',
        read: 'Reading the model',
        setup: 'Setting up',
        guess: 'Finding out how this model wants its pixels',
        decode: 'Reading the photo',
        run: 'Looking',
      }[stage];
      const bytes = stage === 'engine' || stage === 'download' || stage === 'read';
      const far =
        bytes && done > 0
          ? ` ${total ? `${formatMegabytes(done)} of ${formatMegabytes(total)}` : formatMegabytes(done)}`
          : '';
      const left = secondsLeft && secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : '';
      return `${what}${far}${left}…`;
    },
    /** @param {import('../api/types.js').Waiting} waiting */
    waiting: ({ for: step, seconds, limit }) => {
      const what = {
        adapter: 'Waiting for the browser to name a graphics card',
        device: 'Waiting for the browser to hand out the graphics card',
        check: 'Waiting for the check of the graphics card',
        run: 'Waiting for the graphics card’s first run',
      }[step];
      return `${what}, ${seconds} s so far${limit ? ` of ${limit} s at most` : ''}…`;
    },
  },

  errors: {
    /** @param {number} names @param {number} classes */
    namesDiffer: (names, classes) => `There are ${names} class names, but the network has ${classes} outputs.`,
    /** @param {string} name @param {string} message @param {string} [code] */
    about: (name, message, code) => {
      const cures = /** @type {Record<string, string>} */ ({
        'bad-model': '“Your model…” has scripts that export one that works.',
        'bad-card': 'Correct the card, or drop the model without it.',
        'unsupported-on-cpu': 'Export it with other operators.',
        'unsupported-op': 'Choose the CPU engine (add ?engine=cpu to the address), or export it with other operators.',
        'too-large': 'Choose a smaller one.',
      });
      const short = message.length > 320 ? `${message.slice(0, 300)}…` : message;
      return [`${name}: ${short}`, cures[code ?? '']].filter(Boolean).join(' ');
    },
    dismiss: 'Dismiss',
    /** The same error, so many times. @param {string} message @param {number} count */
    times: (message, count) => `${message} (${count} times.)`,
    /** Files that have the same fault. @param {string[]} names @param {number} others */
    names: (names, others) =>
      others > 0 ? `${names.join(', ')} and ${others} more` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
    noIndex: 'The list of models and photos could not be read. Check the connection and reload the page.',
  },

  place,
};

export const text = catalogue('page', english);
