/** The order of a volume's slices, and where its pictures and maps lie along the depth. Nothing here knows the DOM. */

const byName = new Intl.Collator('en', { numeric: true });

/**
 * Pictures in the order of their names, numbers in these by their size: slice-2 comes before slice-10.
 * @param {File[]} files
 */
export function inOrder(files) {
  // The folder counts as well, where there are several.
  const name = (/** @type {File} */ file) => file.webkitRelativePath || file.name;
  return files.toSorted((one, other) => byName.compare(name(one), name(other)));
}

/**
 * Which of `count` places along the depth is at the middle of a place of `of` others: how the engine spreads pictures over slices, and finds the slice
 * that a map is about.
 * @param {number} place from 0
 * @param {number} of
 * @param {number} count
 */
export function across(place, of, count) {
  return Math.min(count - 1, Math.floor(((2 * place + 1) * count) / (2 * of)));
}

/**
 * The slice in the middle of a network's.
 * @param {number} slices
 */
export function middle(slices) {
  return Math.floor(slices / 2);
}

/**
 * The slice that shows with a map of a layer: the one that was chosen, or where the map is about another part of the depth the one that the map lies on.
 * @param {number} map
 * @param {number} ofLayer how many slices each channel of the layer has
 * @param {number} chosen slice of the network
 * @param {number} slices of the network
 */
export function sliceWith(map, ofLayer, chosen, slices) {
  const own = map % ofLayer;
  return across(chosen, slices, ofLayer) === own ? chosen : across(own, ofLayer, slices);
}

/**
 * The map of the same channel that is about a slice.
 * @param {number} map
 * @param {number} ofLayer how many slices each channel of the layer has
 * @param {number} slice of the network
 * @param {number} slices of the network
 */
export function mapAt(map, ofLayer, slice, slices) {
  return map - (map % ofLayer) + across(slice, slices, ofLayer);
}
