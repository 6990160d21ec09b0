/** What the library says beyond a first look: of pictures, files and sets that somebody brings. */

import { catalogue } from './language.js';

const english = {
  /** @param {{ name: string, shape: number[] }[]} results */
  noScores: (results) =>
    `This network gives no class scores, but ${results.map(({ name, shape }) => `“${name}” of the shape ${shape.join(' × ') || '1'}`).join(', ')}, so there are no classes to ask about.`,
  canvasReads:
    'This browser changes the pixels that a page reads from a canvas, to protect you from being recognised, and this kind of picture can only be read that way. ' +
    'Save it as PNG or JPEG, or let this page read canvases in the browser’s settings.',
  canvasWrites:
    'This browser changes the pictures that a page makes, to protect you from being recognised, so the file would hold noise. ' +
    'Let this page read canvases in the browser’s settings, or take a screenshot.',
  /** @param {number} width @param {number} height */
  tooManyPixels: (width, height) =>
    `The picture has ${width}×${height} pixels, more than fits. Make it smaller and try again.`,
  /** @param {number} count */
  whichModel: (count) =>
    count > 1
      ? 'These are several .onnx files. Give one model at a time, with its data file and card.'
      : 'There is no .onnx file among these. Add the model itself to its data files.',
  /** @param {string} name @param {string[]} names */
  noSuchClass: (name, names) => `There is no class “${name}”. The classes are: ${names.join(', ')}.`,
  /** @param {string} name */
  sameClassTwice: (name) => `There are two classes “${name}”. Give each class a name of its own.`,
  /** @param {string} host */
  redirected: (host) =>
    `${host} passes the request on to another address, and you chose not to follow. Download the file in another way and drop it here.`,
  /** @param {string} url */
  downloadTooLarge: (url) => `${url} is larger than 2 GB, more than the engine can hold. Use a smaller model.`,
  /** @param {string} labels */
  unknownLabels: (labels) =>
    `The card names “${labels}” as its labels, which is no list that lies beside this page. Write the labels into the card themselves.`,
  /** @param {string} shape */
  listOf: (shape) => `a list of ${shape}`,
  place: 'two numbers, from the left and from the top',
  ofMask: 'left out, since the network marks no classes in the picture',
  otherOrigin:
    'This picture comes from another site that does not let pages read it. Its host must allow CORS, and the <img> needs the attribute crossorigin.',
};

export const text = catalogue('apiMore', english);
