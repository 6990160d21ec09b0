/**
 * Which files beside a model hold its weights, read from the message that an .onnx file is: fields by number, of which only those are gone into
 * that can name one.
 */

/** Weights lie elsewhere because the file would be too large with them; what remains is small. In bytes. */
const MOST = 2 ** 26;
/** So many files are loaded beside one model. */
const MOST_FILES = 256;

/** The fields that lead to a tensor: of a model its graph; of a graph its nodes and constants; of a node its attributes; of an attribute a tensor, or
 * graphs and tensors.
 * @type {Record<string, Record<number, string>>} */
const WAYS = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: { 13: 'entry' },
};

/**
 * The places of the files that hold weights, as the model names them; none of a file that is no model.
 * @param {Blob} graph
 * @returns {Promise<string[]>}
 */
export async function externalPlaces(graph) {
  if (graph.size > MOST) return [];
  const bytes = new Uint8Array(await graph.arrayBuffer());
  /** @type {Set<string>} */
  const places = new Set();
  try {
    walk(bytes, 'model', 0, places);
  } catch {
    // What is wrong with the file says who opens it.
    return [];
  }
  return [...places].slice(0, MOST_FILES);
}

/**
 * The address of a file by its path from the folder of a model; null for one that lies elsewhere.
 * @param {string} url of the model
 * @param {string} path
 */
export function besideAt(url, path) {
  const parts = path.split(/[/\\]/).filter((part) => part !== '.' && part !== '');
  if (parts.length === 0 || parts.includes('..') || /^[/\\]|^[a-z]+:/i.test(path) || !/^https?:/i.test(url))
    return null;
  const address = new URL(parts.map(encodeURIComponent).join('/'), url);
  address.search = new URL(url).search;
  return address.href;
}

/**
 * @param {Uint8Array} bytes of a message
 * @param {string} kind of it
 * @param {number} depth
 * @param {Set<string>} places is added to
 */
function walk(bytes, kind, depth, places) {
  if (depth > 40) return;
  for (const { field, content } of fields(bytes)) {
    const next = WAYS[kind][field];
    if (!next || !content) continue;
    if (next !== 'entry') walk(content, next, depth + 1, places);
    else {
      const text = (/** @type {number} */ wanted) => {
        const found = [...fields(content)].find((one) => one.field === wanted)?.content;
        return new TextDecoder().decode(found ?? new Uint8Array());
      };
      if (text(1) === 'location') places.add(text(2));
    }
  }
}

/**
 * The fields of a message; those that are numbers have no content.
 * @param {Uint8Array} bytes
 * @returns {Generator<{ field: number, content?: Uint8Array }>}
 */
function* fields(bytes) {
  let at = 0;
  const number = () => {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError('cut off');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = number();
    const field = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === 0) {
      number();
      yield { field };
    } else if (kind === 1 || kind === 5) {
      at += kind === 1 ? 8 : 4;
      yield { field };
    } else if (kind === 2) {
      const length = number();
      if (at + length > bytes.length) throw new RangeError('cut off');
      yield { field, content: bytes.subarray(at, at + length) };
      at += length;
    } else throw new RangeError('no message');
  }
}
