/**
 * What is chosen on a map's card and what was found there, as plain data. Nothing here imports anything.
 */

/**
 * A part of the card that can be unfolded: Grad-CAM, maps switched off, and what the map would draw.
 * @typedef {'cam' | 'without' | 'drawing'} Part
 */

/**
 * @typedef {object} CardChoices
 * @property {{ open: boolean, classIndex: number | null, at: { look: import('../page/state.js').LookView, x: number, y: number } | null }} cam
 *   `classIndex`: whose evidence is shown; null: the most probable class's; `at`: at one place of a look's mask alone, in pixels of the photo
 * @property {{ open: boolean, to: 'zero' | 'mean' }} without `to`: what a map that is switched off becomes
 * @property {{ x: number, y: number } | null} [patch] whose attention a layer of attention shows, by its place in what the network sees, from 0 to 1. Without
 *   one: the class token's, and in a network without one that of the patch in the middle
 * @property {import('../questions/draw/choices.js').DrawingChoices} drawing
 */

/** @type {Pick<CardChoices, 'cam' | 'without'>} */
export const cardChoices = {
  cam: { open: false, classIndex: null, at: null },
  without: { open: false, to: 'zero' },
};

/**
 * What Grad-CAM is asked.
 * @typedef {object} CamQuestion
 * @property {import('../page/state.js').LookView} look
 * @property {number} classIndex
 * @property {[number, number] | undefined} at one place of a mask
 * @property {Pick<import('../page/state.js').State['overlay'], 'style' | 'colormap' | 'enlargement'>} overlay
 */

/**
 * What Grad-CAM says to a question; neither `cam` nor `error` while the engine is at work.
 * @typedef {CamQuestion & { cam: import('../api/types.js').Cam | null, error: string | null }} CamAnswer
 */

/**
 * What came of switching maps off; `ablation` is null while the engine is at work.
 * @typedef {object} WithoutAnswer
 * @property {import('../page/state.js').LookView} look
 * @property {string} subject what the card was about then: the answer stands there while it still is
 * @property {number[]} maps
 * @property {'zero' | 'mean'} to
 * @property {import('../api/types.js').Ablation | null} ablation
 */

/**
 * Where a map lights up in other photos; `patches` is null while the engine looks.
 * @typedef {object} Elsewhere
 * @property {import('../page/state.js').LookView} look
 * @property {number} map
 * @property {import('../questions/draw/choices.js').Patches | null} patches
 */

/**
 * What was found on the card. Each answer holds what it is the answer to, and shows only while that is what is asked.
 * @typedef {{ cam: CamAnswer | null, without: WithoutAnswer | null, elsewhere: Elsewhere | null }} Found
 */

/** @type {Found} */
export const nothingFound = { cam: null, without: null, elsewhere: null };
