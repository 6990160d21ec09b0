/** What is chosen in the question about a class's own maps, and for all questions about classes, as plain data. */

/**
 * A figure's counterpart in which there is nothing to find: random maps in the place of the classes' own, images with their
 * class names shuffled, or the same network with random weights.
 * @typedef {'maps' | 'labels' | 'network'} Control
 */

/**
 * @typedef {object} ClassesChoices
 * @property {number} perImage maps of each image that count, the article's N1
 * @property {number} perClass maps of each class, the article's N2
 * @property {number} seed of everything that is drawn by lot: random maps, shuffled names, random weights, the split into halves, resamples
 * @property {Control[]} controls those that stand beside the results
 * @property {boolean} setUpOpen the classes with their images, the models and the numbers show, above the answer
 * @property {string | null} listed the model whose maps are listed, by `choiceKey`; null: the first
 */

/** The article's numbers of maps, for images and for classes. */
export const MAPS = 25;

/** @type {ClassesChoices} */
export const classesChoices = { perImage: MAPS, perClass: MAPS, seed: 1, controls: [], setUpOpen: false, listed: null };
