/** Models that a visitor brings: an address, or files. */

import { FeaturescopeError } from '../api/errors.js';
import { text as more } from '../api/more-text.js';
import { text } from '../api/text.js';
import { download } from './download.js';
import { besideAt, externalPlaces } from '../api/external.js';
import { zooCard } from './model-zoo.js';
import { parseCard } from './models.js';

/**
 * @typedef {import('./models.js').Parts} Parts
 * @typedef {import('./models.js').External} External
 * @typedef {import('../api/types.js').Card} Card
 * @typedef {NonNullable<Card['beside']>} TextFiles
 * @typedef {import('./engines.js').Call & { follow?: boolean }} Call `follow`: the address may lead to another one
 */

/** What a file is about that lies beside a model and is longer than this is not read, in bytes. */
const MOST_TEXT = 2 ** 22;
/** A card of this page has one of these. */
const CARD = ['title', 'file', 'sha256', 'recipe', 'labels', 'output', 'scores', 'defaultLayer', 'bands'];
/** The files that Hugging Face has beside a model. */
const TELLING = ['config.json', 'preprocessor_config.json'];

/**
 * @param {string} url
 * @param {Call} call
 * @returns {Promise<Parts>}
 */
export async function partsAt(url, call) {
  const graph = await download(url, call);
  const [external, beside] = await Promise.all([externalAt(url, graph, call), tellingAt(url, call)]);
  const card = { title: titleOf(url), ...(await zooCard(graph, call)), ...(beside.length > 0 ? { beside } : {}) };
  return { graph, external, card };
}

/**
 * The files with weights beside a model at an address. Of one that is not there says who reads the model.
 * @param {string} url
 * @param {Blob} graph
 * @param {Call} call
 * @returns {Promise<External[]>}
 */
async function externalAt(url, graph, call) {
  /** @type {External[]} */
  const external = [];
  for (const path of await externalPlaces(graph)) {
    const address = besideAt(url, path);
    const content = address && (await quietly(() => download(address, call), call, address));
    if (content) external.push({ path, content });
  }
  return external;
}

/**
 * What hosts of models have beside them about names and pixels; asked for only where it is likely, since a host that has none answers with an error.
 * @param {string} url
 * @param {Call} call
 * @returns {Promise<TextFiles>}
 */
async function tellingAt(url, call) {
  const { pathname } = new URL(url);
  if (!/\/(resolve|raw)\/|\/model[^/]*\.onnx$/i.test(pathname)) return [];
  // In the repositories of Hugging Face the graphs lie in a folder of their own.
  const folder = /\/onnx\/[^/]*$/.test(pathname) ? '../' : '';
  const read = TELLING.map(async (name) => {
    const address = new URL(folder + name, url);
    address.search = new URL(url).search;
    const file = await quietly(() => download(address.href, { ...call, progress: () => {} }), call);
    return file && file.size <= MOST_TEXT ? [{ name, text: await file.text() }] : [];
  });
  return (await Promise.all(read)).flat();
}

/**
 * @param {() => Promise<Blob>} load
 * @param {Call} call
 * @param {string} [needed] the address of a file that a model cannot do without: what broke off, or leads elsewhere, is said
 * @returns {Promise<Blob | null>} null where it is not there
 */
async function quietly(load, { signal }, needed) {
  try {
    return await load();
  } catch (error) {
    const { code = '', message = '' } = error instanceof FeaturescopeError ? error : {};
    const isSaid = needed !== undefined && (code === 'redirected' || message === text.errors.interrupted(needed));
    if (signal.aborted || code === 'too-large' || isSaid) throw error;
    return null;
  }
}

/**
 * @param {(File | Blob)[]} list
 * @param {string[]} paths where each of the files lay
 * @param {Call} call
 * @returns {Promise<Parts>}
 */
export async function partsOf(list, paths, call) {
  const graphs = list.filter((file) => !(file instanceof File) || /\.onnx$/i.test(file.name));
  const graph = graphs[0] ?? (list.length === 1 ? list[0] : undefined);
  if (!graph || graphs.length > 1) throw new FeaturescopeError('bad-model', more.whichModel(graphs.length));
  const others = /** @type {File[]} */ (list.filter((file) => file !== graph));
  const texts = others.filter((file) => /\.(json|txt)$/i.test(file.name) && file.size <= MOST_TEXT);
  const { card, beside } = await told(texts);
  const title = graph instanceof File ? titleOf(graph.name) : undefined;
  const external = others
    .filter((file) => !texts.includes(file))
    .map((file) => ({ path: paths[list.indexOf(file)] || file.name, content: file }));
  const known = card ?? (await zooCard(graph, call));
  return { graph, external, card: { title, ...known, ...(beside.length > 0 ? { beside } : {}) } };
}

/**
 * Which of the texts is the model's card, and the others, of which the core knows several kinds.
 * @param {File[]} files
 * @returns {Promise<{ card: Card | undefined, beside: TextFiles }>}
 */
async function told(files) {
  /** @type {Card | undefined} */
  let card;
  /** @type {TextFiles} */
  const beside = [];
  for (const file of files) {
    const text = await file.text();
    // Lists of names are no cards; of what is no JSON the core says so where it is Hugging Face's, and otherwise nobody can go on.
    const isList = !/\.json$/i.test(file.name) || /^\s*\[/.test(text.replace(/^\uFEFF/, ''));
    const read = isList || (TELLING.includes(file.name) && !isJson(text)) ? undefined : parseCard(text, file.name);
    if (read && !card && isOurs(read)) card = read;
    else beside.push({ name: file.name, text });
  }
  return { card, beside };
}

/** @param {string} text */
function isJson(text) {
  try {
    return Boolean(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Whether this is a card of this page: names by their places, and what other programs write, are none. @param {Record<string, unknown>} card */
function isOurs(card) {
  if (['model_type', 'architectures', 'architecture', 'pretrained_cfg', 'id2label'].some((key) => key in card))
    return false;
  return CARD.some((key) => Object.hasOwn(card, key) && typeof card[key] !== 'number');
}

/** @param {string} path */
function titleOf(path) {
  const file = path.split(/[?#]/)[0].split('/').at(-1) ?? path;
  return file.replace(/\.onnx$/i, '');
}
