/** What a picture is by its first bytes, for files whose names do not tell. Nothing here knows the DOM. */

import { droppedPaths, isArchive, isImage, isModel, pathOf } from './file-kinds.js';

/** So many bytes tell. */
export const HEAD = 16;

/** The brands of pictures in the container that films have as well. */
const BRANDS = { 'image/avif': /^(avif|avis)/, 'image/heic': /^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/ };

/** How pictures begin: more of it than a decoder needs, where two letters could as well begin a text.
 * @type {[type: string, beginning: RegExp][]} */
const BEGINNINGS = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
  ['image/bmp', /^BM[\s\S]{4}\0{4}/],
  ['image/tiff', /^(II\*\0|MM\0\*)/],
  ['image/x-icon', /^\0\0\x01\0[\x01-\x20]\0/],
  ['image/jxl', /^\0\0\0\x0cJXL /],
];

/**
 * @param {Uint8Array} head of a file
 * @returns {string | undefined} the type of the picture that it begins as one
 */
export function typeByContent(head) {
  const letters = String.fromCharCode(...head.subarray(0, HEAD));
  if (letters.slice(4, 8) === 'ftyp')
    return Object.entries(BRANDS).find(([, brand]) => brand.test(letters.slice(8)))?.[0];
  return BEGINNINGS.find(([, beginning]) => beginning.test(letters))?.[0];
}

/**
 * The same files, those that are pictures by their content alone with their type. Beside a model any file may be a part of it.
 * @param {File[]} files
 */
export async function typedByContent(files) {
  if (isModel(files)) return files;
  return Promise.all(
    files.map(async (file) => {
      if (isImage(file) || isArchive(file)) return file;
      const type = await file
        .slice(0, HEAD)
        .arrayBuffer()
        .then(
          (head) => typeByContent(new Uint8Array(head)),
          () => undefined,
        );
      if (!type) return file;
      const typed = new File([file], file.name, { type, lastModified: file.lastModified });
      droppedPaths.set(typed, pathOf(file));
      return typed;
    }),
  );
}
