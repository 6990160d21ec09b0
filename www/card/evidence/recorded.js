/**
 * What was recorded of a bundled model's maps, so that the card can say at once what they would draw and where else they light up:
 * tests/browser/record-maps.mjs writes it.
 * @typedef {object} RecordedMaps
 * @property {string} model
 * @property {string} layer
 * @property {string[]} photos files below models/photos/classes/
 * @property {number[][][]} strongest for each map the places where it is strongest in these photos, the strongest first: which photo,
 *   then left, top, width and height of the place in its pixels
 * @property {number[]} drawn the maps of which there is a drawing
 */

const FOLDER = new URL('../../models/maps/', import.meta.url);
const PHOTOS = new URL('../../models/photos/classes/', import.meta.url);

/** The models of which there is a recording. */
const RECORDED = ['squeezenet1.1'];

/** Whether there is a recording of what is looked at. @param {Pick<import('../../page/state.js').State, 'model' | 'article'>} state */
export function isRecorded({ model, article }) {
  return !article && RECORDED.includes(model?.offered ?? '');
}

/** @param {string} model @returns {Promise<RecordedMaps>} */
export async function loadRecordedMaps(model) {
  return (await fetch(new URL(`${model}/maps.json`, FOLDER))).json();
}

/** The address of a map's drawing; null where none was recorded. @param {RecordedMaps} recorded @param {number} map */
export function drawingOf({ model, drawn }, map) {
  return drawn.includes(map) ? new URL(`${model}/${map}.webp`, FOLDER).href : null;
}

/**
 * Where a map is strongest in the recorded photos.
 * @param {RecordedMaps} recorded
 * @param {number} map
 */
export function placesOf({ photos, strongest }, map) {
  return (strongest[map] ?? []).map(([photo, left, top, width, height]) => ({
    address: new URL(photos[photo], PHOTOS).href,
    box: { left, top, width, height },
  }));
}
