/** Files that are never kept in this browser: a camera's pictures, of which the page says that nothing is recorded.
 * @type {WeakSet<Blob>} */
export const unkept = new WeakSet();
