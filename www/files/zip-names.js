import { language } from '../api/language.js';
import { crc32 } from './crc32.js';

/**
 * A file's name as a .zip holds it.
 * @typedef {object} RawName
 * @property {Uint8Array} bytes
 * @property {boolean} utf8 whether it says that they are UTF-8
 * @property {number} host the system that packed it, by its number in the format's description (APPNOTE 4.4.2.2)
 * @property {Uint8Array | null} unicodePath the content of a Unicode Path extra field (APPNOTE 4.6.9)
 */

/** The upper half of the code pages that DOS and Windows pack names in; no browser knows them. */
const UPPER_HALVES = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

/** In which of these a name has which probability is what is compared; of several that fit equally the first is taken. `dos`: what
 * DOS and Windows use themselves; `languages`: those that hardly any other encoding is used for.
 * @type {{ label: string, dos: boolean, languages?: RegExp, of: (bytes: Uint8Array, text: string) => number }[]} */
const ENCODINGS = [
  { label: 'cp437', dos: true, of: ofLetters(latin) },
  { label: 'cp850', dos: true, of: ofLetters(latin) },
  { label: 'windows-1252', dos: false, of: ofLetters(latin) },
  { label: 'ibm866', dos: true, languages: /^(ru|uk|be|bg)\b/, of: ofLetters(cyrillic) },
  { label: 'windows-1251', dos: false, languages: /^(ru|uk|be|bg)\b/, of: ofLetters(cyrillic) },
  { label: 'gbk', dos: true, languages: /^zh(-(CN|SG|Hans)|$)/, of: ofPairs(gbk) },
  { label: 'big5', dos: true, languages: /^zh-(TW|HK|MO|Hant)/, of: ofPairs(big5) },
  { label: 'shift_jis', dos: true, languages: /^ja\b/, of: ofPairs(shiftJis) },
  { label: 'euc-kr', dos: true, languages: /^ko\b/, of: ofPairs(korean) },
];

/** Systems whose names are in a code page of DOS: FAT, NTFS, VFAT. */
const DOS_HOSTS = new Set([0, 10, 14]);
/** What an encoding gains by being the usual one of the system that packed the names, and of a language that the page or the browser
 * speaks: as much as a letter or two may tell, and less than a word does. */
const HOST_GAIN = Math.log(4);
const LANGUAGE_GAIN = Math.log(20);

/**
 * The names of an archive's files. What says that it is UTF-8 is; what has a Unicode Path field is what that says. The others are
 * in one encoding, since one program packed them: UTF-8 where all of them are that, and otherwise the encoding in which they
 * are the most probable together.
 * @param {RawName[]} names
 * @returns {string[]}
 */
export function readNames(names) {
  const found = names.map(({ bytes, utf8, unicodePath }) =>
    utf8 ? new TextDecoder().decode(bytes) : fromField(bytes, unicodePath),
  );
  const unknown = names.filter((_, place) => found[place] === null);
  const decode = unknown.length > 0 ? decoderFor(unknown) : null;
  return found.map((name, place) => name ?? decode?.(names[place].bytes) ?? '');
}

/**
 * The field is of no use once the name was changed by a program that does not know it: then its checksum is another.
 * @param {Uint8Array} bytes
 * @param {Uint8Array | null} field
 */
function fromField(bytes, field) {
  if (!field || field.length < 6 || field[0] !== 1) return null;
  const sum = new DataView(field.buffer, field.byteOffset).getUint32(1, true);
  return sum === crc32(bytes) ? decoded('utf-8', field.subarray(5)) : null;
}

/** @param {RawName[]} names */
function decoderFor(names) {
  if (names.every(({ bytes }) => decoded('utf-8', bytes) !== null))
    return (/** @type {Uint8Array} */ bytes) => decoded('utf-8', bytes);
  // A folder's name comes with each of its files, and tells no more by that.
  const parts = new Map(names.flatMap(({ bytes }) => segments(bytes)).map((part) => [String(part), part]));
  const ofDos = names.some(({ host }) => DOS_HOSTS.has(host));
  const spoken = [language, ...(globalThis.navigator?.languages ?? [])];
  let best = { label: 'windows-1252', score: -Infinity };
  for (const { label, dos, languages, of } of ENCODINGS) {
    let score = (dos === ofDos ? HOST_GAIN : 0) + (spoken.some((one) => languages?.test(one)) ? LANGUAGE_GAIN : 0);
    for (const part of parts.values()) {
      const text = decoded(label, part);
      score += text === null ? -Infinity : of(part, text);
    }
    if (score > best.score) best = { label, score };
  }
  return (/** @type {Uint8Array} */ bytes) => decoded(best.label, bytes);
}

/**
 * What lies between slashes and holds more than ASCII. No second byte of a character in any of the encodings is a slash.
 * @param {Uint8Array} bytes
 */
function segments(bytes) {
  /** @type {Uint8Array[]} */
  const found = [];
  for (let start = 0; start <= bytes.length; ) {
    const slash = bytes.indexOf(0x2f, start);
    const end = slash < 0 ? bytes.length : slash;
    const part = bytes.subarray(start, end);
    if (part.some((byte) => byte > 0x7f)) found.push(part);
    start = end + 1;
  }
  return found;
}

/**
 * @param {string} label
 * @param {Uint8Array} bytes
 * @returns {string | null} null where they are no text in that encoding
 */
function decoded(label, bytes) {
  const upper = /** @type {Record<string, string>} */ (UPPER_HALVES)[label];
  if (upper)
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper[byte - 0x80])).join('');
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// How probable a character is: the share of its kind in names, over the number of characters of that kind. The shares are estimates; what
// matters is that they differ by orders of magnitude.

/** One of the letters, digits and signs of ASCII. */
const ASCII = 1 / 40;
/** A character that names hardly have. */
const STRANGE = 1e-9;

const COMMON = 'äöüéèàçñáíóúâêîôûëïãõåøæßìòùœ';
const RARE = /^[À-ÖØ-öø-ÿŒœŠšŽžŸı]$/;
const MARKS = '’‘“”–—…™®©°º';

/** Of a character above ASCII in a name in Latin letters. @param {string} character */
function latin(character) {
  if (COMMON.includes(character)) return 0.7 / COMMON.length;
  if (COMMON.includes(character.toLowerCase())) return 0.2 / COMMON.length;
  if (RARE.test(character)) return 1e-3;
  return MARKS.includes(character) ? 2e-3 : 5e-5;
}

/** The same in Cyrillic letters. @param {string} character */
function cyrillic(character) {
  if (/[а-яё]/.test(character)) return 0.75 / 33;
  if (/[А-ЯЁ]/.test(character)) return 0.2 / 33;
  return /[\u0400-\u04ff]/.test(character) ? 5e-4 : MARKS.includes(character) ? 1e-3 : 1e-5;
}

/**
 * The logarithm of the probability of a name in letters. A capital after a small letter is rare, and so are letters with accents
 * beside each other, or Latin and Cyrillic ones.
 * @param {(character: string) => number} alphabet
 */
function ofLetters(alphabet) {
  return (/** @type {Uint8Array} */ _bytes, /** @type {string} */ text) => {
    let sum = 0;
    let before = '';
    for (const character of text) {
      let probability = character < '\x80' ? ASCII : alphabet(character);
      if (isCapital(character) && isSmall(before)) probability *= 0.05;
      if (alphabet === latin && character > '\x7f' && before > '\x7f') probability *= 0.05;
      if (
        alphabet === cyrillic &&
        character > '\x7f' !== before > '\x7f' &&
        /\p{L}/u.test(character) &&
        /\p{L}/u.test(before)
      )
        probability *= 0.02;
      sum += Math.log(probability);
      before = character;
    }
    return sum;
  };
}

/** @param {string} character */
const isCapital = (character) => character !== character.toLowerCase();
/** @param {string} character */
const isSmall = (character) => character !== character.toUpperCase();

/**
 * The logarithm of the probability of a name whose characters are bytes of ASCII or pairs. A pair right beside a letter of ASCII is
 * rarer than among its like.
 * @param {(lead: number, trail: number) => number} pair the probability of a pair, or with −1 of a byte by itself; 0 where it is none
 */
function ofPairs(pair) {
  return (/** @type {Uint8Array} */ bytes) => {
    let sum = 0;
    let before = '';
    for (let at = 0; at < bytes.length; at++) {
      const isAscii = bytes[at] < 0x80;
      const kind = !isAscii ? 'pair' : /[a-z]/i.test(String.fromCharCode(bytes[at])) ? 'letter' : '';
      let probability = isAscii ? ASCII : pair(bytes[at], -1) || pair(bytes[at], bytes[++at]);
      if (kind && before && kind !== before) probability *= 0.2;
      sum += Math.log(probability);
      before = kind;
    }
    return sum;
  };
}

/** The standard of 1980 has first the characters in common use, then the others. @param {number} lead @param {number} trail */
function gbk(lead, trail) {
  if (trail < 0) return 0;
  if (trail < 0x40) return STRANGE;
  if (lead < 0xa1 || trail < 0xa1) return 2e-3 / 14_000;
  if (lead >= 0xb0 && lead <= 0xd7) return 0.96 / 3755;
  if (lead >= 0xd8 && lead <= 0xf7) return 0.028 / 3008;
  return lead < 0xaa ? 0.01 / 700 : STRANGE;
}

/** @param {number} lead @param {number} trail */
function big5(lead, trail) {
  if (trail < 0) return 0;
  if (lead >= 0xa4 && lead <= 0xc6) return 0.97 / 5401;
  if (lead >= 0xc9 && lead <= 0xf9) return 0.02 / 7652;
  return lead >= 0xa1 && lead <= 0xa3 ? 0.01 / 408 : STRANGE;
}

/** @param {number} lead @param {number} trail */
function shiftJis(lead, trail) {
  if (lead >= 0xa1 && lead <= 0xdf) return 0.01 / 63;
  if (trail < 0) return 0;
  if (lead === 0x82) return trail >= 0x9f ? 0.3 / 83 : 0.01 / 62;
  if (lead === 0x83) return trail <= 0x96 ? 0.3 / 86 : 1e-3 / 48;
  // The mark that makes a vowel of katakana long.
  if (lead === 0x81) return trail === 0x5b ? 0.02 : 2e-3 / 147;
  if (lead >= 0x88 && lead <= 0x97) return 0.36 / 2965;
  return (lead >= 0x98 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xea) ? 0.02 / 3390 : STRANGE;
}

/** The syllables that most of Korean is made of. */
const SYLLABLES =
  '가각간갈감강개거건것게겨결경계고공과관교구국군그금기김까나남내너네노녀는능다단달당대더도동두드들디라람래러로료르를름리린마만말매며면명모무문물미민바반발방배버번별보복부분비사산상새생서석선설성세소속손수스시식신실심아안야양어언얼업에여역연영예오온와왕요용우운울원월위유은을음의이인일임입자작장재전점정제조종주준중지진집차천철청체초최치카코크타터토통트파페평포표품프하학한할항해행현형호화활황회후히희';

/** @param {number} lead @param {number} trail */
function korean(lead, trail) {
  if (trail < 0) return 0;
  if (trail < 0xa1 || lead < 0xa1) return 5e-3 / 8822;
  if (lead >= 0xb0 && lead <= 0xc8) {
    const isCommon = SYLLABLES.includes(new TextDecoder('euc-kr').decode(Uint8Array.of(lead, trail)));
    return isCommon ? 0.75 / SYLLABLES.length : 0.22 / (2350 - SYLLABLES.length);
  }
  return lead >= 0xca ? 5e-3 / 4888 : 0.01 / 986;
}
