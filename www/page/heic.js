import { FeaturescopeError } from '../api/errors.js';
import { isImage } from '../files/file-kinds.js';
import { text } from '../files/text.js';

/** The brands of HEIC in a file's first box, after its length and the word "ftyp". */
const HEIC = /^[\s\S]{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)/;

/**
 * Tells apart the HEIC photos that nobody here can decode: a phone gives them by the dozen, and all for the same reason. They are told by
 * their content, since they come under other names and other pictures under theirs.
 * @param {File[]} files
 * @returns {Promise<{ rest: File[], heic: File[] }>}
 */
export async function apartHeic(files) {
  const marks = await Promise.all(files.map(async (file) => isImage(file) && HEIC.test(await head(file))));
  const heic = files.filter((_, place) => marks[place]);
  if (heic.length === 0 || (await isDecoded(heic[0]))) return { rest: files, heic: [] };
  return { rest: files.filter((_, place) => !marks[place]), heic };
}

/**
 * What is said of them, once.
 * @param {File[]} heic
 */
export function heicError(heic) {
  return new FeaturescopeError('bad-image', heic.length === 1 ? text.heic(heic[0].name) : text.heics(heic.length));
}

/** @param {File} file */
async function head(file) {
  // What cannot be read is told where it is looked at.
  const bytes = await file
    .slice(0, 12)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  return String.fromCharCode(...new Uint8Array(bytes));
}

/** Whether this browser does it, as Safari. @param {File} file */
async function isDecoded(file) {
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    return false;
  }
}
