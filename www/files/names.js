/**
 * Names from anywhere: folders, files and fields.
 */

/** No name of a class or file that a link can hold is longer, in UTF-16 units. */
export const LONGEST_NAME = 300;

/**
 * The name where it is short enough, else its beginning and its end, by which two long names are told apart. Halves of surrogate pairs, which
 * no file can hold, become the sign for an unreadable character.
 * @param {string} name
 * @param {number} [most] UTF-16 units
 */
export function fitting(name, most = LONGEST_NAME) {
  const whole = name.replace(/\p{Surrogate}/gu, '\uFFFD');
  if (whole.length <= most) return whole;
  const end = Math.floor((most - 1) / 2);
  // Where the cut went through a pair, its half goes too.
  return `${whole.slice(0, most - 1 - end)}…${whole.slice(-end)}`.replace(/\p{Surrogate}/gu, '');
}
