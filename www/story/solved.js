import { areaOutside, coveredCells, shareOutside } from './riddle.js';
import { mapsOf } from './stage.js';

/**
 * What a network makes of one picture of the riddle.
 * @typedef {object} Solved
 * @property {import('../classes/story-pictures.js').Picture} picture
 * @property {number | null} outside the share of its knife maps outside the object
 * @property {number | null} all that of all maps
 * @property {number} area that of the picture
 * @property {number} knife how sure it is that this is a knife
 * @property {number[]} maxima each knife map's largest value
 */

/**
 * Looks at the riddle's pictures with the page's network.
 * @param {import('./drawn.js').DrawnStage} stage that has run
 * @returns {Promise<Solved[]>} the likeliest knife first; empty where no maps were found
 */
export async function solveRiddle({ result, workbench, pictures }) {
  const maps = mapsOf(result, 'knife');
  if (!result || maps.length === 0) return [];
  const { study } = result;
  const [knife] = workbench.outputs(study, ['knife']);
  /** @type {Solved[]} */
  const solved = [];
  for (const picture of pictures.filter(({ style }) => style === 'riddle')) {
    const look = await study.model.look(picture.file, study.options);
    const covered = await coveredIn(study.model, picture, look, study.options);
    const every = Array.from({ length: look.channels }, (_, map) => map);
    solved.push({
      picture,
      outside: shareOutside(look, maps, covered),
      all: shareOutside(look, every, covered),
      area: areaOutside(covered),
      knife: look.predictions
        .filter(({ index }) => knife.includes(index))
        .reduce((sum, { probability }) => sum + probability, 0),
      maxima: maps.map((map) => look.maxima[map]),
    });
    look.close();
  }
  return solved.sort((one, other) => other.knife - one.knife);
}

/**
 * How much of each cell of a look the picture's object covers: the mask as the network sees it, since not every browser lets a page read a picture.
 * @param {import('../featurescope.js').Model} model
 * @param {import('../classes/story-pictures.js').Picture} picture
 * @param {{ width: number, height: number }} look
 * @param {import('../api/types.js').LookOptions} options of that look
 */
export async function coveredIn(model, { mask }, look, options) {
  const seen = await model.look(mask, options);
  const covered = coveredCells(seen.seen(), look);
  seen.close();
  return covered;
}

/**
 * The mean shares outside the object.
 * @param {Solved[]} solved
 */
export function meanOutside(solved) {
  const mean = (/** @type {'outside' | 'all' | 'area'} */ key) => {
    const shares = solved.flatMap((one) => one[key] ?? []);
    return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null;
  };
  return { outside: mean('outside'), all: mean('all'), area: mean('area') };
}
