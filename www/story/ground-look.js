import { DRAWS, contrastOfCells, firedIn, plainHalf, reachedByChance, shareInside, upperHalf } from './ground.js';
import { mapsOf } from './stage.js';

/**
 * A photo, and the share of its class's maps in the part that is asked about.
 * @typedef {{ file: File, share: number | null, maxima: number[] }} Photo
 */

/**
 * Where a class's maps fire in its photos.
 * @typedef {object} Ground
 * @property {string} name of the class
 * @property {number[]} maps
 * @property {number} share of the maps' activation in the part, on average
 * @property {number} all that of all maps
 * @property {number} area of the part
 * @property {number} reached how often equally many maps drawn by lot reach that share
 * @property {boolean} unusual so few draws do that it is hardly chance
 * @property {Photo[]} photos those that the network takes for the class first
 */

/** The usual level of significance. */
const LEVEL = 0.05;

/**
 * The part of a photo that is asked about: the plain half, or what of it is in the upper half, as a sky is.
 * @param {import('../featurescope.js').Look} look
 * @param {'plain' | 'sky'} kind
 */
export function partOf(look, kind) {
  const plain = plainHalf(contrastOfCells(look.seen(), look));
  return kind === 'plain' ? plain : upperHalf(plain, look);
}

/**
 * Looks at the photos of a class with the page's network.
 * @param {import('./photos.js').PhotoStage} stage that has run
 * @param {string} name of the class
 * @param {'plain' | 'sky'} kind
 * @returns {Promise<Ground | null>} null where no map was found, or none fires
 */
export async function findGround(stage, name, kind) {
  const { result } = stage;
  const maps = mapsOf(result, name);
  if (!result || maps.length === 0) return null;
  const { study } = result;
  const { files, right } = stage.photosOf(name);
  const fired = [];
  /** @type {Photo[]} */
  const photos = [];
  for (const file of [...right, ...files.filter((one) => !right.includes(one))]) {
    if (!study.places.has(file)) continue;
    const look = await study.model.look(file, study.options);
    const one = firedIn(look, partOf(look, kind));
    photos.push({ file, share: shareInside([one], maps), maxima: maps.map((map) => look.maxima[map]) });
    look.close();
    fired.push(one);
    stage.checkGoesOn();
  }
  const share = shareInside(fired, maps);
  const all = shareInside(fired, [...(fired[0]?.all.keys() ?? [])]);
  if (share === null || all === null) return null;
  const area = fired.reduce((sum, one) => sum + one.area, 0) / fired.length;
  const reached = reachedByChance(fired, maps.length, share, stage.workbench.choices.seed);
  return { name, maps, share, all, area, reached, unusual: reached < LEVEL * DRAWS, photos };
}
