/**
 * An image that is dragged from one class to another.
 * @typedef {{ from: number, image: File }} Dragged `from`: its column
 */

/** What the browser carries for us. It holds text only, so the image itself stays here. */
const TYPE = 'application/x-featurescope-image';

/** @type {Dragged | null} */
let dragged = null;

/**
 * @param {DragEvent} event of its start
 * @param {Dragged} what
 */
export function dragImage({ dataTransfer }, what) {
  dragged = what;
  dataTransfer?.setData(TYPE, what.image.name);
  if (dataTransfer) dataTransfer.effectAllowed = 'move';
}

/** @param {DragEvent} event */
export function carriesImage({ dataTransfer }) {
  return dataTransfer?.types.includes(TYPE) ?? false;
}

/** What was let go, where it is one of the page's own images. @param {DragEvent} event */
export function draggedImage(event) {
  return carriesImage(event) ? dragged : null;
}
