import { download } from './download.js';

/** How the sheet calls where this is from. */
const ZOO = 'github.com/onnx/models';

/**
 * What the ONNX Model Zoo says of one of its files, which is known by its hash. The table says where it is from.
 * @param {Blob} graph
 * @param {import('./engines.js').Call} call
 * @returns {Promise<import('../api/types.js').Card | null>} null for any other file
 */
export async function zooCard(graph, call) {
  try {
    const address = new URL('../models/model-zoo.json', import.meta.url);
    const blob = await download(address.href, { ...call, progress: () => {} });
    /** @type {{ ways: Record<string, import('../api/types.js').Card>, files: [size: number, sha256: string, way: string][] }} */
    const { ways, files } = JSON.parse(await blob.text());
    const likely = files.filter(([size]) => size === graph.size);
    if (likely.length === 0) return null;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await graph.arrayBuffer()));
    const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const known = likely.find(([, sha256]) => sha256 === hex);
    return known ? { ...ways[known[2]], from: ZOO } : null;
  } catch {
    // Pages that came over plain http compute no hashes, and nothing depends on the table.
    call.signal.throwIfAborted();
    return null;
  }
}
