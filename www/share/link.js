import { FeaturescopeError } from '../api/errors.js';
import { Inflate, deflateSync, strFromU8, strToU8 } from '../vendor/fflate.js';
import { crc32 } from '../files/crc32.js';
import { DICTIONARY } from './dictionary.js';
import { SHORT, VERSION, reading, validate } from './finding.js';
import { expanded, shortened } from './story-runs.js';
import { text } from './text.js';

/**
 * A finding as the fragment of an address, which no server ever sees:
 *
 *     # version, one character; then in base64url: CRC-32 of what follows (4 bytes, the highest first) and the finding's short
 *     form (schema.js) as JSON in UTF-8, deflated with a dictionary that belongs to the version
 */

/** Characters of a fragment, and bytes that it may unpack to. No page makes more, and a short link can be made to unpack to
 * anything. */
export const LINK_LIMITS = { characters: 2_000_000, bytes: 4_000_000 };

/** Lengths from which a link gets into trouble: in chat programs, and in browsers and servers that pass it on. */
export const WARN = { chat: 2000, browser: 32_000 };

/** Bytes of a fragment that are unpacked before the size is looked at again. */
const PIECE = 1024;

const dictionary = strToU8(DICTIONARY);

/**
 * @param {import('./finding.js').Finding} finding
 * @returns {string} with the `#`
 */
export function toFragment(finding) {
  return seal(JSON.stringify(SHORT.pack(shortened(validate(finding)))));
}

/**
 * The fragment of a short form that nobody has checked; tests make hostile ones with it.
 * @param {string} json
 */
export function seal(json) {
  const packed = deflateSync(strToU8(json), { level: 9, dictionary });
  const content = new Uint8Array(4 + packed.length);
  new DataView(content.buffer).setUint32(0, crc32(packed));
  content.set(packed, 4);
  return `#${VERSION}${toBase64(content)}`;
}

/**
 * @param {string} fragment with or without the `#`
 * @returns {import('./finding.js').Finding}
 * @throws {FeaturescopeError} `bad-link`, `bad-finding`, `newer-finding`, `too-large`
 */
export function fromFragment(fragment) {
  // Mail programs break long lines, and browsers escape what they broke them with.
  const whole = fragment.replace(/^#/, '').replace(/\s|%(?:20|0A|0D)/gi, '');
  if (whole.length > LINK_LIMITS.characters) throw new FeaturescopeError('too-large', text.errors.linkTooLarge);
  const version = whole[0];
  if (version > String(VERSION) && version <= '9') throw new FeaturescopeError('newer-finding', text.errors.newer);
  if (version !== String(VERSION)) throw damaged();
  const content = fromBase64(whole.slice(1));
  const packed = content.subarray(4);
  if (content.length < 5 || new DataView(content.buffer).getUint32(0) !== crc32(packed)) throw damaged();
  const json = parse(inflate(packed));
  return reading(
    () => {
      const short = SHORT.unpack(json, 'finding');
      return validate(expanded(SHORT.check(short, 'finding')), { mayBeNewer: true });
    },
    { mayBeNewer: true },
  );
}

/** @returns {FeaturescopeError} */
function damaged() {
  return new FeaturescopeError('bad-link', text.errors.damagedLink);
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged();
  }
}

/**
 * Unpacks no more than a finding may hold.
 * @param {Uint8Array} packed
 */
function inflate(packed) {
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  let ended = false;
  const stream = new Inflate({ dictionary }, (piece, final) => {
    size += piece.length;
    ended ||= final;
    pieces.push(piece);
  });
  for (let at = 0; at < packed.length; at += PIECE) {
    try {
      stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    } catch {
      throw damaged();
    }
    if (size > LINK_LIMITS.bytes) throw new FeaturescopeError('too-large', text.errors.linkTooLarge);
  }
  if (!ended) throw damaged();
  const all = new Uint8Array(size);
  let place = 0;
  for (const piece of pieces) {
    all.set(piece, place);
    place += piece.length;
  }
  return all;
}

/**
 * Base64 with the letters that addresses need not escape, without padding.
 * @param {Uint8Array} bytes
 */
export function toBase64(bytes) {
  return btoa(strFromU8(bytes, true)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param {string} encoded
 * @throws {FeaturescopeError} `bad-link` for anything that `toBase64` would not have made
 */
export function fromBase64(encoded) {
  if (!/^[\w-]*$/.test(encoded) || encoded.length % 4 === 1) throw damaged();
  const bytes = strToU8(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), true);
  // The last letter may have bits that belong to no byte.
  if (toBase64(bytes.subarray(-(bytes.length % 3 || 3))) !== encoded.slice(-(encoded.length % 4 || 4))) throw damaged();
  return bytes;
}
