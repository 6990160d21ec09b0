/** The wire format of protocol buffers, as far as small ONNX files need it. */

const encoder = new TextEncoder();

/** What a message is made of, one piece after another: weights are copied once, when all is joined. @typedef {Uint8Array<ArrayBuffer>[]} Pieces */

/** How a field's content is coded. */
const VARINT = 0;
const LENGTH = 2;

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
