/** The texts of the parts of Look that few visits begin with: settings, notes, what is explained, the eraser, figures. */

import { catalogue } from '../../api/language.js';
import { counted, formatNumber, formatSize } from '../../api/numbers.js';

/** @param {number[]} size */
function pixels([height, width]) {
  return height === width ? counted(height, 'pixel') : `${height}×${width} pixels`;
}

const english = {
  layer: {
    /** @param {import('../../api/types.js').Layer} layer @param {number[]} picture height and width of what the network sees */
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

  model: {
    about: 'About the network',
    /** @param {number} classes @param {number[]} shape @param {boolean} guessed */
    summary: (classes, shape, guessed) =>
      `${classes === 0 ? 'no classes' : counted(classes, 'class', 'classes')}${guessed ? ' (names taken to be ImageNet’s)' : ''}, expects ${shape.slice(1).join('×')}`,
  },

  grid: {
    /** @param {number} map @param {number} mean @param {string} where */
    lead: (map, mean, where) => `Map ${map} fires most (mean ${formatNumber(mean)}), ${where}.`,
    explain:
      'The photo went through the network up to the chosen layer. There it has become a stack of small grids, one per ' +
      'feature map. Each grid is enlarged to the photo and laid over it: strong colour where the map fires. The number ' +
      'below a tile is the map’s, the value beside it is its mean over the grid, and the tiles come in order of that mean. ' +
      'Nobody told the network what a map stands for; it found its patterns in training.',
  },

  controls: {
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
  },

  what: {
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

  predictions: {
    /** @param {{ node: string, op: string }[]} nodes */
    blocked: (nodes) =>
      `The end of this network cannot be computed here, since nobody has the operators of ${nodes.map(({ node, op }) => `“${node}” (${op})`).join(', ')}. ` +
      'All feature maps before it are shown.',
    /** @param {{ name: string, shape: number[] }[]} results */
    noScores: (results) =>
      `This network does not name classes. It gives ${results.map(({ name, shape }) => `“${name}” (${shape.join(' × ') || '1'} numbers)`).join(', ')}. ` +
      'Its feature maps are shown all the same.',
    /** @param {{ name: string, shape: number[] }[]} results */
    read: (results) =>
      `The file gives ${results.map(({ name, shape }) => `“${name}” (${shape.join(' × ') || '1'} numbers)`).join(', ')}, and no score for each class of the whole photo.`,
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
    /** @param {string | null} reason */
    whyNotModel: (reason) =>
      `No map has an exact share in a class here${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`,
    explain:
      'The network’s answer: its classes with their probabilities, which sum to 100% over all classes. It must choose among the ' +
      'classes it was trained on, so it names one even where none is right.',
    sigmoid:
      'The network’s answer: for every class on its own, how probable it is that the photo shows it. They need not sum to 100%.',
  },

  why: {
    help: 'Choose a class to sort the maps by what they add to it.',
    notLayer: 'Contributions are exact only in the layer just before the pooling:',
    goThere: 'go there',
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
    failed: 'The chart library could not be loaded; the numbers are in the CSV file.',
    loading: 'Loading the chart…',
  },

  eraser: {
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
    /** @param {string} file */
    found: (file) => `As ${file} says.`,
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
    /** @param {import('../../api/types.js').Recipe} recipe */
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
};

export const text = catalogue('look', english);
