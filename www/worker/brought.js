/** Models that a visitor brings: an address, or files. */

import { FeaturescopeError } from '../api/errors.js';
import { text as more } from '../api/more-text.js';
import { download } from './download.js';
import { parseCard } from './models.js';

/** @typedef {import('./models.js').Parts} Parts */

/**
 * @param {string} url
 * @param {import('./engines.js').Call & { follow?: boolean }} call `follow`: the address may lead to another one
 * @returns {Promise<Parts>}
 */
export async function partsAt(url, call) {
  return { graph: await download(url, call), external: [], card: { title: titleOf(url) } };
}

/**
 * @param {(File | Blob)[]} list
 * @param {string[]} [paths] where each of the files lay
 * @returns {Promise<Parts>}
 */
export async function partsOf(list, paths = []) {
  const graphs = list.filter((file) => !(file instanceof File) || /\.onnx$/i.test(file.name));
  const graph = graphs[0] ?? (list.length === 1 ? list[0] : undefined);
  if (!graph || graphs.length > 1) throw new FeaturescopeError('bad-model', more.whichModel(graphs.length));
  const others = /** @type {File[]} */ (list.filter((file) => file !== graph));
  const cardFile = others.find((file) => /\.json$/i.test(file.name));
  const card = cardFile ? parseCard(await cardFile.text(), cardFile.name) : undefined;
  const title = graph instanceof File ? titleOf(graph.name) : undefined;
  const external = others
    .filter((file) => file !== cardFile)
    .map((file) => ({ path: paths[list.indexOf(file)] || file.name, content: file }));
  return { graph, external, card: { title, ...card } };
}

/** @param {string} path */
function titleOf(path) {
  const file = path.split(/[?#]/)[0].split('/').at(-1) ?? path;
  return file.replace(/\.onnx$/i, '');
}
