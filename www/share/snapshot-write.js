import { Zip, ZipDeflate, ZipPassThrough } from '../vendor/fflate.js';

/** Bytes that go through the packer at a time, since the page must stay usable. */
const PIECE = 1 << 20;

/** What packing makes smaller; pictures and models it does not. */
const PACKED = /\.(json|csv|svg)$/;

/**
 * Writes a record as one .zip.
 * @param {import('./record.js').Recorded} recorded
 * @param {Map<string, Blob>} [others] files for people, which the page does not read: tables, say
 * @returns {Promise<Blob>}
 */
export async function writeSnapshot({ finding, record, card, files }, others = new Map()) {
  /** @type {BlobPart[]} */
  const parts = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece));
  });
  const json = (/** @type {unknown} */ value) => new Blob([JSON.stringify(value, null, 1)]);
  const all = [
    /** @type {const} */ (['finding.json', json(finding)]),
    /** @type {const} */ (['record.json', json(record)]),
    /** @type {const} */ (['model/card.json', json(card)]),
    ...others,
    ...files,
  ];
  for (const [path, blob] of all) {
    const entry = PACKED.test(path) ? new ZipDeflate(path, { level: 6 }) : new ZipPassThrough(path);
    zip.add(entry);
    for (let at = 0; at < blob.size; at += PIECE)
      entry.push(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}
