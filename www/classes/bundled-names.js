/** What the page's own pictures are called where they are named instead of enclosed. */

/** The names of those that are at hand as files. @type {WeakMap<Blob, string>} */
export const bundledNames = new WeakMap();

/** @param {string} path below models/story/pictures/ */
export function storyName(path) {
  return `story.${path.replaceAll('/', '.')}`;
}

/** Whether a bundled picture is one of the story. @param {string} name */
export function isStoryName(name) {
  return name.startsWith('story.');
}
