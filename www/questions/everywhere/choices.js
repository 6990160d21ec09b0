/** What is chosen in the question about one map over many images, as plain data. */

/** What stands for the images of every class in the list of classes. */
export const ALL = '';

/** Images of one class that the network takes for another; `said`: null for an output that is none's.
 * @typedef {{ truth: string, said: string | null }} Cell */

/** What is chosen in one model's figures: maps of the class (none: all of them; null: its first), and the cell whose images are shown.
 * @typedef {{ maps: number[] | null, cell: Cell | null }} ModelChoices */

/**
 * @typedef {object} EverywhereChoices
 * @property {string | null} images the class whose images are shown, `ALL` for those of every class; null: the first class
 * @property {string | null} mapsOf the class whose maps are laid over them; null: the first
 * @property {'strongest' | 'weakest' | 'name'} order of the images
 * @property {boolean} several a map that is pressed comes to those in the sum, and does not take their place
 * @property {Record<string, ModelChoices>} models by `choiceKey`
 */

/** @type {EverywhereChoices} */
export const everywhereChoices = { images: ALL, mapsOf: null, order: 'strongest', several: false, models: {} };
