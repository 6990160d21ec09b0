import { FeaturescopeError } from '../api/errors.js';
import { bundledNames, storyName } from './bundled-names.js';
import { shownNames } from '../page/shown-names.js';
import { text } from './story-pictures-text.js';

/**
 * A generated picture, as models/story/pictures.json lists it.
 * @typedef {object} Picture
 * @property {'photo' | 'xray' | 'riddle'} style
 * @property {string} class 'knife', 'gun', 'harmless', or 'no class'
 * @property {string} object what is on it
 * @property {string} behind what the object lies on
 * @property {number} [same] pictures of the same object have the same number
 * @property {File} file
 * @property {string} mask address of a picture that is white where the object is
 */

const FOLDER = new URL('../models/story/', import.meta.url);

/** @type {Promise<Picture[]> | null} */
let loading = null;

/**
 * All pictures of the story, the same files whoever asks.
 * @returns {Promise<Picture[]>}
 * @throws {FeaturescopeError} `network`
 */
export function loadPictures() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @returns {Promise<Picture[]>} */
async function load() {
  try {
    /** @type {(Omit<Picture, 'file'> & { file: string })[]} */
    const list = await (await fetched('pictures.json')).json();
    return await Promise.all(
      list.map(async ({ file, mask, ...about }) => {
        const blob = await (await fetched(file)).blob();
        const name = file.split('/').slice(-1)[0];
        const picture = new File([blob], `${about.object}, ${about.behind} (${name})`, {
          type: blob.type,
          lastModified: 0,
        });
        bundledNames.set(picture, storyName(file.slice('pictures/'.length)));
        shownNames.set(picture, text.picture(text.thing(about.object), text.thing(about.behind), name));
        return { ...about, file: picture, mask: new URL(mask, FOLDER).href };
      }),
    );
  } catch {
    throw new FeaturescopeError('network', text.unreachable);
  }
}

/** @param {string} path */
async function fetched(path) {
  const response = await fetch(new URL(path, FOLDER));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}
