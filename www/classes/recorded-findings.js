/** What was recorded of the photos that come with the page, and stands until the page's own model has looked at them. */

import { bundledNames } from './bundled-names.js';
import { exampleName } from './examples.js';
import { Study } from './study.js';

/**
 * As tests/browser/record-classes.mjs writes it.
 * @typedef {object} RecordedFindings
 * @property {string} model its name in the list of offered models
 * @property {string} layer
 * @property {import('../api/types.js').Recipe} recipe
 * @property {number} perImage maps of each image that count
 * @property {number} perClass maps of each class
 * @property {string[]} photos files below models/photos/classes/, in the order of the set
 * @property {import('../api/types.js').ClassMaps[]} classMaps
 * @property {number[]} said for every photo the output that stands for it, −1 for none
 * @property {Record<string, { means: number[], maxima: number[], peaks: number[] }>} over every map that is in a list, over every photo
 */

const FOLDER = new URL('../models/maps/', import.meta.url);

/** The models of which there is a recording. */
const RECORDED = ['squeezenet1.1'];

/**
 * @param {string | null} model its name in the list of offered models
 * @returns {Promise<RecordedFindings | null>} null where there is none, or it cannot be had now
 */
export async function loadRecordedFindings(model) {
  if (model === null || !RECORDED.includes(model)) return null;
  try {
    const response = await fetch(new URL(`${model}/classes.json`, FOLDER));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * Whether the recording is of just these classes.
 * @param {RecordedFindings} recorded
 * @param {import('./collection.js').Collection} collection
 */
export function areRecorded({ photos, classMaps }, { columns }) {
  const names = new Set(photos.map(exampleName));
  return (
    columns.length === classMaps.length &&
    columns.every(({ name, role }, place) => role === 'both' && name === classMaps[place].name) &&
    columns.reduce((sum, { images }) => sum + images.length, 0) === photos.length &&
    columns.every(({ name, images }) =>
      images.every((image) => {
        const bundled = bundledNames.get(image) ?? '';
        return names.has(bundled) && bundled.startsWith(exampleName(`${name}/`));
      }),
    )
  );
}

/**
 * A study that has looked at everything already, of the model that will.
 * @param {RecordedFindings} recorded
 * @param {import('../featurescope.js').Model} model
 * @param {import('./collection.js').Collection} collection whose photos are those of the recording
 */
export function recordedStudy(recorded, model, collection) {
  const { layer, photos, said } = recorded;
  const about = { layer, title: model.title, owned: false, source: null, original: null };
  const study = new Study(model, new RecordedSet(recorded), { article: false }, about);
  const places = new Map(photos.map((file, place) => [exampleName(file), place]));
  for (const image of collection.images()) study.places.set(image, places.get(bundledNames.get(image) ?? '') ?? 0);
  study.said = Int32Array.from(said);
  return study;
}

/** What a study asks of its image set, as far as it was recorded. @implements {SetOfStudy} */
class RecordedSet {
  atOnce = 1;
  #recorded;

  /** @param {RecordedFindings} recorded */
  constructor(recorded) {
    this.#recorded = recorded;
  }

  async classMaps() {
    return this.#recorded.classMaps;
  }

  /** @param {number[]} maps */
  async allSums(maps) {
    const { photos, over } = this.#recorded;
    return Float32Array.from(photos, (_, place) => maps.reduce((sum, map) => sum + over[map].means[place], 0));
  }

  /** @param {number} map */
  async map(map) {
    const { means, maxima, peaks } = this.#recorded.over[map];
    return {
      means: Float32Array.from(means),
      maxima: Float32Array.from(maxima),
      peaks: Uint32Array.from(peaks),
    };
  }

  async said() {
    return Int32Array.from(this.#recorded.said);
  }

  /** @returns {Promise<number>} */
  async see() {
    throw new Error('a recording looks at nothing');
  }

  close() {}
}

/** @typedef {import('./study.js').SetOfStudy} SetOfStudy */
