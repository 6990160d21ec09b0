/**
 * Which layers the strip of the network shows.
 *
 * A layer with a map of one cell shows nothing, and is left out. A layer before its activation shows what the activation lets through and
 * what it does not: of the two the one after the activation is shown. They belong together where the first layer behind it that is made of
 * activations has maps of the same number and size that see as much of the picture; an activation changes none of these.
 */

/** @typedef {import('../../api/types.js').Layer} Layer */

/**
 * @param {Layer[]} layers in the network's order
 * @returns {Layer[]}
 */
export function shownLayers(layers) {
  return layers.filter((layer) => hasMaps(layer) && !activated(layers, layer));
}

/**
 * The layer that stands in the strip for this one: itself, or the one after its activation. Nothing for a layer without maps.
 * @param {Layer[]} layers in the network's order
 * @param {string} id
 * @returns {Layer | null}
 */
export function shownFor(layers, id) {
  const layer = layers.find((one) => one.id === id);
  return layer && hasMaps(layer) ? (activated(layers, layer) ?? layer) : null;
}

/** @param {Layer} layer */
function hasMaps({ height, width }) {
  return height * width > 1;
}

/**
 * The layer after the activation of this one.
 * @param {Layer[]} layers
 * @param {Layer} layer
 * @returns {Layer | null}
 */
function activated(layers, layer) {
  if (layer.relu !== 'before') return null;
  const behind = layers.slice(layers.indexOf(layer) + 1).filter(({ relu }) => relu === 'after');
  return behind.find((other) => isAlike(layer, other)) ?? null;
}

/** @param {Layer} one @param {Layer} other */
function isAlike(one, other) {
  const form = (/** @type {Layer} */ { channels, height, width, stride, receptiveField }) =>
    JSON.stringify([channels, height, width, stride, receptiveField]);
  return form(one) === form(other);
}
