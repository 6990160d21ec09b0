/** The answer to the question whether a map finds its class everywhere, in one sentence. Nothing here knows the DOM. */

import { text } from '../../classes/text.js';

/**
 * How a class's images stand among all when these are sorted by how hard some maps fire.
 * @param {number[]} own what the maps sum up to in each image of the class
 * @param {number[]} others likewise in the others
 * @returns {{ images: number, first: number, times: number | null }} `first`: of the class among as many images with the largest sums as the
 *   class has; `times` the class's mean is as large as that of the others, null where they have none above zero
 */
export function standing(own, others) {
  const all = [...own.map((sum) => ({ sum, isOwn: true })), ...others.map((sum) => ({ sum, isOwn: false }))];
  // Of equal ones the other classes' come first, so that a map that fires nowhere finds nothing.
  all.sort((one, other) => other.sum - one.sum || Number(one.isOwn) - Number(other.isOwn));
  const mean = (/** @type {number[]} */ sums) => sums.reduce((total, sum) => total + sum, 0) / Math.max(1, sums.length);
  const rest = mean(others);
  return {
    images: own.length,
    first: all.slice(0, own.length).filter(({ isOwn }) => isOwn).length,
    times: rest > 0 && mean(own) > 0 ? mean(own) / rest : null,
  };
}

/**
 * @param {number[]} maps that are laid over the images
 * @param {string} name of the class whose maps they are
 * @param {{ own: number[], others: number[] }} sums of the maps in the images of the class and in the others
 */
export function everywhereAnswer(maps, name, { own, others }) {
  if (own.length === 0 || others.length === 0)
    return text.everywhere.firesIn(maps, name, own.filter((sum) => sum > 0).length, own.length);
  return text.everywhere.answer(maps, name, standing(own, others));
}
