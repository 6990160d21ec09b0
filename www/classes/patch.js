import { resampled } from '../ui/resample.js';

/**
 * The part of an image that made a map fire most.
 * @typedef {import('../api/types.js').Layer} Layer
 */

/** Where the receptive field is more than this part of the side, a patch is this part of the side: otherwise every patch of a
 * late layer would be the whole image. */
const MOST = 0.4;

/**
 * Sides of a patch, as parts of the image's sides.
 * @param {Layer} layer
 * @param {{ width: number, height: number }} seen of the image that the network saw
 */
export function patchSize({ receptiveField: [down, across] }, { width, height }) {
  return { width: Math.min(MOST, across / width), height: Math.min(MOST, down / height) };
}

/** Whether patches are smaller than what their element of the map sees.
 * @param {Layer} layer
 * @param {{ width: number, height: number }} seen */
export function isLimited({ receptiveField: [down, across] }, { width, height }) {
  return across / width > MOST || down / height > MOST;
}

/**
 * The patch around the place of a map, in pixels of the image; at the edges it is moved inwards.
 * @param {{ width: number, height: number }} seen of the image that the network saw
 * @param {Layer} layer
 * @param {number} peak as an index into the map in reading order
 */
export function patchBox(seen, layer, peak) {
  const size = patchSize(layer, seen);
  const width = Math.max(1, Math.round(size.width * seen.width));
  const height = Math.max(1, Math.round(size.height * seen.height));
  const middle = (/** @type {number} */ cell, /** @type {number} */ cells, /** @type {number} */ pixels) =>
    ((cell + 0.5) / cells) * pixels;
  const place = (/** @type {number} */ at, /** @type {number} */ part, /** @type {number} */ whole) =>
    Math.round(Math.min(whole - part, Math.max(0, at - part / 2)));
  return {
    left: place(middle(peak % layer.width, layer.width, seen.width), width, seen.width),
    top: place(middle(Math.floor(peak / layer.width), layer.height, seen.height), height, seen.height),
    width,
    height,
  };
}

/**
 * Cuts the patch around the place of a map.
 * @param {ImageData} seen
 * @param {Layer} layer
 * @param {number} peak as an index into the map in reading order
 * @param {number} side of the result in pixels
 */
export function cutPatch(seen, layer, peak, side) {
  return new ImageData(resampled(seen, patchBox(seen, layer, peak), side, side), side, side);
}

/** By the recipe "crop" the shorter side of a photo becomes this many times the network's own, and the middle is cut out. */
const COVER = 256 / 224;

/** @typedef {Pick<import('../api/types.js').Recipe, 'size' | 'resize'>} Geometry */

/** Height and width of what the network sees. @param {Geometry} recipe */
function seenSides({ size }) {
  const [height, width] = Array.isArray(size) ? size : [size, size];
  return { width, height };
}

/**
 * What the network sees of a photo, in the photo's pixels.
 * @param {{ width: number, height: number }} photo of any size, since only its shape matters
 * @param {Geometry} recipe
 */
export function seenInPhoto(photo, recipe) {
  const seen = seenSides(recipe);
  if ((recipe.resize ?? 'squash') === 'squash') return { left: 0, top: 0, width: photo.width, height: photo.height };
  const scale =
    recipe.resize === 'crop'
      ? Math.max(Math.round(seen.width * COVER) / photo.width, Math.round(seen.height * COVER) / photo.height)
      : Math.min(seen.width / photo.width, seen.height / photo.height);
  const [width, height] = [seen.width / scale, seen.height / scale];
  return { left: (photo.width - width) / 2, top: (photo.height - height) / 2, width, height };
}

/**
 * The patch around the place of a map, in the photo's pixels.
 * @param {{ width: number, height: number }} photo of any size, since only its shape matters
 * @param {Layer} layer
 * @param {Geometry} recipe
 * @param {number} peak as an index into the map in reading order
 */
export function patchInPhoto(photo, layer, recipe, peak) {
  const seen = seenSides(recipe);
  const box = patchBox(seen, layer, peak);
  const whole = seenInPhoto(photo, recipe);
  const [across, down] = [whole.width / seen.width, whole.height / seen.height];
  return {
    left: whole.left + box.left * across,
    top: whole.top + box.top * down,
    width: box.width * across,
    height: box.height * down,
  };
}
