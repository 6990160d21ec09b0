import { catalogue } from '../api/language.js';
import { counted } from '../api/numbers.js';

/** @param {number} count */
const images = (count) => counted(count, 'image');

/** What is said of an archive, which is read on demand. */
const english = {
  /** @param {string} name @param {number} done @param {number} total */
  listing: (name, done, total) => `Looking for images in ${name}: ${done} of ${counted(total, 'file')}`,
  /** @param {string} name @param {number} done @param {number} total */
  reading: (name, done, total) => `Unpacking ${name}: ${done} of ${images(total)}`,
  /** @param {number} count */
  stopped: (count) =>
    count === 0
      ? 'Unpacking was stopped before the first image.'
      : `Unpacking was stopped; ${images(count)} ${count === 1 ? 'is' : 'are'} here. Drop the .zip again for all of them.`,
  /** @param {string} name */
  empty: (name) =>
    `There is no image in ${name}. JPEG, PNG, WebP, GIF and BMP can be read; a model has to be unpacked first.`,
  /** @param {string} name */
  damaged: (name) => `${name} is damaged or no .zip file. Download or pack it again, or unpack it and drop the folder.`,
  /** @param {string} name */
  encrypted: (name) => `${name} is protected with a password. Unpack it with its password and drop the folder.`,
  /** @param {string} name */
  unknownMethod: (name) => `${name} is packed in an unusual way. Unpack it and drop the folder.`,
  /** @param {string} name */
  tooMany: (name) => `${name} holds more than 5,000 images. Unpack it and drop a part of its folders.`,
  /** @param {string} name @param {string} path @param {number} limit */
  tooLargeFile: (name, path, limit) =>
    `${path} in ${name} is larger than ${Math.round(limit / 2 ** 20)} MB when unpacked. Take it out of the archive or make it smaller.`,
  /** @param {string} name @param {number} limit */
  tooLarge: (name, limit) =>
    `${name} is larger than ${Math.round(limit / 2 ** 30)} GB when unpacked. Unpack it and drop a part of its folders.`,
  /** @param {string} name @param {string} path */
  bomb: (name, path) =>
    `${path} in ${name} unpacks to more than 200 times its size, which no photo does, so nothing was unpacked.`,
  /** @param {string} name */
  bombs: (name) =>
    `The images in ${name} unpack to more than 200 times their size, which photos do not, so nothing was unpacked.`,
  /** @param {string} name */
  heic: (name) =>
    `${name} is a HEIC photo, which neither Featurescope nor this browser can read. Save it as JPEG first.`,
  /** @param {number} count */
  heics: (count) =>
    `${count} HEIC photos were left out: neither Featurescope nor this browser can read that format. Save them as JPEG first. ` +
    'An iPhone takes JPEG from now on with Settings, Camera, Formats, Most Compatible.',
};

export const text = catalogue('files', english);
