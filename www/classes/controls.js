import { seededRandom, shuffled } from '../statistics/random.js';

/**
 * Counterparts of a result in which there is nothing to find. A figure that looks the same with them shows nothing.
 * @typedef {import('../api/types.js').ClassMaps} ClassMaps
 * @typedef {import('../api/image-set.js').PlacedClass} PlacedClass
 */

/**
 * As many maps for each class, drawn by lot among all maps of the layer; the classes share none of them, as long as there are enough.
 * Some of them may be a class's own: what is asked is whether choosing by class does better than not choosing, and without those that
 * fire most in these images what is left would fire less than chance has it, which flatters the classes' own.
 * @param {ClassMaps[]} classMaps
 * @param {number} channels of the layer
 * @param {number} seed
 * @returns {ClassMaps[]}
 */
export function randomMaps(classMaps, channels, seed) {
  const drawn = shuffled(
    Array.from({ length: channels }, (_, map) => map),
    seededRandom(seed),
  );
  let next = 0;
  return classMaps.map(({ name, maps }) => {
    const taken = Array.from({ length: Math.min(maps.length, drawn.length) }, () => drawn[next++ % drawn.length]);
    return { name, maps: taken.sort((a, b) => a - b).map((map) => ({ map, count: 0 })), removed: [] };
  });
}

/**
 * The same images in classes of the same sizes, with their names dealt out by lot.
 * @param {PlacedClass[]} classes
 * @param {number} seed
 * @returns {PlacedClass[]}
 */
export function shuffledClasses(classes, seed) {
  const images = shuffled(
    classes.flatMap((one) => one.images),
    seededRandom(seed),
  );
  let next = 0;
  return classes.map(({ name, images: { length } }) => ({ name, images: images.slice(next, (next += length)) }));
}
