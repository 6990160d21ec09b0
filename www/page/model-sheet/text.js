import { catalogue } from '../../api/language.js';
import { formatNumber } from '../../api/numbers.js';

/** A count with its thousands apart. @param {number} count */
const grouped = (count) => count.toLocaleString('en');

/** @param {number} count @param {string} noun */
const some = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A whole share, since nobody needs more of a guess. @param {number} share */
const percent = (share) => `${Math.round(share * 100)}%`;

const english = {
  /** @param {string} title */
  heading: (title) => `How “${title}” is read`,
  guess: {
    /** @param {string} name */
    tried: (name) =>
      `Your file does not say how it wants its pixels. Of the usual ways, ${name} recognises most of what is known to be on four photos, so that is what we took. Is it right?`,
    /** @param {string} name */
    usual: (name) =>
      `Your file does not say how it wants its pixels. We took ${name}, the most common way. Does what it says about your photo make sense?`,
    own: 'The network makes its own numbers of the pixels, so it gets them as they are. Nothing had to be guessed.',
    /** @param {string} file */
    from: (file) => `How it wants its pixels was found in ${file}.`,
    /** @param {string} file */
    notTwice: (file) =>
      `The network makes its own numbers of the pixels, so what ${file} says of mean and deviation is not done a second time.`,
    card: 'The model’s card says how it wants its pixels.',
    /** @param {string} name */
    chosen: (name) => `It is read by ${name}, as you chose.`,
    said: 'It is read as you said.',
  },
  namesAre: {
    none: 'Its classes have no names yet: it calls them “class 0”, “class 1” and so on.',
    guessed: 'It recognised ImageNet’s photos, so its classes got ImageNet’s names.',
    given: 'Its classes have names.',
    /** @param {string} file */
    from: (file) => `The names of its classes were found in ${file}.`,
    /** @param {string} file @param {number} names @param {number} classes */
    unfit: (file, names, classes) => `${file} was not used: it has ${english.names.differ(names, classes)}`,
  },
  outputIs: {
    unknown: 'What its last numbers mean is not said; the page tells by their values.',
    /** @param {'logits' | 'softmax' | 'sigmoid'} output */
    known: (output) => `Its last numbers are taken for ${english.outputsShort[output]}.`,
  },
  takes: {
    /** @param {string[]} bands */
    bands: (bands) => `It takes ${bands.length} channels; they get ${bands.join(', ')}.`,
    colours: { red: 'red', green: 'green', blue: 'blue', none: 'nothing' },
    /** @param {number} slices */
    slices: (slices) => `It takes a stack of ${slices} pictures; all of them are the photo.`,
    /** @param {string} name */
    picture: (name) => `Its input “${name}” gets the same photo.`,
    /** @param {string} name */
    size: (name) => `Its input “${name}” gets the height and width of what the network sees.`,
    /** @param {string} name @param {number} value */
    number: (name, value) => `Its input “${name}” gets ${value} everywhere, since it is no picture.`,
  },
  /** @param {string} file */
  unread: (file) => `${file} says nothing about the network that could be read; everything else is used.`,
  seen: 'This is what the network sees',
  seenFailed: 'It cannot be read like this:',
  noPhoto: 'Add a photo to see what the network makes of it.',
  looking: 'Looking…',
  says: 'It then says',
  /** @param {number} low @param {number} high */
  range: (low, high) => `As numbers it runs from ${formatNumber(low)} to ${formatNumber(high)}.`,
  unclear: 'It says nothing yet: choose below what its last numbers are, and use that.',
  nothingSaid: 'No class scores came out.',
  ways: 'Ways to read a photo',
  /** @type {Record<string, string>} */
  wayNames: {
    card: 'the card’s way',
    torchvision: 'torchvision’s way',
    'keras-caffe': 'Keras’ “caffe” way',
    'keras-tf': 'Keras’ “tf” way',
    'zero-one': 'numbers from 0 to 1',
    raw: 'numbers from 0 to 255',
  },
  /** @type {Record<string, string>} */
  about: {
    card: 'as its card says',
    torchvision: 'most PyTorch models',
    'keras-caffe': 'older Keras models: blue first, mean taken off',
    'keras-tf': 'MobileNet and others: −1 to 1',
    'zero-one': 'divided by 255, nothing more',
    raw: 'pixels untouched',
  },
  /** @param {number} share */
  tried: (share) => `${percent(share)} sure of what is on the four photos`,
  byHand: 'Change it by hand',
  formula: 'Each pixel, from 0 to 255, becomes (pixel × scale − mean) / deviation.',
  fields: {
    size: 'Size in pixels',
    resize: 'To fit that size',
    channels: 'Colours',
    cropShare: 'Seen of the shorter side',
    filter: 'Pixels are weighed',
    bands: 'What its channels get',
    scale: 'Scale',
    mean: 'Mean',
    std: 'Deviation (std)',
    output: 'Its last numbers are',
    names: 'Names of the classes',
  },
  hints: {
    size: 'one number, or height × width',
    scale: '1/255 or 0.00392',
    mean: 'one for each colour',
    std: 'one for each colour',
    cropShare: 'crop_pct, as 0.9; nothing: 224/256',
    bands: 'for each r, g, b, or 0 for nothing',
    names:
      'One a line in the order of the outputs, or a JSON list. You can also drop labels.txt or card.json on the page.',
  },
  resize: { crop: 'crop the centre', squash: 'squash all of it', letterbox: 'keep its shape, grey beside it' },
  filters: { bilinear: 'bilinear', bicubic: 'bicubic', lanczos: 'Lanczos' },
  channels: { rgb: 'red, green, blue', bgr: 'blue, green, red', grey: 'grey' },
  outputs: {
    '': 'as the file says',
    logits: 'scores',
    softmax: 'probabilities',
    sigmoid: 'each a probability by itself',
  },
  outputsShort: { logits: 'scores', softmax: 'probabilities', sigmoid: 'probabilities, each by itself' },
  count: {
    /** @param {number} classes */
    none: (classes) => `No names for ${some(classes, 'output')}.`,
    /** @param {number} classes */
    right: (classes) => `${some(classes, 'name')} for ${some(classes, 'output')}.`,
  },
  use: 'Use it',
  save: 'Save the card',
  back: 'Back to what was guessed',
  saved: 'Saved. Drop it together with the model next time.',

  names: {
    /** @param {number} names @param {number} classes */
    differ: (names, classes) =>
      `${some(names, 'name')}, but the network has ${some(classes, 'output')}. Every output needs its line.`,
  },

  problems: {
    size: 'A size is a whole number from 1 to 4096, or two of them: height × width.',
    scale: 'A scale is a number or a fraction, such as 1/255, and not 0.',
    /** @param {number} channels */
    channels: (channels) =>
      channels === 1 ? 'This network takes grey pictures only.' : 'This network takes pictures in three colours.',
    /** @param {number} count */
    perChannel: (count) =>
      count === 1
        ? 'This is one number.'
        : `These are ${count} numbers with commas or spaces between them, or one for all.`,
    cropShare: 'A share is a number from 0.05 to 1.',
    stdZero: 'Nothing can be divided by 0.',
    /** @param {number} names @param {number} classes */
    count: (names, classes) => english.names.differ(names, classes),
    notJson: 'This begins like JSON and is none: a bracket, quote or comma is missing.',
    noNames: 'This JSON holds no list of names.',
    /** @param {number} place @param {number} count */
    noPlace: (place, count) => `There are ${count} names, and none for output ${place}.`,
    /** @param {number} line */
    longName: (line) => `Name ${line} is longer than 300 characters.`,
    empty: 'The file is empty.',
    notText: 'This is no text.',
    neither: 'This JSON is neither a card (with “recipe” or “labels”) nor a list of class names.',
    /** @param {string} field */
    cardText: (field) => `The card’s “${field}” is no text of reasonable length.`,
    /** @param {string} output */
    cardOutput: (output) => `The card’s “output” is “${output}”; it can be logits, softmax or sigmoid.`,
    /** @param {number} count */
    bands: (count) => `For each of the ${count} channels: r, g, b, or 0.`,
    cardBands: 'The card’s “bands” are no list of red, green, blue and null.',
    cardLabels: 'The card’s “labels” are no list of names.',
    /** @param {string} field */
    cardRecipe: (field) => `The “${field}” of the card’s recipe cannot be used.`,
  },

  told: {
    noModel: 'There is no model yet that it could be about. Open the model first, or drop both together.',
    /** @param {string} file @param {string} title @param {string[]} things */
    applied: (file, title, things) => `Taken from ${file} for “${title}”: ${things.join(', ')}.`,
    things: {
      /** @param {number} count */
      names: (count) => some(count, 'class name'),
      recipe: 'how a photo becomes the input',
      output: 'what its last numbers are',
      title: 'its title',
      scores: 'which result holds the scores',
      layer: 'the layer to look at first',
      bands: 'what its channels get',
    },
  },
};

/** The sentences about a model of one's own, which load with its sheet or with a file about it. */
export const text = catalogue('sheet', english);

/**
 * Why something is refused.
 * @param {import('../../files/card-file.js').Problem} problem
 */
export function problemText([key, ...about]) {
  const said = /** @type {Record<string, string | ((...about: (string | number)[]) => string)>} */ (
    /** @type {unknown} */ (text.problems)
  )[key];
  return typeof said === 'function' ? said(...about) : said;
}
