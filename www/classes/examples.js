/** Photos in classes that lie beside the page, so that every question about classes has something to be asked of. */

import { FeaturescopeError } from '../api/errors.js';
import { shownNames } from '../page/shown-names.js';
import { bundledNames } from './bundled-names.js';
import { text } from './text.js';

/** @typedef {import('./folders.js').Folder} Folder */
/** @typedef {{ name: string, title: { en: string, zh: string } }} ExampleClass likewise */
/** @typedef {{ class: string, file: string, title: string, alt: string, author: string, licence: string }} Example as models/photos/classes.json lists it */

const PHOTOS = new URL('../models/photos/', import.meta.url);
const PREFIX = 'class.';

/** @type {Map<string, Promise<File>>} */
const files = new Map();

/**
 * What an example is called where it is named instead of enclosed.
 * @param {string} path below models/photos/classes/
 */
export function exampleName(path) {
  return PREFIX + path.replaceAll('/', '.');
}

/** The path below models/photos/ of a bundled photo that is an example; null of others. @param {string} name */
export function examplePath(name) {
  if (!name.startsWith(PREFIX)) return null;
  const [folder, ...file] = name.slice(PREFIX.length).split('.');
  return `classes/${folder}/${file.join('.')}`;
}

/** Whether all images are examples. @param {File[]} images */
export function areExamples(images) {
  return images.every((image) => bundledNames.get(image)?.startsWith(PREFIX));
}

/**
 * A photo of the examples, the same file whoever asks.
 * @param {string} name as `exampleName` gives it
 * @returns {Promise<File>}
 * @throws {FeaturescopeError} `network`
 */
export function exampleFile(name) {
  const known = files.get(name);
  if (known) return known;
  const file = load(name);
  files.set(name, file);
  // What could not be had may come the next time.
  file.catch(() => files.delete(name));
  return file;
}

/** @param {string} name */
async function load(name) {
  try {
    const path = examplePath(name) ?? name;
    const blob = await (await fetched(path)).blob();
    const file = new File([blob], path.split('/').at(-1) ?? path, { type: blob.type, lastModified: 0 });
    bundledNames.set(file, name);
    return file;
  } catch {
    throw new FeaturescopeError('network', text.examples.unreachable);
  }
}

/** @param {string} path below models/photos/ */
async function fetched(path) {
  const response = await fetch(new URL(path, PHOTOS));
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

/**
 * All examples, as folders that are dropped.
 * @returns {Promise<Folder[]>}
 * @throws {FeaturescopeError} `network`
 */
export async function loadExamples() {
  /** @type {{ classes: ExampleClass[], photos: Example[] }} */
  let list;
  try {
    list = await (await fetched('classes.json')).json();
  } catch {
    throw new FeaturescopeError('network', text.examples.unreachable);
  }
  const folders = await Promise.all(
    list.classes.map(async ({ name }) => ({
      name,
      role: /** @type {const} */ ('both'),
      images: await Promise.all(
        list.photos.filter((photo) => photo.class === name).map((photo) => exampleFile(exampleName(photo.file))),
      ),
    })),
  );
  const titles = new Map(list.photos.map((photo) => [exampleName(photo.file), shownTitle(photo, list.classes)]));
  for (const image of folders.flatMap(({ images }) => images))
    shownNames.set(image, titles.get(bundledNames.get(image) ?? '') ?? image.name);
  return folders;
}

/**
 * What a photo is called in the visitor's language: by its title, which is in English, or else by its class and its number in that.
 * @param {Example} photo
 * @param {ExampleClass[]} classes
 */
function shownTitle(photo, classes) {
  const kind = classes.find(({ name }) => name === photo.class)?.title.zh ?? photo.class;
  return text.examples.photo(photo.title, kind, Number(photo.alt.replace(/\D/g, '')));
}
