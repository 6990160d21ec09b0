import { isArchive, isModel } from '../ui/drop.js';
import { classesOf, isImage } from './folders.js';
import { text } from './text.js';

/**
 * @typedef {import('./folders.js').Folder} Folder
 * @typedef {import('../session.js').Session} Session
 */

/**
 * What a visitor brought: the classes that its folders make, and the rest, which is in no class. Where there are classes
 * already, a single folder is another one.
 * @param {File[]} files
 * @param {Session} session
 * @param {import('./collection.js').Collection} [collection]
 * @returns {Promise<{ folders: Folder[], others: File[] }>}
 */
export async function sortOut(files, session, collection) {
  const all = await unpacked(files, session);
  // A model in a folder is opened, with what lies beside it.
  const folders = isModel(all) ? [] : classesOf(all, collection && collection.columns.length > 0 ? 1 : 2);
  if (folders.length === 0) return { folders, others: all };
  const placed = new Set(folders.flatMap(({ images }) => images));
  return { folders, others: all.filter((file) => isImage(file) && !placed.has(file)) };
}

/**
 * The files, with what is in an archive in its place.
 * @param {File[]} files
 * @param {Session} session
 */
async function unpacked(files, session) {
  if (!files.some(isArchive)) return files;
  const { unpack } = await import('./archive.js');
  /** @type {File[]} */
  const all = [];
  try {
    for (const file of files) {
      if (!isArchive(file)) all.push(file);
      else all.push(...await unpack(file, { onFile: (done, total) => session.set({ notice: text.archive.reading(file.name, done, total) }) }));
    }
  } finally {
    session.set({ notice: null });
  }
  return all;
}
