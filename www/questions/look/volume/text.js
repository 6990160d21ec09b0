import { catalogue } from '../../../api/language.js';

/** The sentences about several pictures as the slices of a volume, which load with a network that takes these. */
export const text = catalogue('volume', {
  /** @param {number} slices */
  one: (slices) =>
    `This network takes a stack of ${slices} slices, and the photo is every one of them. Add several pictures to look at them as one volume.`,
  /** @param {number} slices @param {number} pictures */
  many: (slices, pictures) =>
    `This network takes a stack of ${slices} slices, and the photo is every one of them. Your ${pictures} pictures can be the slices instead, in the order of their names.`,
  /** @param {number} pictures */
  join: (pictures) => `Look at ${pictures} pictures as one volume`,
  /** @param {number} slices */
  each: (slices) => `${slices} pictures are the ${slices} slices that this network takes, in the order of their names.`,
  /** @param {number} slices @param {number} pictures */
  fewer: (slices, pictures) =>
    `${pictures} pictures are spread over the ${slices} slices that this network takes, in the order of their names; some are more than one slice.`,
  /** @param {number} slices @param {number} pictures */
  more: (slices, pictures) =>
    `This network takes ${slices} slices: ${slices} of the ${pictures} pictures are seen, picked evenly in the order of their names.`,
  /** @param {number} pictures @param {string} name */
  flat: (pictures, name) =>
    `This network takes one picture. Of the ${pictures} slices it sees the middle one, ${name}.`,
  part: 'Back to single pictures',
  slice: 'Slice',
  /** @param {number} number from 1 @param {number} of @param {string} name */
  at: (number, of, name) => `${number} of ${of}: ${name}`,
  /** @param {number} map @param {number} channel @param {number} number from 1 @param {number} of */
  map: (map, channel, number, of) => `Map ${map}: channel ${channel}, slice ${number} of ${of} in this layer.`,
});
