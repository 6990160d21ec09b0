/** What few views read out of the state. */

/**
 * @typedef {import('./state.js').Depth} Depth
 * @typedef {import('./state.js').Layer} Layer
 * @typedef {import('./state.js').LookView} LookView
 * @typedef {import('./state.js').State} State
 */

/** The layer that the look is of, or that the next look will be of.
 * @param {State} state
 * @returns {Layer | null} */
export function currentLayer(state) {
  const id = state.look?.layer ?? state.layer;
  return state.model?.layers.find((layer) => layer.id === id) ?? null;
}

/**
 * Height and width of what the network sees.
 * @param {import('../api/types.js').Recipe} recipe
 */
export function seenSize({ size }) {
  return Array.isArray(size) ? size : [size, size];
}

/**
 * What is known of all layers on the photo looked at.
 * @param {Pick<State, 'depth' | 'model' | 'photo' | 'photos' | 'article'>} state
 * @returns {Depth | null}
 */
export function depthAbout({ depth, model, photo: id, photos, article }) {
  const photo = photos.find((one) => one.id === id);
  const isSame = (/** @type {Depth} */ one) =>
    one.model === model &&
    one.photo === id &&
    one.source === photo?.source &&
    one.strokes === photo.strokes &&
    one.article === article;
  return depth.found.find(isSame) ?? null;
}

/**
 * Maps by how much their means differ between two looks, most first; equal differences: lower map first.
 * @param {LookView} first
 * @param {LookView} second
 * @param {number} count
 */
export function differences(first, second, count) {
  return Array.from(first.means, (mean, map) => ({
    map,
    first: mean,
    second: second.means[map],
    difference: mean - second.means[map],
  }))
    .filter((entry) => entry.difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.map - b.map)
    .slice(0, count);
}

/**
 * How many of the strongest maps carry half of all positive activation; 0 where nothing is positive.
 * @param {LookView} look
 */
export function halfCount(look) {
  const positive = Array.from(look.means)
    .filter((mean) => mean > 0)
    .sort((a, b) => b - a);
  const total = positive.reduce((sum, mean) => sum + mean, 0);
  let sum = 0;
  let count = 0;
  while (count < positive.length && sum < total / 2) sum += positive[count++];
  return count;
}
