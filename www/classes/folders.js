import { isImage, pathOf } from '../files/file-kinds.js';
import { natural } from '../files/natural.js';

/** @typedef {import('./collection.js').Role} Role */
/** @typedef {{ name: string, role: Role, images: File[] }} Folder */

/** Names that say of a folder of classes that it is the one that is tested. */
const TARGET = /^(target|test|val|validation|x-?ray)/i;

/**
 * The classes that folders of images make: each folder with images is one, named by what tells it from the others. Two
 * folders that hold the same classes are a source and a target. Images in no folder are in no class.
 * @param {File[]} files
 * @param {number} [fewest] fewer folders than this are no classes: a folder by itself may be nothing but photos
 * @returns {Folder[]}
 */
export function classesOf(files, fewest = 2) {
  /** @type {Map<string, File[]>} */
  const folders = new Map();
  for (const file of files.filter(isImage)) {
    const folder = pathOf(file).split('/').slice(0, -1).join('/');
    const images = folders.get(folder) ?? [];
    if (folder !== '') folders.set(folder, images);
    images.push(file);
  }
  if (folders.size < fewest || folders.size === 0) return [];
  const shared = sharedFolders([...folders.keys()]);
  const named = [...folders].map(([folder, images]) => ({
    path: folder.split('/').slice(shared),
    name: folder.split('/').slice(shared).join('/') || (folder.split('/').at(-1) ?? folder),
    images: images.sort((one, other) => natural.compare(one.name, other.name)),
  }));
  const target = targetFolder(named.map(({ path }) => path));
  return named
    .map(({ path, name, images }) => {
      if (target === null) return { name, role: /** @type {Role} */ ('both'), images };
      return { name: path[1], role: /** @type {Role} */ (path[0] === target ? 'target' : 'source'), images };
    })
    .sort((one, other) => one.role.localeCompare(other.role) || natural.compare(one.name, other.name));
}

/**
 * The folder whose classes are tested, where there are two folders that have a class in common: the one whose name says so,
 * or else the second.
 * @param {string[][]} paths of the folders with images
 */
function targetFolder(paths) {
  const above = [...new Set(paths.map(([first]) => first))].sort(natural.compare);
  if (above.length !== 2 || paths.some((path) => path.length !== 2)) return null;
  const [first, second] = above.map((name) => new Set(paths.filter((path) => path[0] === name).map((path) => path[1])));
  if (![...first].some((name) => second.has(name))) return null;
  return above.find((name) => TARGET.test(name)) ?? above[1];
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
