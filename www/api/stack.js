/** Several pictures that are the slices of one volume. */

import { badArgument } from './arguments.js';
import { text } from './more-text.js';

/**
 * @param {import('./picture-sources.js').PictureSources} sources
 * @param {import('./picture-sources.js').ImageSource[]} images from the first slice to the last
 * @returns {Promise<{ picture: object, transfer: Transferable[] }>}
 * @throws {import('./errors.js').FeaturescopeError} `bad-argument` for none and for stacks within the stack, and as one picture alone
 */
export async function stackOf(sources, images) {
  if (images.length === 0 || images.some(Array.isArray)) throw badArgument('image', images, text.listOf('image'));
  const slices = await Promise.all(images.map((image) => sources.source(image)));
  return {
    picture: { stack: slices.map(({ picture }) => picture) },
    transfer: slices.flatMap(({ transfer }) => transfer),
  };
}
