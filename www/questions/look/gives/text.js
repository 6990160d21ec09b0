import { catalogue } from '../../../api/language.js';
import { counted, formatNumber, formatPercent } from '../../../api/numbers.js';

/** The words for what a network gives besides classes, which load with it. */
export const text = catalogue('gives', {
  /** @type {Record<string, string>} */
  headings: {
    boxes: 'What does it find?',
    mask: 'What is where?',
    embedding: 'What is it like?',
    picture: 'What does it make?',
  },
  /** @param {number} count */
  boxes: (count) => `It finds ${counted(count, 'thing')} in this photo.`,
  noBoxes: 'It finds nothing in this photo of which it is at least 25% sure.',
  /** @param {number} place @param {string} label @param {number} score */
  box: (place, label, score) => `${place}: ${label}, ${formatPercent(score)}`,
  press: 'Press one to sort the maps by how much of what they show lies in its box.',
  /** @param {number} place */
  sorted: (place) =>
    `The maps are sorted by how much of what they show lies in box ${place}. Press it again to end that.`,
  pressShape: 'Press one to sort the maps by how much of what they show lies in its shape.',
  /** @param {number} place */
  sortedShape: (place) =>
    `The maps are sorted by how much of what they show lies in the shape in box ${place}. Press it again to end that.`,
  /** @param {number} share */
  area: (share) => `its shape: ${formatPercent(share)} of what it sees`,
  showShapes: 'Show the shapes over the photo',
  /** @param {number} count */
  more: (count) => `Show all ${count}`,
  fewer: 'Show fewer',
  explainBoxes:
    'A detector gives a box, a class and a score for each of many places. Shown are the boxes with a score of at least 25%; where several of one ' +
    'class lie on each other, the best of them. Point at a line to see its box in the photo.',
  explainShapes:
    'Its shape is mixed of maps that all boxes share, each weighed by a number of the box’s own: what has more than a half there, and lies in the ' +
    'box, belongs to it.',
  nameless: 'The file has no names for its classes, so they have numbers.',
  /** @param {string} label @param {number} share */
  mask: (label, share) =>
    `It tells for each place what is there: mostly ${label}, on ${formatPercent(share)} of what it sees.`,
  /** @param {number} share */
  binary: (share) => `It tells for each place yes or no: yes on ${formatPercent(share)} of what it sees.`,
  yes: 'yes',
  no: 'no',
  showMask: 'Show it over the photo',
  pick: 'Choose a place, to ask what speaks for what is there; the arrow keys move it',
  pickHint: 'Click a place in the photo to ask what speaks for what is there.',
  explainMask:
    'A segmenter gives scores for each place of the photo; the colour is that of the class with the highest. Point at a line to see its places alone.',
  /** @param {number} length */
  embedding: (length) =>
    `It gives ${length} numbers. They mean nothing one by one: photos that are alike to the network get like numbers.`,
  nearest: 'Most alike to this photo, to the network:',
  alone: 'With another photo at hand it can be said how alike the network finds the two.',
  /** @param {string} name @param {number} similarity */
  alike: (name, similarity) => `${name}: ${formatNumber(similarity)}`,
  looking: 'The other photos are looked at …',
  explainEmbedding:
    'The number is the cosine of the angle between two photos’ numbers: 1 for the same, 0 for nothing in common, below 0 for opposites.',
  picture: 'It makes a picture of the photo:',
  pictureOf: 'What the network makes of the photo',
  notFinite: 'The network computed infinity, or what is no number, of this photo, so there is nothing to show here.',
  how: 'How is it known what the network gives?',
  /** @type {Record<import('../../../api/types.js').Gives['reason'], string>} */
  reasons: {
    card: 'The model’s card says so.',
    metadata: 'The file says so in its metadata.',
    names: 'The names of its results tell.',
    ending: 'The last operators of the network tell.',
    shapes: 'The shapes of its results tell.',
  },
});
