/** The weights of a model from an address that lie in files of their own beside it. Nothing here knows the DOM. */

import { droppedPaths } from '../files/file-kinds.js';
import { besideAt, externalPlaces } from '../api/external.js';

/**
 * The files with weights that a model names, each where the model says that it lies.
 * @param {Blob} graph
 * @param {string} address of the graph
 * @param {(address: string) => Promise<Blob | null>} get null where there is none: of that says who opens the model
 * @returns {Promise<File[]>}
 */
export async function weightsBeside(graph, address, get) {
  /** @type {File[]} */
  const files = [];
  for (const path of await externalPlaces(graph)) {
    const at = besideAt(address, path);
    const content = at && (await get(at));
    if (!content) continue;
    const file = new File([content], path.split(/[/\\]/).at(-1) ?? path);
    droppedPaths.set(file, path);
    files.push(file);
  }
  return files;
}
