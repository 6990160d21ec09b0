/** The wire format of protocol buffers, as far as small ONNX files need it. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a message is made of, one piece after another: weights are copied once, when all is joined. @typedef {Uint8Array<ArrayBuffer>[]} Pieces */

/** How a field's content is coded. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** @param {number} value a whole number that is not negative @returns {Uint8Array<ArrayBuffer>} */
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** @param {number} field @param {number} value a whole number that is not negative @returns {Pieces} */
export function whole(field, value) {
  return [varint(8 * field + VARINT), varint(value)];
}

/** @param {number} field @param {string} text @returns {Pieces} */
export function string(field, text) {
  return message(field, [encoder.encode(text)]);
}

/** A message within another, or bytes. @param {number} field @param {Pieces} content @returns {Pieces} */
export function message(field, content) {
  return [varint(8 * field + LENGTH), varint(lengthOf(content)), ...content];
}

/** @param {Pieces} pieces @returns {Uint8Array<ArrayBuffer>} */
export function joined(pieces) {
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** @param {Pieces} pieces */
function lengthOf(pieces) {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** A field of a message that is read: a whole number, or the bytes of a text, of a number or of a message. @typedef {{ field: number, value: number | Uint8Array<ArrayBuffer> }} Read */

/** @param {Uint8Array<ArrayBuffer>} bytes of a message @returns {Read[]} its fields in their order */
export function fieldsOf(bytes) {
  let at = 0;
  const whole = () => {
    let value = 0;
    for (let place = 1; ; place *= 0x80) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
    }
  };
  /** @type {Read[]} */
  const found = [];
  while (at < bytes.length) {
    const tag = whole();
    const kind = tag % 8;
    const field = (tag - kind) / 8;
    if (kind === VARINT) found.push({ field, value: whole() });
    else {
      const length = kind === LENGTH ? whole() : kind === FIXED32 ? 4 : kind === FIXED64 ? 8 : Number.NaN;
      // Whatever else there is, and what the file ends within, is no message.
      if (!(at + length <= bytes.length)) throw new RangeError('a message is cut short');
      found.push({ field, value: bytes.subarray(at, (at += length)) });
    }
  }
  return found;
}

/** The bytes of every field with a number. @param {Read[]} fields @param {number} wanted */
export function bytesOf(fields, wanted) {
  return fields.flatMap(({ field, value }) => (field === wanted && typeof value !== 'number' ? [value] : []));
}

/** @param {Read[]} fields @param {number} wanted */
export function textsOf(fields, wanted) {
  return bytesOf(fields, wanted).map((bytes) => decoder.decode(bytes));
}

/** Whole numbers, one to a field or packed into one. @param {Read[]} fields @param {number} wanted */
export function wholesOf(fields, wanted) {
  return fields.flatMap(({ field, value }) => {
    if (field !== wanted) return [];
    return typeof value === 'number' ? [value] : packed(value);
  });
}

/** @param {Uint8Array} bytes */
function packed(bytes) {
  const values = [];
  let value = 0;
  let place = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * place;
    place *= 0x80;
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
    place = 1;
  }
  return values;
}
