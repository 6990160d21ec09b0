import { cutPatch, isLimited } from '../../classes/patch.js';
import { shownName } from '../../page/shown-names.js';

/** Pixels of a crop's side, and how many photos are looked at for crops where there are no classes. */
const SIDE = 112;
const MOST_PHOTOS = 60;

/**
 * Finds where a map fires most in the images: those of the classes where they have been looked at in this layer, the photos otherwise.
 * @param {import('../../page/session/session.js').Session} session
 * @param {import('../../featurescope.js').Model} model
 * @param {{ layer: string, map: number, article: boolean }} target
 * @param {{ count: number, signal: AbortSignal }} options `count`: of crops
 * @returns {Promise<import('./choices.js').Patches | null>} null where the model has no such layer, or where it was stopped
 */
export async function patchesOf(session, model, { layer, map, article }, { count, signal }) {
  const info = model.layers.find(({ id }) => id === layer);
  if (!info) return null;
  const found = (await fromStudy(session, model, { layer, map }, { article, count })) ?? photosOf(session);
  /** @type {import('./choices.js').Patches['crops']} */
  const crops = [];
  let limited = false;
  for (const { source, name } of found) {
    const look = await model.look(source, { ...(article ? { article } : { layer }), signal });
    const seen = look.seen();
    limited ||= isLimited(info, seen);
    if (!look.dead[map])
      crops.push({ image: cutPatch(seen, info, look.peaks[map], SIDE), name, maximum: look.maxima[map] });
    look.close();
  }
  if (signal.aborted) return null;
  crops.sort((one, other) => other.maximum - one.maximum);
  return { crops: crops.slice(0, count), images: found.length, limited };
}

/** @param {import('../../page/session/session.js').Session} session */
function photosOf({ state }) {
  return state.photos.slice(0, MOST_PHOTOS).map(({ source, name }) => ({ source, name }));
}

/**
 * The images of the classes in which the map is strongest, where they have been looked at.
 * @param {import('../../page/session/session.js').Session} session
 * @param {import('../../featurescope.js').Model} model
 * @param {{ layer: string, map: number }} target
 * @param {{ article: boolean, count: number }} options
 */
async function fromStudy({ workbench }, model, { layer, map }, { article, count }) {
  const study = workbench?.study;
  if (
    !study ||
    study.model !== model ||
    study.layer !== layer ||
    Boolean(study.options.article) !== article ||
    study.places.size === 0
  )
    return null;
  const { maxima } = await study.map(map);
  // A study remembers images that have left the classes.
  const there = new Set(workbench.collection.images());
  const places = [...study.places].filter(([file]) => there.has(file));
  if (places.length === 0) return null;
  return places
    .sort(([, one], [, other]) => maxima[other] - maxima[one])
    .slice(0, count)
    .map(([file]) => ({ source: file, name: shownName(file) }));
}
