/**
 * What a record brings along, held against the hashes that its finding claims: whoever made a snapshot can put any file into it,
 * and call it the one that lies beside the page.
 */

import { bundledFile, sha256 } from './files.js';
import { keptModel } from './model-files.js';
import { text } from './record-text.js';
import { load } from './remote.js';

/**
 * @typedef {import('./record.js').Recorded} Recorded
 * @typedef {{ source: string | File[], notes: string[] }} FoundModel `source`: the name of a bundled model, or its files; `notes`: what is
 *   not as the finding says, in sentences
 */

/**
 * The record's model: from the record, beside the page, or from an address. Of what the record brings under the name of a bundled
 * model the page's own is taken where it is the same, and otherwise it counts as a model of somebody's own.
 * @param {Recorded} recorded
 * @param {File[]} [given] the model's files from the visitor
 * @param {{ signal?: AbortSignal, onBytes?: import('./download.js').OnBytes }} [options]
 * @returns {Promise<FoundModel | null>} null where it is not to be had
 * @throws {FeaturescopeError} those of `load`
 */
export async function modelOf({ finding: { model }, record, files }, given, options) {
  const own = given ?? keptModel({ record, files });
  if (own.length === 0) {
    if (model.kind === 'bundled') return { source: model.name, notes: [] };
    if (model.kind === 'file') return null;
    const { file, from } = await load('model', model.address, options);
    const notes = from ? [text.view.cameFrom(new URL(model.address).host, from)] : [];
    if (model.sha256 && (await hashOf(file)) !== model.sha256) notes.push(text.view.changed(model.address));
    return { source: [file], notes };
  }
  const graph = own.find(({ name }) => /\.onnx$/i.test(name)) ?? own[0];
  const hash = await hashOf(graph);
  if (model.kind === 'bundled') {
    if (hash !== null && hash === (await bundledHash(model.name))) return { source: model.name, notes: [] };
    return { source: own, notes: [text.view.notBundled(model.name)] };
  }
  if (model.kind === 'address')
    return { source: own, notes: model.sha256 !== null && hash !== model.sha256 ? [text.view.otherModel] : [] };
  const claimed = new Set([model, ...model.parts].map((file) => file.sha256));
  const hashes = await Promise.all(own.map(hashOf));
  const same = hash === model.sha256 && hashes.every((one) => one !== null && claimed.has(one));
  return { source: own, notes: same ? [] : [text.view.otherModel] };
}

/** Whether a record's model is to be had without the visitor's help. @param {Recorded} recorded */
export function hasModel({ finding, record }) {
  return record.model.path !== null || finding.model.kind !== 'file';
}

/** The host that computing a record loads the model from; null where it loads from none. @param {Recorded} recorded */
export function modelHost({ finding: { model }, record }) {
  return model.kind === 'address' && record.model.path === null ? new URL(model.address).host : null;
}

/**
 * Which of the record's pictures are others than those that the finding names.
 * @param {Recorded} recorded
 * @param {number[]} [wanted] their places in the finding; all when left out
 * @returns {Promise<string[]>} in sentences
 */
export async function otherPictures({ finding, record, files }, wanted) {
  const notes = await Promise.all(
    record.pictures
      .filter(({ image }) => !wanted || wanted.includes(image))
      .map(async ({ image, path, name }) => {
        const file = files.get(path);
        const claimed = await pictureHash(finding.images[image]);
        return file && claimed !== null && (await hashOf(file)) !== claimed ? [text.view.otherPicture(name)] : [];
      }),
  );
  return notes.flat();
}

/** @param {import('./finding.js').ImageReference} image */
async function pictureHash(image) {
  if (image.kind === 'inline') return null;
  return image.kind === 'bundled' ? bundledFile(image.name).then(hashOf) : image.sha256;
}

/** Null where the browser computes none. @param {Blob} file */
async function hashOf(file) {
  try {
    return await sha256(file);
  } catch {
    return null;
  }
}

/** What the page's own model of that name has. @param {string} name */
async function bundledHash(name) {
  try {
    const response = await fetch(new URL(`../models/${name}.json`, import.meta.url));
    return response.ok ? /** @type {string} */ ((await response.json()).sha256) : null;
  } catch {
    return null;
  }
}
