/** The binary format FlatBuffers, as far as model files need it. Whatever refers to something stands before it, so a file is written in one go. */

/**
 * What a field of a table holds: a number of one byte, one of four, a fraction, or what stands elsewhere. `undefined` leaves it at its default.
 * @typedef {{ byte: number } | { int: number } | { float: number } | Part | undefined} Field
 */

/** What stands in a place of its own. @typedef {{ table: Field[] } | { tables: Part[] } | { ints: number[] } | { bytes: Uint8Array } | { text: string }} Part */

/** Weights are read where they are, by instructions that want them aligned so. */
const ALIGNMENT = 16;

const encoder = new TextEncoder();

/** A file that begins with a table. */
export class FlatBuffer {
  #bytes;
  #view;
  #end = 8;

  /** @param {number} capacity bytes that are enough for it */
  constructor(capacity) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** @param {Part} root @param {string} identifier four letters that tell this kind of file */
  file(root, identifier) {
    this.#bytes.set(encoder.encode(identifier), 4);
    this.#refer(0, root);
    return this.#bytes.subarray(0, this.#end);
  }

  /** Writes a part, and into `slot` how far behind it that lies. @param {number} slot @param {Part} part */
  #refer(slot, part) {
    this.#view.setUint32(slot, this.#write(part) - slot, true);
  }

  /** @param {Part} part @returns {number} where it lies */
  #write(part) {
    if ('table' in part) return this.#table(part.table);
    if ('tables' in part) {
      const place = this.#vector(part.tables.length, 4 * part.tables.length, 4);
      for (const [index, one] of part.tables.entries()) this.#refer(place + 4 + 4 * index, one);
      return place;
    }
    if ('ints' in part) {
      const place = this.#vector(part.ints.length, 4 * part.ints.length, 4);
      for (const [index, value] of part.ints.entries()) this.#view.setInt32(place + 4 + 4 * index, value, true);
      return place;
    }
    const bytes = 'text' in part ? encoder.encode(part.text) : part.bytes;
    // A text ends with a zero that its length does not count.
    const place = this.#vector(bytes.length, bytes.length + ('text' in part ? 1 : 0), 'text' in part ? 4 : ALIGNMENT);
    this.#bytes.set(bytes, place + 4);
    return place;
  }

  /** Room for a length and so many bytes behind it, which are aligned. @param {number} length @param {number} bytes @param {number} alignment */
  #vector(length, bytes, alignment) {
    const place = aligned(this.#end + 4, alignment) - 4;
    this.#view.setUint32(place, length, true);
    this.#end = aligned(place + 4 + bytes, 4);
    return place;
  }

  /** A list of where each field lies, and the table behind it, each field in four bytes. @param {Field[]} fields */
  #table(fields) {
    const list = this.#end;
    const listSize = 4 + 2 * fields.length;
    const place = aligned(list + listSize, 4);
    const present = fields.flatMap((field, index) => (field === undefined ? [] : [{ field, index }]));
    this.#view.setUint16(list, listSize, true);
    this.#view.setUint16(list + 2, 4 + 4 * present.length, true);
    this.#view.setInt32(place, place - list, true);
    this.#end = place + 4 + 4 * present.length;
    for (const [order, { field, index }] of present.entries()) {
      const slot = place + 4 + 4 * order;
      this.#view.setUint16(list + 4 + 2 * index, slot - place, true);
      if ('byte' in field) this.#view.setUint8(slot, field.byte);
      else if ('int' in field) this.#view.setInt32(slot, field.int, true);
      else if ('float' in field) this.#view.setFloat32(slot, field.float, true);
      else this.#refer(slot, field);
    }
    return place;
  }
}

/** @param {number} place @param {number} alignment */
function aligned(place, alignment) {
  return Math.ceil(place / alignment) * alignment;
}
