/**
 * What is chosen of drawings and what was drawn, as plain data. Nothing here imports anything.
 */

/** How the engine draws. @typedef {'article' | 'modern'} Preset */

/**
 * What the page offers: the modern way; the article's, held back so that it looks well; and the article's to the letter.
 * @typedef {'modern' | 'article' | 'literal'} Way
 */

/**
 * How a drawing is made.
 * @typedef {{ preset: Preset } & Required<Pick<import('../../api/types.js').DrawOptions, 'size' | 'blur' | 'totalVariation' | 'l2'>>} Settings
 */

/**
 * What is to be drawn beside or instead of the open map's mean. What is null is left open: a spot is where the map is largest then, a class the
 * one whose evidence is chosen or the most probable, the others of a mix those in the sum or else the next map.
 * @typedef {{ kind: 'map' } | { kind: 'spot', position: number[] | null } | { kind: 'class', classIndex: number | null }
 *   | { kind: 'mix', others: number[] | null }} TargetChoice
 */

/**
 * The same with nothing left open, of a drawing that is not of a map's mean: one value of the map by row and column, the score of a class, or
 * the sum of the map's mean and those of others.
 * @typedef {{ kind: 'spot', position: number[] } | { kind: 'class', classIndex: number, label: string }
 *   | { kind: 'mix', others: number[] }} Target
 */

/**
 * What drawings are of: the input of which model, and which map of which layer; null where there is no model or no open map.
 * @typedef {{ source: string | null, map: string | null }} Subject
 */

/**
 * What is chosen of the drawing on a map's card.
 * @typedef {object} DrawingChoices
 * @property {boolean} open
 * @property {TargetChoice} target of both
 * @property {[Settings, Settings]} settings of the first, and of the one beside it
 * @property {boolean} both the second is drawn beside the first
 * @property {number} seed of both
 * @property {Subject | null} brought what a link has brought the settings for, until it is drawn
 */

/** What each of the engine's ways begins with; what a link or a record leaves out is as here. @type {Record<Preset, Settings>} */
export const PRESETS = {
  article: { preset: 'article', size: 230, blur: 0, totalVariation: 0, l2: 0 },
  modern: { preset: 'modern', size: 128, blur: 0, totalVariation: 0, l2: 0 },
};

/** What each way that the page offers begins with. The article's has what the library's `smooth` has. @type {Record<Way, Settings>} */
export const WAYS = {
  modern: PRESETS.modern,
  article: { ...PRESETS.article, blur: 1.2, totalVariation: 8 },
  literal: PRESETS.article,
};

/** @type {DrawingChoices} */
export const drawingChoices = {
  open: false,
  target: { kind: 'map' },
  settings: [WAYS.modern, WAYS.article],
  both: false,
  seed: 1,
  brought: null,
};

/**
 * A picture on the way, and the step that it was made before.
 * @typedef {{ image: ImageData, step: number }} Stage
 */

/**
 * A drawing and how it is made, from its beginning on.
 * @typedef {object} Drawn
 * @property {string} layer
 * @property {number} map
 * @property {Target} [target] left out where it is of the map's mean
 * @property {Settings} settings
 * @property {number} seed
 * @property {boolean} article whether the network sees pixels from 0 to 1
 * @property {'drawing' | 'done' | 'stopped' | 'failed'} status
 * @property {Stage[]} stages the pictures so far
 * @property {number} shown the place of the one that is shown
 * @property {number[]} activations what is drawn at every step so far
 * @property {Omit<import('../../api/types.js').Progress, 'image'> | null} progress of the last step; null before the first
 * @property {Omit<import('../../api/types.js').Drawing, 'image'> | null} outcome null until it is done
 */

/**
 * Where a map fires most in the images.
 * @typedef {object} Patches
 * @property {{ image: ImageData, name: string, maximum: number }[]} crops the strongest first
 * @property {number} images that were looked at
 * @property {boolean} limited the map sees more of an image than its crop shows
 */

/**
 * A place on a wall.
 * @typedef {object} Tile
 * @property {number} map
 * @property {'waiting' | 'drawing' | 'done' | 'failed' | 'left'} status `left`: the wall was stopped before it was its turn
 * @property {Drawn | null} drawn
 * @property {Patches | null} patches
 */

/**
 * Maps that are drawn one after another.
 * @typedef {object} Wall
 * @property {number} id
 * @property {'classes' | 'story' | 'draw'} place where on the page it hangs
 * @property {Tile[]} tiles
 * @property {boolean} withPatches below each stands where it fires most in the images
 * @property {'drawing' | 'done' | 'stopped'} status
 */

/**
 * @typedef {object} Drawings
 * @property {[Drawn | null, Drawn | null]} easels on the card, the first and the one beside it
 * @property {Patches | null} patches beside them
 * @property {boolean} running the card's are being drawn
 * @property {boolean} held they wait between two steps
 * @property {Wall[]} walls
 */

/** @type {Drawings} */
export const nothingDrawn = { easels: [null, null], patches: null, running: false, held: false, walls: [] };
