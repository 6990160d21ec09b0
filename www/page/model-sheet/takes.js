import { text } from './text.js';

/**
 * How what the network takes is made of one picture, a sentence each; none of a network that takes one picture as it is.
 * @param {import('../../api/types.js').Takes} takes
 * @returns {string[]}
 */
export function takesOf({ beside, bands, slices }) {
  const given = beside.map(({ name, standsFor, value }) =>
    standsFor === 'number' ? text.takes.number(name, value ?? 0) : text.takes[standsFor](name),
  );
  return [
    ...(bands.length > 0 ? [text.takes.bands(bands.map((band) => text.takes.colours[band ?? 'none']))] : []),
    ...(slices > 1 ? [text.takes.slices(slices)] : []),
    ...given,
  ];
}
