/**
 * Files by their content: the same bytes are the same file, whatever its name and wherever it lies.
 */

import { FeaturescopeError } from '../api/errors.js';
import { fitting } from '../files/names.js';
import { bundledNames, isStoryName } from '../classes/bundled-names.js';
import { exampleFile, exampleName, examplePath } from '../classes/examples.js';
import { text } from './text.js';

/** Where the bundled photos lie. */
const PHOTOS = new URL('../models/photos/', import.meta.url);

/** @type {WeakMap<Blob, Promise<string>>} */
const hashes = new WeakMap();

/** Addresses that files were loaded from when a link was opened. @type {WeakMap<Blob, string>} */
export const addresses = new WeakMap();

/** The pictures that came inside a link, so that they can go on in the next one unchanged.
 * @type {WeakMap<Blob, { type: 'image/webp' | 'image/jpeg' | 'image/png', data: string }>} */
export const inlined = new WeakMap();

/**
 * @param {Blob} file
 * @returns {Promise<string>} its SHA-256 in hexadecimal
 * @throws {FeaturescopeError} `bad-file` where it cannot be read, or the page may not compute hashes
 */
export function sha256(file) {
  const known = hashes.get(file);
  if (known) return known;
  const hash = digest(file);
  hashes.set(file, hash);
  hash.catch(() => hashes.delete(file));
  return hash;
}

/** @param {Blob} file */
async function digest(file) {
  // Browsers keep it from pages that came over plain http.
  if (!globalThis.crypto?.subtle) throw new FeaturescopeError('bad-file', text.errors.noHash);
  try {
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    throw new FeaturescopeError('bad-file', text.errors.unreadable(nameOf(file)));
  }
}

/** @param {Blob} file */
export function nameOf(file) {
  return fitting(file instanceof File && file.name.trim() ? file.name : text.unnamed);
}

/**
 * The name of a bundled photo from its address; null for other addresses.
 * @param {string} address
 */
export function bundledName(address) {
  const name = address.startsWith(PHOTOS.href) ? address.slice(PHOTOS.href.length) : '';
  const example = name.startsWith('classes/') ? exampleName(name.slice('classes/'.length)) : name;
  return /^[\w.-]+$/.test(example) ? example : null;
}

/** @param {string} name of a bundled photo */
export function bundledAddress(name) {
  return new URL(examplePath(name) ?? name, PHOTOS).href;
}

/** @type {Map<string, Promise<File>>} */
const fetched = new Map();

/**
 * A bundled photo as a file, as the classes take it.
 * @param {string} name
 * @returns {Promise<File>}
 * @throws {FeaturescopeError} `network`
 */
export function bundledFile(name) {
  const known = fetched.get(name);
  if (known) return known;
  if (examplePath(name)) return exampleFile(name);
  const file = isStoryName(name)
    ? storyFile(name)
    : fetch(bundledAddress(name))
        .then(async (response) => {
          if (!response.ok) throw new Error(String(response.status));
          const blob = await response.blob();
          return new File([blob], name, { type: blob.type, lastModified: 0 });
        })
        .catch(() => {
          throw new FeaturescopeError('network', text.errors.noBundled(name));
        });
  file.catch(() => fetched.delete(name));
  fetched.set(name, file);
  return file;
}

/** @param {string} name of a picture of the story @returns {Promise<File>} */
async function storyFile(name) {
  const { loadPictures } = await import('../classes/story-pictures.js');
  const found = (await loadPictures()).find(({ file }) => bundledNames.get(file) === name);
  if (found) return found.file;
  throw new FeaturescopeError('network', text.open.noPhoto(name));
}

/** What a list beside the page says, or null where it cannot be had. @param {string} path */
async function listed(path) {
  try {
    const response = await fetch(new URL(path, import.meta.url));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * Who made a bundled photo, and under which licence; empty where nobody can be asked.
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function bundledCredit(name) {
  const path = examplePath(name);
  if (path) {
    /** @type {import('../classes/examples.js').Example[]} */
    const photos = (await listed('../models/photos/classes.json'))?.photos ?? [];
    const found = photos.find(({ file }) => path === `classes/${file}`);
    return found ? `${found.title}, ${found.author} (${found.licence})` : '';
  }
  /** @type {{ file: string, source: string, licence: string }[]} */
  const photos = (await listed('../models/index.json'))?.photos ?? [];
  const found = photos.find(({ file }) => file === name);
  return found ? `${found.source.split(';')[0]} (${found.licence})` : '';
}

/**
 * What is known of a bundled model before it is opened; null where nobody can be asked.
 * @param {string} name
 * @returns {Promise<{ title: string, bytes: number } | null>}
 */
export async function bundledModel(name) {
  /** @type {{ name: string, title: string, bytes: number }[]} */
  const models = (await listed('../models/index.json'))?.models ?? [];
  return models.find((model) => model.name === name) ?? null;
}

/** @type {Promise<Map<string, string>> | undefined} */
let bundledHashes;

/**
 * The bundled photo that a file is a copy of: naming it is shorter, and it is at hand wherever the link is opened.
 * @param {Blob} file
 * @returns {Promise<string | null>}
 */
export async function bundledCopy(file) {
  const own = bundledNames.get(file);
  if (own) return own;
  bundledHashes ??= (async () => {
    const { photos } = await (await fetch(new URL('../models/index.json', import.meta.url))).json();
    /** @type {string[]} */
    const names = photos.map((/** @type {{ file: string }} */ photo) => photo.file);
    return new Map(
      await Promise.all(
        names.map(async (name) => /** @type {const} */ ([await sha256(await bundledFile(name)), name])),
      ),
    );
  })();
  try {
    return (await bundledHashes).get(await sha256(file)) ?? null;
  } catch {
    // Then it is one of the visitor's own.
    bundledHashes = undefined;
    return null;
  }
}
