import { FeaturescopeError, part } from './errors.js';
import { text } from './text.js';

/**
 * Checks of what the public interface is given: each throws `bad-argument`, with the argument's name and what it may be. The page
 * asks through the same interface, so what it offers has to be within these limits.
 */

/** Of a side of a picture that is made, in pixels. */
const LARGEST_SIDE = 8192;
/** Of one list or question; nobody means more, and each takes its time. */
export const MOST = 1e6;

/** @typedef {import('./types.js').OverlayOptions} OverlayOptions */

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} [least]
 * @param {number} [most]
 */
export function checkWhole(name, value, least = 0, most = MOST) {
  if (!(Number.isInteger(value) && Number(value) >= least && Number(value) <= most))
    throw badArgument(name, value, text.errors.wholeFrom(least, most));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} [least]
 * @param {number} [most]
 */
export function checkNumber(name, value, least = 0, most = Number.MAX_VALUE) {
  if (!(typeof value === 'number' && value >= least && value <= most))
    throw badArgument(name, value, text.errors.numberFrom(least, most));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string[]} choices
 */
export function checkChoice(name, value, choices) {
  if (!choices.includes(/** @type {string} */ (value))) throw badArgument(name, value, text.errors.oneOf(choices));
}

/**
 * @param {unknown} map
 * @param {number} channels of the layer
 */
export function checkMap(map, channels) {
  if (!(Number.isInteger(map) && Number(map) >= 0 && Number(map) < channels))
    throw new FeaturescopeError('bad-argument', text.errors.noSuchMap(shown(map), channels));
}

/**
 * One map or several.
 * @param {unknown} maps
 * @param {number} channels of the layer
 * @returns {number[]}
 */
export function mapList(maps, channels) {
  const list = Array.isArray(maps) ? maps : [maps];
  if (list.length === 0) throw badArgument('maps', [], text.errors.atLeastOne);
  for (const map of list) checkMap(map, channels);
  return list;
}

/**
 * Pixels of a longer side.
 * @param {unknown} size
 */
export function checkSize(size) {
  checkNumber('size', size, 1, LARGEST_SIDE);
}

const STYLES = ['alpha', 'multiply', 'raw', 'glow', 'spotlight'];

const COLORMAPS = ['viridis', 'inferno', 'turbo', 'cividis', 'jet', 'grey', 'diverging'];

/** Colours to look up, among them those of the style that has its own. @param {unknown} name */
export function checkRamp(name) {
  checkChoice('colormap', name, [...COLORMAPS, 'glow', 'glow-signed']);
}

/** @param {unknown} name */
function checkColormap(name) {
  checkChoice('colormap', name, COLORMAPS);
}

/**
 * What is left out is not looked at.
 * @param {OverlayOptions} options
 */
export function checkOverlay({ style, colormap, scale, setMaximum, alpha, gain, enlargement, size }) {
  if (style !== undefined) checkChoice('style', style, STYLES);
  if (colormap !== undefined) checkColormap(colormap);
  if (typeof scale === 'number') checkNumber('scale', scale);
  else if (scale !== undefined) checkChoice('scale', scale, ['map', 'layer', 'set']);
  if (setMaximum !== undefined) checkNumber('setMaximum', setMaximum);
  if (alpha !== undefined) checkNumber('alpha', alpha, 0, 1);
  if (gain !== undefined) checkNumber('gain', gain);
  if (enlargement !== undefined) checkChoice('enlargement', enlargement, ['bilinear', 'nearest']);
  if (size !== undefined) checkSize(size);
}

/**
 * A layer by its name.
 * @param {import('./types.js').Layer[]} layers
 * @param {string} id
 */
export function layerOf(layers, id) {
  const found = layers.find((layer) => layer.id === id);
  if (!found) throw new FeaturescopeError('bad-argument', text.errors.noSuchLayer(id));
  return found;
}

/**
 * What a look is asked for.
 * @param {import('./types.js').Layer[]} layers of the model
 * @param {import('./types.js').LookOptions} options
 */
export async function checkLook(layers, { layer, patch, erase }) {
  if (layer !== undefined) layerOf(layers, layer);
  if (patch !== undefined || (erase ?? []).length !== 0)
    (await part(import('./draw-arguments.js'))).checkRest({ patch, erase });
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} range
 */
export function badArgument(name, value, range) {
  return new FeaturescopeError('bad-argument', text.errors.badArgument(name, shown(value), range));
}

/** A value in a sentence. @param {unknown} value */
function shown(value) {
  const plain = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? `[${value}]` : String(value);
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
