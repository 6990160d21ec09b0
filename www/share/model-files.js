/**
 * A model's files as a record has them. Its folder has no folders inside, so files of one name from several get other names there;
 * what the graph calls them by is where they lay, which is written beside. Nothing here knows the DOM.
 */

import { FeaturescopeError } from '../api/errors.js';
import { droppedPaths, pathOf } from '../files/file-kinds.js';
import { fitting } from '../files/names.js';
import { LONGEST_PLACE } from './record.js';
import { text } from './record-text.js';
import { weightsBeside } from './weights.js';

/**
 * The model as files, the graph first.
 * @param {import('../featurescope.js').ModelSource} source
 * @returns {Promise<File[]>}
 */
export async function modelFiles(source) {
  if (source instanceof ArrayBuffer) return [new File([source], 'model.onnx')];
  if (typeof source === 'string' || source instanceof URL) {
    const bundled = typeof source === 'string' && !/[/:]/.test(source);
    const address = bundled ? new URL(`../models/${source}.onnx`, import.meta.url) : new URL(source, location.href);
    const got = await fetch(address);
    if (!got.ok) throw new FeaturescopeError('network', text.errors.modelUnreachable(address.href));
    const last = address.pathname.split('/').at(-1) || 'model';
    const graph = new File([await got.blob()], /\.onnx$/i.test(last) ? last : `${last}.onnx`);
    // Without one of them the model would not open again.
    const weights = await weightsBeside(graph, address.href, async (at) => {
      const part = await fetch(at);
      if (!part.ok) throw new FeaturescopeError('network', text.errors.modelUnreachable(at));
      return part.blob();
    });
    return [graph, ...weights];
  }
  const files = Array.isArray(source) ? source : [source];
  const named = files.map((file) => (file instanceof File ? file : new File([file], 'model.onnx')));
  return named.sort((one, other) => Number(/\.onnx$/i.test(other.name)) - Number(/\.onnx$/i.test(one.name)));
}

/**
 * Keeps a model's files, the graph first.
 * @param {File[]} files
 * @param {(path: string, blob: Blob) => string} keep
 * @returns {{ path: string, parts: string[], places?: string[] }} `places`: where each of the parts lay, where its name does not say so
 */
export function keepModel(files, keep) {
  // The record's own card has that name. Some file systems do not tell capitals from small letters.
  const taken = new Set(['card.json']);
  /** @param {string} wanted @param {boolean} isCard */
  const free = (wanted, isCard) => {
    let name = isCard ? 'card-beside.json' : wanted;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = wanted.replace(/(\.[^.]*)?$/, `-${count}$1`);
    taken.add(name.toLowerCase());
    return name;
  };
  const names = files.map(({ name }) => {
    const plain = fitting(name, 150)
      .replace(/[^\p{L}\p{N}_. -]/gu, '_')
      .replace(/^[. -]+/, '_');
    return free(plain, plain.toLowerCase() === 'card.json');
  });
  const [path, ...parts] = files.map((file, place) => keep(`model/${names[place]}`, file));
  const places = files.map((file, place) =>
    names[place] === 'card-beside.json' ? names[place] : fitting(pathOf(file), LONGEST_PLACE),
  );
  // A folder above all of them tells nothing.
  const isTold = parts.every(
    (_, index) => names[index + 1] === files[index + 1].name || names[index + 1] === places[index + 1],
  );
  return { path, parts, ...(isTold ? {} : { places: places.slice(1) }) };
}

/**
 * The model's files of a record, the graph first; none where it has none.
 * @param {Pick<import('./record.js').Recorded, 'record' | 'files'>} recorded
 * @returns {File[]}
 */
export function keptModel({ record: { model }, files }) {
  if (!model.path) return [];
  return [model.path, ...model.parts].flatMap((path, index) => {
    const blob = files.get(path);
    if (!blob) return [];
    const place = index > 0 ? model.places?.[index - 1] : undefined;
    const file = new File([blob], place?.split('/').at(-1) || path.slice('model/'.length));
    if (place) droppedPaths.set(file, place);
    return [file];
  });
}
