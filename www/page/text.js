/**
 * The texts of the page's first screen, by key. Other languages: see language.js.
 */

import { catalogue } from '../api/language.js';
import {
  counted,
  formatMegabytes,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSize,
} from '../api/numbers.js';

export { formatNumber, formatPercent, formatSigned };

/** @param {number[]} size */
function pixels([height, width]) {
  return height === width ? counted(height, 'pixel') : `${height}×${width} pixels`;
}

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
  switchLosesFiles:
    'Changing the language reloads the page: you will have to add your photos, classes and models again. Continue?',
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
    hints: {
      look: 'One photo, all feature maps of a layer: where each of them fires',
      own: 'Photos sorted into classes: the feature maps that come up most in one class, without those that do in another',
      draw: 'A picture that is changed step by step until one feature map fires as much as it can',
      everywhere: 'One feature map over all photos of a class, and what the network takes them for',
      unique: 'The sum of a class’s feature maps as an alarm, on photos that it was not found on',
    },
  },

  model: {
    choose: 'Model',
    bring: 'Your model…',
    about: 'About the network',
    /** @param {number} classes @param {number[]} shape @param {boolean} guessed */
    summary: (classes, shape, guessed) =>
      `${classes === 0 ? 'no classes' : counted(classes, 'class', 'classes')}${guessed ? ' (names taken to be ImageNet’s)' : ''}, expects ${shape.slice(1).join('×')}`,
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
    /** @param {import('../api/types.js').Layer} layer @param {number[]} picture height and width of what the network sees */
    description: (layer, picture) => {
      const reluText = {
        before: 'Before the activation: negative values are still there.',
        after: 'After the activation.',
        none: 'Neither before nor after an activation.',
      }[layer.relu];
      const { stride, receptiveField: field } = layer;
      const within = field.map((length, side) => Math.min(length, picture[side]));
      // What a cell could see is no news where the picture ends before.
      const seen = field.every((length, side) => length >= picture[side])
        ? `the whole picture${field.some((length, side) => length > picture[side]) ? ` (and would see ${pixels(field)} of a larger one)` : ''}`
        : pixels(within);
      return `${layer.channels} maps of ${formatSize([layer.height, layer.width])} cells, one every ${stride.every((step) => step === 1) ? 'pixel' : pixels(stride)}; each sees ${seen}. ${reluText}`;
    },
  },

  engine: {
    deviceLost: 'The graphics device was lost twice, so the CPU computes.',
    /** @param {'webgpu' | 'cpu'} device */
    device: (device) => (device === 'webgpu' ? 'WebGPU' : 'CPU'),
    /** @param {number} milliseconds */
    speed: (milliseconds) => `${formatMilliseconds(milliseconds)} ms`,
    speedHint: 'for one image',
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
    /** @param {string} name */
    heic: (name) =>
      `${name} is a HEIC photo, which neither Featurescope nor this browser can read. Save it as JPEG first.`,
    /** @param {number} count */
    heics: (count) =>
      `${count} HEIC photos were left out: neither Featurescope nor this browser can read that format. Save them as JPEG first. ` +
      'An iPhone takes JPEG from now on with Settings, Camera, Formats, Most Compatible.',
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
    /** @param {number} map @param {number} mean @param {string} where */
    lead: (map, mean, where) => `Map ${map} fires most (mean ${formatNumber(mean)}), ${where}.`,
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
    top: 'Maps',
    topAll: 'all',
    sort: 'Order',
    sortMean: 'by mean',
    /** @param {string} label */
    sortContribution: (label) => `by share in “${label}”`,
    style: 'Style',
    styles: { glow: 'glow', spotlight: 'spotlight', alpha: 'colours', multiply: 'photo × map', raw: 'map alone' },
    colormap: 'Colours',
    colormaps: ['viridis', 'inferno', 'cividis', 'turbo', 'jet', 'grey'],
    scale: 'Full strength',
    scales: { map: 'each map’s largest', layer: 'layer’s largest', set: 'photos’ largest' },
    enlargement: 'Enlarge',
    enlargements: { bilinear: 'smooth', nearest: 'cells' },
    article: 'As the article',
    articleHelp:
      'As in “Decoding the Black Box of CNNs using Feature Map Visualizations”: input 0 to 1 squashed to 224, second-to-last residual block or last conv, image × map, 25 maps',
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
    explain:
      'The photo went through the network up to the chosen layer. There it has become a stack of small grids, one per ' +
      'feature map. Each grid is enlarged to the photo and laid over it: strong colour where the map fires. The number ' +
      'below a tile is the map’s, the value beside it is its mean over the grid, and the tiles come in order of that mean. ' +
      'Nobody told the network what a map stands for; it found its patterns in training.',
    framed: (/** @type {string} */ name) => `; with a red frame: maps of ${name}`,
    /** @param {number} shown @param {number} live @param {number} dead */
    counts: (shown, live, dead) =>
      `${shown} of ${live} maps${dead ? `; ${dead} more ${dead === 1 ? 'is' : 'are'} dead on this photo` : ''}`,
    /** @param {number} shown @param {number} live */
    few: (shown, live) => `${shown} of ${live}`,
  },

  what: {
    heading: 'What is a feature map?',
    photo: '1. The photo, as the network gets it.',
    /** @param {number} map @param {number} height @param {number} width */
    cells: (map, height, width) =>
      `2. One detector, map ${map}, has gone over it: ${formatSize([height, width])} numbers, bright where it found its pattern.`,
    glow: '3. The same numbers, laid over the photo.',
    nobody: 'Nobody told the network what to look for. It found its patterns by itself, in training.',
  },

  legend: {
    /** @param {'map' | 'layer' | 'set'} scale @param {number} largest */
    scale: (scale, largest) =>
      ({
        map: `Each tile is scaled by its own largest value, so a weak map looks as strong as a strong one. The layer’s largest is ${formatNumber(largest)}.`,
        layer: `All tiles share one scale: full strength is the layer’s largest value, ${formatNumber(largest)}.`,
        set: `Full strength is the largest value on the photos looked at, ${formatNumber(largest)}.`,
      })[scale],
    ownLargest: 'own largest',
    ownSmallest: '−largest',
    signed: 'This layer has negative values: colours are centred at zero.',
    alt: 'Colour scale',
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
    /** @param {{ mean: number, max: number, min: number }} facts */
    numbers: ({ mean, max, min }) =>
      `Mean ${formatNumber(mean)}, largest value ${formatNumber(max)}, smallest ${formatNumber(min)}.`,
    /** @param {number} value */
    dead: (value) =>
      `This map is dead on this photo: it has the value ${formatNumber(value)} everywhere and says nothing here.`,
    negative: 'Its largest value is not above zero, so nothing of it passes a ReLU.',
    original: 'Photo as the network saw it',
    compared: 'The same map over the other photo',
    values: 'The grid and its values',
    /** @param {number} row @param {number} column @param {number} value */
    cell: (row, column, value) => `row ${row}, column ${column}: ${formatNumber(value)}`,
    /** @param {number} row @param {number} column @param {number} value */
    strongest: (row, column, value) =>
      `Strongest cell: row ${row}, column ${column}, value ${formatNumber(value)}. Point at a cell to read it.`,
    /** @param {number} height @param {number} width */
    gridAlt: (height, width) => `Grid of ${formatSize([height, width])} values`,
    /** @param {number} value @param {string} label */
    contribution: (value, label) => `It adds ${formatSigned(value)} to the score of “${label}”.`,
    /** @param {{ name: string, place: number, count: number }[]} classes */
    classes: (classes) =>
      `Among the maps of ${classes.map(({ name, place, count }) => `${name} (${place} of ${count})`).join(', ')}.`,
    wouldDraw: 'What it would draw',
    drawIt: 'Draw it',
    /** @param {number} map */
    goDraw: (map) => `Draw what map ${map} looks for`,
    findElsewhere: 'Find it in the other photos',
    /** @param {boolean} isFound @param {number} images */
    elsewhere: (isFound, images) => (isFound ? `Strongest in ${counted(images, 'photo')}` : 'Where else it lights up'),
    addToSum: 'Sum +',
    inSum: 'In sum',
    /** @param {number[]} maps */
    sum: (maps) => `Sum of maps ${maps.join(', ')}`,
    sumCaption: 'Each map is enlarged, the sum is clipped at full strength.',
    explain:
      'The large picture is the photo in grey, just as the network got it, with this grid enlarged over it. ' +
      'One number per cell: nothing more is behind the smooth glow.',
    allValues: 'All values as a table',
  },

  predictions: {
    heading: 'What does it say?',
    /** @param {{ name: string, shape: number[] }[]} results */
    noScores: (results) =>
      `This network does not name classes. It gives ${results.map(({ name, shape }) => `“${name}” (${shape.join(' × ') || '1'} numbers)`).join(', ')}. ` +
      'Its feature maps are shown all the same.',
    /** @type {Record<string, string>} */
    headings: {
      boxes: 'What does it find?',
      mask: 'What is where?',
      embedding: 'What is it like?',
      picture: 'What does it make?',
    },
    /** @param {string} why */
    missing: (why) => `This engine cannot run the end of this network, so it shows the maps alone. ${why}`,
    notFinite:
      'The network computed infinity, or something that is no number, for this photo. So it gives no probabilities.',
    unclear:
      'Neither the model’s file nor a card says what the last numbers of this network mean, and they are no probabilities. What are they?',
    /** @param {'logits' | 'softmax' | 'sigmoid'} output */
    doubt: (output) =>
      `Neither the model’s file nor a card says for certain what the last numbers of this network mean. Here they are taken for ${english.predictions.outputs[output]}. ` +
      'If that is wrong, say what they are:',
    outputs: {
      logits: 'scores, of which a softmax makes probabilities',
      softmax: 'probabilities of classes that exclude each other',
      sigmoid: 'a probability for each class by itself',
    },
    /** @param {string} taken @param {string[]} others */
    taken: (taken, others) =>
      `The file gives several results. “${taken}” is taken for the class scores, not ${others.map((name) => `“${name}”`).join(', ')}. A model card can name another one as “scores”.`,
    nothing: 'This asks about classes, and there are no predictions here.',
    class: 'class',
    /** @param {number} index */
    unnamed: (index) => `class ${index}`,
    probability: 'probability',
    more: 'Show 20',
    fewer: 'Show 5',
    whyHelp: 'Choose a class to sort the maps by what they add to it.',
    whyNotLayer: 'Contributions are exact only in the layer just before the pooling:',
    goToHead: 'go there',
    /** @param {string | null} reason */
    whyNotModel: (reason) =>
      `No map has an exact share in a class here${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`,
    explain:
      'The network’s answer: its classes with their probabilities, which sum to 100% over all classes. It must choose among the ' +
      'classes it was trained on, so it names one even where none is right.',
    sigmoid:
      'The network’s answer: for every class on its own, how probable it is that the photo shows it. They need not sum to 100%.',
  },

  means: {
    heading: 'All means, sorted',
    /** @param {number} count @param {number} first @param {number} half */
    caption: (count, first, half) =>
      `From the strongest (mean ${formatNumber(first)}) to the weakest of ${count} maps. ` +
      (half > 0
        ? `${half === 1 ? 'The first one alone carries' : `The first ${half} carry`} half of all positive activation.`
        : ''),
    explain:
      'One point per map, the strongest at the left. A steep start means that few maps carry this photo; a long flat tail means that ' +
      'most maps have little to say about it.',
    axes: { rank: 'rank →', mean: '↑ mean' },
    /** @param {{ map: number, rank: number | null, mean: number }} point */
    point: ({ map, rank, mean }) => `#${map}\n${rank === null ? 'dead' : `rank ${rank}`}\nmean ${formatNumber(mean)}`,
    failed: 'The chart library could not be loaded; the numbers are in the CSV file.',
    loading: 'Loading the chart…',
  },

  eraser: {
    start: 'Erase parts',
    stop: 'Done erasing',
    undo: 'Undo',
    clear: 'Restore the photo',
    size: 'Brush',
    help: 'Paint over the object or the background; maps and predictions follow. With the keyboard: arrow keys move, Space erases.',
    canvas: 'Photo to erase on',
    /** @param {number} strokes */
    active: (strokes) =>
      `${counted(strokes, 'stroke')} erased: the results are for the photo with its mean colour there.`,
  },

  recipe: {
    heading: 'How the photo becomes the input',
    inUse: 'Recipe',
    guessed: {
      tried:
        'The file does not say how it wants its pixels. This recipe gives the most probability to what is known to be on four photos.',
      usual:
        'The file does not say how it wants its pixels. This is the most common way; choose another if the answers look wrong.',
    },
    own: 'The network normalises the pixels itself, so it gets them as it takes them.',
    said: 'As you said.',
    byHand: 'by hand',
    change: 'Change…',
    given: 'As the model’s card says.',
    notGiven: 'Not what the model’s card says.',
    /** @param {string} name */
    runnerUp: (name) => `Try the runner-up: ${english.recipe.name(name)}`,
    /** @param {string} name @param {number} [score] */
    name: (name, score) => {
      const names = /** @type {Record<string, string>} */ ({
        card: 'the card’s',
        torchvision: 'torchvision',
        'keras-caffe': 'Keras “caffe”',
        'keras-tf': 'Keras “tf”',
        'zero-one': '0 to 1',
        raw: 'raw 0 to 255',
      });
      return (names[name] ?? name) + (score ? ` (${formatNumber(score)})` : '');
    },
    article: 'As the article.',
    /** @param {import('../api/types.js').Recipe} recipe */
    formula: (recipe) => {
      const mean = (recipe.mean ?? [0]).map(formatNumber).join(', ');
      const std = (recipe.std ?? [1]).map(formatNumber).join(', ');
      const channels = { rgb: 'red, green, blue', bgr: 'blue, green, red', grey: 'grey' }[recipe.channels ?? 'rgb'];
      const scale =
        recipe.scale === undefined || recipe.scale === 1 ? 'pixel' : `pixel · ${formatNumber(recipe.scale)}`;
      return `${formatSize(recipe.size)}, ${{ squash: 'squashed', crop: 'centre cropped', letterbox: 'whole, grey beside it' }[recipe.resize ?? 'squash']}; ${channels}; (${scale} − [${mean}]) / [${std}]`;
    },
    explain:
      'A network is trained on pixels in one certain form. In another form it still answers, but worse. The picture is what the ' +
      'network saw after resizing.',
  },

  check: {
    /** @param {string} way how it is read */
    guessed: (way) => `Your file does not say how it wants its pixels. We guessed: ${way}. Right?`,
    nameless: 'Its classes have no names.',
    check: 'Check',
    name: 'Name them',
  },

  article: {
    why: 'As the article has it, the network gets numbers from 0 to 1, no mean taken off, and the whole photo squashed. This network was trained on other numbers, so its answers get worse.',
    same: 'As the article has it, the network gets numbers from 0 to 1 and the whole photo squashed.',
    /** @param {string} label @param {string} before @param {string} after */
    change: (label, before, after) => `${label}: ${before} → ${after}.`,
    /** @param {string} label @param {string} probability */
    instead: (label, probability) => `Now it says ${label}, ${probability}.`,
  },

  downloads: {
    heading: 'Save',
    png: 'Grid as PNG',
    csv: 'Means as CSV',
    json: 'Means as JSON',
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

  offline: {
    newVersion: 'There is a new version.',
    reload: 'Reload',
    later: 'Later',
  },

  errors: {
    /** @param {number} names @param {number} classes */
    namesDiffer: (names, classes) => `There are ${names} class names, but the network has ${classes} outputs.`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} passed the request on: the model came from ${from}.`,
    /** @param {string} message */
    restarting: (message) => `${message} It is being started again; your photos are kept.`,
    restarted: 'The engine stopped and was started again. Your photos are still here.',
    gaveUp: 'The engine keeps stopping. Reload the page, or try a smaller model or photo.',
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
