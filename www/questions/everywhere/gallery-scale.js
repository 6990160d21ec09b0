/**
 * What full strength is where maps are laid over many images. Nothing here knows the DOM.
 */

import { overlayOptions } from '../../page/state.js';
import { text } from '../../classes/text.js';

/** Pixels of a tile's side, twice what it has on the page. */
export const TILE = 208;

/** Maps rarely have their largest values in one place, so their sum seldom reaches more than this part of those together. */
const TOGETHER = 0.5;

/**
 * What the sum of some maps may come to in each image: of a single map its largest value.
 * @param {{ maxima: ArrayLike<number> }[]} maps with an entry for each image of the set
 * @returns {number[]} 0 where none is above zero
 */
export function fullStrengths(maps) {
  return Array.from(maps[0]?.maxima ?? [], (_, image) => {
    const values = maps.map(({ maxima }) => Math.max(0, maxima[image]));
    return Math.max(TOGETHER * values.reduce((sum, value) => sum + value, 0), ...values);
  });
}

/**
 * How the images of a gallery are drawn, with the full strength that the visitor has chosen: each image by its own largest value, by the
 * layer's in it, or all by the largest of those that are shown; what is above is clipped.
 * @param {Pick<import('../../page/state.js').State, 'overlay' | 'article' | 'model'>} state
 * @param {{ maxima: ArrayLike<number> }[]} maps with an entry for each image of the set
 * @param {number[]} places of the images that are shown
 * @returns {{ of: (place: number) => import('../../api/types.js').OverlayOptions, key: string, caption: string }} `of` one image; `key`: the same for
 *   the same drawings
 */
export function galleryScale(state, maps, places) {
  const { scale } = state.overlay;
  const options = { ...overlayOptions({ ...state, setMaxima: {}, look: null }), size: TILE };
  if (state.article)
    return { of: () => options, key: JSON.stringify(options), caption: text.gallery.scales.article(options.gain ?? 1) };
  if (scale === 'layer') return { of: () => options, key: JSON.stringify(options), caption: text.gallery.scales.layer };
  const full = fullStrengths(maps);
  const largest = places.reduce((most, place) => Math.max(most, full[place] ?? 0), 0);
  const by = (/** @type {number} */ value) => ({
    ...options,
    scale: /** @type {const} */ ('set'),
    setMaximum: value || 1,
  });
  const key = JSON.stringify([options, scale === 'set' ? largest : places.map((place) => full[place])]);
  return scale === 'set'
    ? { of: () => by(largest), key, caption: text.gallery.scales.set(largest, places.length) }
    : { of: (place) => by(full[place] ?? 0), key, caption: text.gallery.scales.map };
}
