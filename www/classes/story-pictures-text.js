import { catalogue } from '../api/language.js';

/** What the story's pictures are called. */
const english = {
  unreachable: 'The pictures of the story could not be loaded. Check the connection and start it again.',
  /** What is on a picture, and what it lies on, as pictures.json calls it. @param {string} name */
  thing: (name) => name,
  /** @param {string} object @param {string} behind @param {string} file */
  picture: (object, behind, file) => `${object}, ${behind} (${file})`,
};

export const text = catalogue('storyPictures', english);
