/** The texts of the parts of a map's card that load by themselves. */

import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatSize } from '../api/numbers.js';

const english = {
  /** @param {{ mean: number, max: number, min: number }} facts */
  numbers: ({ mean, max, min }) =>
    `Mean ${formatNumber(mean)}, largest value ${formatNumber(max)}, smallest ${formatNumber(min)}.`,
  /** @param {number} row @param {number} column @param {number} value */
  cell: (row, column, value) => `row ${row}, column ${column}: ${formatNumber(value)}`,
  /** @param {number} row @param {number} column @param {number} value */
  strongest: (row, column, value) =>
    `Strongest cell: row ${row}, column ${column}, value ${formatNumber(value)}. Point at a cell to read it.`,
  /** @param {number} height @param {number} width */
  gridAlt: (height, width) => `Grid of ${formatSize([height, width])} values`,
  wouldDraw: 'What it would draw',
  drawIt: 'Draw it',
  /** @param {number} map */
  goDraw: (map) => `Draw what map ${map} looks for`,
  findElsewhere: 'Find it in the other photos',
  /** @param {boolean} isFound @param {number} images */
  elsewhere: (isFound, images) => (isFound ? `Strongest in ${counted(images, 'photo')}` : 'Where else it lights up'),
  /** @param {number[]} maps */
  sum: (maps) => `Sum of maps ${maps.join(', ')}`,
  sumCaption: 'Each map is enlarged, the sum is clipped at full strength.',
  explain:
    'The large picture is the photo in grey, just as the network got it, with this grid enlarged over it. ' +
    'One number per cell: nothing more is behind the smooth glow.',
  /** @param {{ name: string, place: number, count: number }[]} classes */
  classes: (classes) =>
    `Among the maps of ${classes.map(({ name, place, count }) => `${name} (${place} of ${count})`).join(', ')}.`,
  choosePatch: 'The picture: choose the patch that attends, with the arrow keys or by pressing it',
  ofClassToken: 'What the class token attends to. Press a place of the picture to see what the patch there attends to.',
  ofMiddle:
    'What the patch in the middle attends to. Press another place of the picture to see what the patch there attends to.',
  /** @param {number} row @param {number} column @param {[number, number]} grid */
  ofPatch: (row, column, grid) =>
    `What this patch attends to: row ${row}, column ${column} of ${formatSize(grid)}, the frame in the picture.`,
  noPatch: 'Choose no patch',
  allValues: 'All values as a table',
  thing: 'what it looks for',
  rest: 'the rest',
  noPredictions: 'This asks about classes, and there are no predictions here.',
};

export const text = catalogue('card', english);
