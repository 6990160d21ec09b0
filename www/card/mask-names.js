import { text } from './text.js';

/**
 * What a class of a mask is called in a sentence: one that tells only yes or no has no name for either.
 * @param {import('../api/types.js').FoundMask} mask
 * @param {{ index: number, label: string }} area
 */
export function maskName({ isBinary }, { index, label }) {
  if (!isBinary) return label;
  return index === 1 ? text.thing : text.rest;
}
