/**
 * Descriptions of plain data, each of which can check a value and turn it into a short form and back. So what a finding is
 * made of is said once, for its check and for its link.
 */

/**
 * What belongs in a field: a key of the catalogue's `expected`, and what its sentence is about. So no language is chosen here.
 * @typedef {string | number} About
 * @typedef {[key: string, ...about: About[]]} Expected
 */

/** Why a value is refused. `path` names the field, as in `view.topCount`. */
export class Mismatch extends Error {
  /**
   * @param {string} path
   * @param {Expected} expected what belongs there
   * @param {{ isNewer?: boolean }} [options] `isNewer`: all that is known of it is right, and there is more, as a newer page may write it
   */
  constructor(path, expected, { isNewer = false } = {}) {
    super(`${path}: ${expected}`);
    this.path = path;
    this.expected = expected;
    this.isNewer = isNewer;
  }
}

/**
 * What describes a value. What it packs it has checked before; that is `any`, since schemas of all types stand beside each other in
 * an object's fields.
 * @template T
 * @typedef {object} Schema
 * @property {(value: unknown, path: string) => T} check gives a copy that holds what is described and nothing else
 * @property {(value: any) => unknown} pack into a short form, of a checked value
 * @property {(packed: unknown, path: string) => unknown} unpack what comes out still has to be checked
 */

/**
 * @template T
 * @param {T} value
 */
const same = (value) => value;

/**
 * @template T
 * @param {(value: unknown) => boolean} holds
 * @param {Expected} expected
 * @returns {Schema<T>}
 */
function scalar(holds, expected) {
  return {
    check(value, path) {
      if (!holds(value)) throw new Mismatch(path, expected);
      return /** @type {T} */ (value);
    },
    pack: same,
    unpack: same,
  };
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {Schema<number>}
 */
export function whole(least, most) {
  return scalar(
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most && !Object.is(value, -0),
    ['whole', least, most],
  );
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {Schema<number>}
 */
export function real(least, most) {
  // JSON has no −0, which would come back as another value.
  return scalar(
    (value) => typeof value === 'number' && value >= least && value <= most && !Object.is(value, -0),
    ['real', least, most],
  );
}

/**
 * @param {number} most characters
 * @param {{ test: (value: string) => boolean }} [pattern]
 * @param {string} [meaning] of the pattern, a key of the catalogue as well
 * @returns {Schema<string>}
 */
export function string(most, pattern = /^/, meaning = 'text') {
  // Half of a surrogate pair would not come back from a link.
  return scalar(
    (value) =>
      typeof value === 'string' && value.length <= most && pattern.test(value) && !/\p{Surrogate}/u.test(value),
    ['string', meaning, most],
  );
}

/** @type {Schema<boolean>} */
export const truth = {
  check(value, path) {
    if (typeof value !== 'boolean') throw new Mismatch(path, ['truth']);
    return value;
  },
  pack: Number,
  unpack: (packed) => (packed === 1 || packed === 0 ? packed === 1 : packed),
};

/**
 * One of some values. The short form is a value's place, so a list may only grow at its end.
 * @template {string | number} T
 * @param {readonly T[]} values
 * @returns {Schema<T>}
 */
export function oneOf(values) {
  return {
    check(value, path) {
      if (!values.includes(/** @type {T} */ (value))) throw new Mismatch(path, ['oneOf', values.join(', ')]);
      return /** @type {T} */ (value);
    },
    pack: (value) => values.indexOf(value),
    unpack(packed, path) {
      const expected = /** @type {Expected} */ (['oneOf', values.join(', ')]);
      if (typeof packed !== 'number' || !Number.isInteger(packed) || packed < 0) throw new Mismatch(path, expected);
      if (packed >= values.length) throw new Mismatch(path, expected, { isNewer: true });
      return values[packed];
    },
  };
}

/**
 * @template T
 * @param {Schema<T>} schema
 * @returns {Schema<T | null>}
 */
export function nullable(schema) {
  return {
    check: (value, path) => (value === null ? null : schema.check(value, path)),
    pack: (value) => (value === null ? null : schema.pack(value)),
    unpack: (packed, path) => (packed === null ? null : schema.unpack(packed, path)),
  };
}

/**
 * @template T
 * @param {Schema<T>} schema of each entry
 * @param {number} most entries
 * @param {number} [least]
 * @returns {Schema<T[]>}
 */
export function list(schema, most, least = 0) {
  const entries = (/** @type {unknown} */ value, /** @type {string} */ path) => {
    if (!Array.isArray(value) || value.length > most || value.length < least)
      throw new Mismatch(path, ['list', least, most]);
    return value;
  };
  return {
    // `map` would pass over an entry that an array does not have, and leave it missing.
    check: (value, path) =>
      Array.from(entries(value, path), (entry, place) => schema.check(entry, `${path}[${place}]`)),
    pack: (value) => value.map(schema.pack),
    unpack: (packed, path) => entries(packed, path).map((entry, place) => schema.unpack(entry, `${path}[${place}]`)),
  };
}

/**
 * Fields with names. The short form is a list in their order; fields that `optional` names may be missing.
 * @template {Record<string, Schema<any>>} F
 * @template {keyof F} [O=never]
 * @param {F} fields
 * @param {O[]} [optional]
 * @param {number} [added] so many of the fields, all optional, came after the first links were made: short forms end before the
 *   first of them that is missing together with all behind it, so that old ones can be read and what needs no new field is written as ever
 * @returns {Schema<{ [K in Exclude<keyof F, O>]: F[K] extends Schema<infer T> ? T : never } & { [K in O]?: F[K] extends Schema<infer T> ? T : never }>}
 */
export function object(fields, optional = [], added = 0) {
  const names = Object.keys(fields);
  const mayMiss = (/** @type {string} */ name) => /** @type {string[]} */ (optional).includes(name);
  const least = names.length - added;
  /** @param {unknown[]} packed */
  const shortened = (packed) => {
    let length = packed.length;
    while (length > least && packed[length - 1] === 0) length -= 1;
    return packed.slice(0, length);
  };
  /** Of the fields' types, which `fields` and `optional` have. @type {Schema<any>} */
  const schema = {
    check(value, path) {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Mismatch(path, ['object']);
      const given = /** @type {Record<string, unknown>} */ (value);
      const kept = names.filter((name) => Object.hasOwn(given, name) || !mayMiss(name));
      const checked = Object.fromEntries(
        kept.map((name) => [
          name,
          fields[name].check(Object.hasOwn(given, name) ? given[name] : undefined, `${path}.${name}`),
        ]),
      );
      const unknown = Object.keys(given).find((name) => !names.includes(name));
      if (unknown !== undefined) throw new Mismatch(path, ['withoutField', unknown.slice(0, 40)], { isNewer: true });
      return checked;
    },
    // 0 stands for a field that is missing, so others are wrapped where some can be.
    pack: (value) =>
      shortened(
        names.map((name) =>
          mayMiss(name)
            ? Object.hasOwn(value, name)
              ? [fields[name].pack(value[name])]
              : 0
            : fields[name].pack(value[name]),
        ),
      ),
    unpack(packed, path) {
      if (!Array.isArray(packed) || packed.length < least) throw new Mismatch(path, ['list', least, names.length]);
      if (packed.length > names.length) {
        // Where what is known of it is wrong, that is the reason.
        schema.check(schema.unpack(packed.slice(0, names.length), path), path);
        throw new Mismatch(path, ['list', least, names.length], { isNewer: true });
      }
      return Object.fromEntries(
        names.slice(0, packed.length).flatMap((name, place) => {
          if (!mayMiss(name)) return [[name, fields[name].unpack(packed[place], `${path}.${name}`)]];
          if (packed[place] === 0) return [];
          if (!Array.isArray(packed[place]) || packed[place].length !== 1)
            throw new Mismatch(`${path}.${name}`, ['list', 1, 1]);
          return [[name, fields[name].unpack(packed[place][0], `${path}.${name}`)]];
        }),
      );
    },
  };
  return schema;
}

/**
 * Objects of several kinds, which their field `kind` tells apart. The short form begins with the kind's place, so kinds may
 * only be added at the end.
 * @template {Record<string, Schema<any>>} K
 * @param {K} kinds the fields beside `kind`
 * @returns {Schema<{ [N in keyof K]: { kind: N } & (K[N] extends Schema<infer T> ? T : never) }[keyof K]>}
 */
export function variants(kinds) {
  const names = Object.keys(kinds);
  /** @type {Expected} */
  const expected = ['kind', names.join(', ')];
  return {
    check(value, path) {
      const { kind, ...rest } = /** @type {{ kind?: unknown }} */ (value ?? {});
      if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) throw new Mismatch(`${path}.kind`, expected);
      return { kind, ...kinds[kind].check(rest, path) };
    },
    pack: ({ kind, ...rest }) => [names.indexOf(kind), .../** @type {unknown[]} */ (kinds[kind].pack(rest))],
    unpack(packed, path) {
      const [place, ...rest] = Array.isArray(packed) ? packed : [];
      if (typeof place !== 'number' || !Number.isInteger(place) || place < 0)
        throw new Mismatch(`${path}.kind`, expected);
      if (place >= names.length) throw new Mismatch(`${path}.kind`, expected, { isNewer: true });
      const kind = names[place];
      return { kind, .../** @type {object} */ (kinds[kind].unpack(rest, path)) };
    },
  };
}
