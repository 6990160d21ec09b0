import { isArchive, isImage, isModel } from '../files/file-kinds.js';
import { typedByContent } from '../files/picture-content.js';
import { apartHeic } from '../page/heic.js';
import { classesOf } from './folders.js';
import { text } from '../files/text.js';

/**
 * @typedef {import('./folders.js').Folder} Folder
 * @typedef {import('../page/session/session.js').Session} Session
 */

/**
 * What a visitor brought: the classes that its folders make, and the rest, which is in no class. Where there are classes
 * already, a single folder is another one.
 * @param {File[]} files
 * @param {Session} session
 * @param {import('./collection.js').Collection} [collection]
 * @returns {Promise<{ folders: Folder[], others: File[], heic: File[], stopped: string }>} `heic`: photos that nobody here can decode;
 *   `stopped`: where the visitor stopped the unpacking, what that means; otherwise nothing
 */
export async function sortOut(files, session, collection) {
  const { all: brought, stopped } = await unpacked(files, session);
  const { rest: all, heic } = await apartHeic(await typedByContent(brought));
  // A single folder is a class where there are some, and where the others are still packed.
  const fewest = stopped || (collection && collection.columns.length > 0) ? 1 : 2;
  const folders = classesOf(all, isModel(all) ? 2 : fewest);
  if (folders.length === 0) return { folders, others: all, heic, stopped };
  const placed = new Set(folders.flatMap(({ images }) => images));
  // A model beside the folders is opened, with what lies beside it; anything else that is no image is nothing.
  return { folders, others: all.filter((file) => (isModel(all) || isImage(file)) && !placed.has(file)), heic, stopped };
}

/**
 * The files, with what is in an archive in its place. It can be stopped, and what was unpacked is kept.
 * @param {File[]} files
 * @param {Session} session
 */
async function unpacked(files, session) {
  if (!files.some(isArchive)) return { all: files, stopped: '' };
  const { unpack } = await import('../files/archive.js');
  const controller = new AbortController();
  const { signal } = controller;
  const stopNotice = () => controller.abort();
  /** @type {File[]} */
  const all = [];
  let count = 0;
  try {
    for (const file of files) {
      if (!isArchive(file)) {
        all.push(file);
        continue;
      }
      if (signal.aborted) continue;
      const say = (/** @type {string} */ notice) => session.set({ notice, stopNotice });
      const images = await unpack(file, {
        signal,
        onListed: (done, total) => say(text.listing(file.name, done, total)),
        onFile: (done, total) => say(text.reading(file.name, done, total)),
      });
      all.push(...images);
      count += images.length;
    }
  } finally {
    session.set({ notice: null, stopNotice: null });
  }
  return { all, stopped: signal.aborted ? text.stopped(count) : '' };
}
