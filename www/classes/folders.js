import { droppedPaths } from '../ui/drop.js';

/** @typedef {{ name: string, images: File[] }} ImageClass */

/** Sorts as people count: 2 before 10. */
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * The classes that folders of images make: each folder with images is one, named by what tells it from the others. Fewer
 * than two folders are no classes.
 * @param {File[]} files
 * @returns {ImageClass[]}
 */
export function classesOf(files) {
  /** @type {Map<string, File[]>} */
  const folders = new Map();
  for (const file of files.filter(({ type }) => type.startsWith('image/'))) {
    const folder = pathOf(file).split('/').slice(0, -1).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  if (folders.size < 2) return [];
  const shared = sharedFolders([...folders.keys()]);
  return [...folders]
    .map(([folder, images]) => ({
      name: folder.split('/').slice(shared).join('/') || (folder.split('/').at(-1) ?? folder),
      images: images.sort((one, other) => natural.compare(one.name, other.name)),
    }))
    .sort((one, other) => natural.compare(one.name, other.name));
}

/** @param {File} file */
function pathOf(file) {
  return (droppedPaths.get(file) ?? (file.webkitRelativePath || file.name)).replace(/^\//, '');
}

/**
 * How many folders all paths begin with.
 * @param {string[]} paths
 */
function sharedFolders(paths) {
  const parts = paths.map((path) => path.split('/'));
  const differs = parts[0].findIndex((part, place) => parts.some((other) => other[place] !== part));
  return differs < 0 ? parts[0].length : differs;
}
