/** What the page calls files in the visitor's language, where that is not their own name, by which they are sorted.
 * @type {WeakMap<Blob, string>} */
export const shownNames = new WeakMap();

/** @param {File} file */
export function shownName(file) {
  return shownNames.get(file) ?? file.name;
}
