import { droppedPaths, isHidden } from '../files/file-kinds.js';

/**
 * All files in what was dropped, each with where it lay.
 * @param {FileSystemEntry[]} entries
 */
export async function filesIn(entries) {
  return (await Promise.all(entries.map(readEntry))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function readEntry(entry) {
  if (isHidden(entry.fullPath)) return [];
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    droppedPaths.set(file, entry.fullPath);
    return [file];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  // A reader gives at most 100 entries at a time, and nothing at the end.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    files.push(...(await Promise.all(entries.map(readEntry))).flat());
  }
}
