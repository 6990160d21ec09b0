/**
 * Two halves of an image set: one chooses a threshold and the other is scored with it, so that no image is scored by a
 * threshold that it helped to choose.
 */

import { seededRandom, shuffled } from './random.js';

/**
 * Splits every group at random, so that both halves have of each group alike (a stratified split). Of an odd number the
 * choosing half has one more. A single image is scored and chooses nothing: its group is then missing where the threshold is
 * chosen, but a group without a scored image would be missing from the result.
 *
 * The groups draw one after another from the same generator, so another size of one changes the split of those after it.
 *
 * @param {number[]} groups how many images each group has, 0 or more
 * @param {number} seed a whole number; the same one splits the same groups in the same way
 * @returns {boolean[][]} for each group and each of its images whether it chooses (true) or is scored (false)
 */
export function halves(groups, seed) {
  const random = seededRandom(seed);
  return groups.map((count) => {
    const choosing = count === 1 ? 0 : Math.ceil(count / 2);
    return shuffled(
      Array.from({ length: count }, (_, place) => place < choosing),
      random,
    );
  });
}
