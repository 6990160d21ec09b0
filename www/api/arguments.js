import { FeaturescopeError } from './errors.js';
import { text } from './text.js';

/**
 * Checks of what the public interface is given: each throws `bad-argument`, with the argument's name and what it may be. The page
 * asks through the same interface, so what it offers has to be within these limits.
 */

/** Of a side of a picture that is made, in pixels. */
const LARGEST_SIDE = 8192;
/** Seeds are numbers of 32 bits in the engine. */
const LARGEST_SEED = 2 ** 32 - 1;
/** Of one list or question; nobody means more, and each takes its time. */
const MOST = 1e6;

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
 * What is to be drawn: one map, one place of it, several maps or a class.
 * @param {import('./types.js').DrawTarget} target
 * @param {{ channels: number, height: number, width: number } | null} layer null where a class is asked for
 * @param {number} classes
 * @returns {Pick<import('./types.js').EngineDrawOptions, 'maps' | 'position' | 'classIndex'>} as the engine takes it
 */
export function checkTarget({ map, maps, position, classIndex }, layer, classes) {
  const given = Object.entries({ map, maps, classIndex }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length > 1 || (position !== undefined && given[0] !== 'map'))
    throw badArgument(
      'target',
      [...given, ...(position === undefined ? [] : ['position'])],
      text.errors.oneOf(TARGETS),
    );
  if (layer === null) {
    checkWhole('classIndex', classIndex, 0, classes - 1);
    return { maps: [], classIndex };
  }
  if (maps !== undefined) {
    if (!Array.isArray(maps) || maps.length === 0)
      throw badArgument('maps', maps, text.errors.listOf('{ map, weight }'));
    return {
      maps: maps.map((one) => {
        checkMap(one?.map, layer.channels);
        const { weight = 1 } = one;
        checkNumber('maps: weight', weight, -MOST, MOST);
        return [one.map, weight];
      }),
    };
  }
  checkMap(map, layer.channels);
  const alone = { maps: [[/** @type {number} */ (map), 1]] };
  if (position === undefined) return alone;
  if (!Array.isArray(position) || position.length !== 2)
    throw badArgument('position', position, text.errors.listOf('[row, column]'));
  checkWhole('position', position[0], 0, layer.height - 1);
  checkWhole('position', position[1], 0, layer.width - 1);
  return { ...alone, position };
}

const TARGETS = ['map', 'map, position', 'maps', 'classIndex'];

/** @param {unknown} seed */
export function checkSeed(seed) {
  checkWhole('seed', seed, 0, LARGEST_SEED);
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
 * @param {string} name
 * @param {unknown} list
 * @param {string} of what it is a list of
 */
export function checkList(name, list, of) {
  if (!Array.isArray(list)) throw badArgument(name, list, text.errors.listOf(of));
}

/**
 * The strokes of an eraser.
 * @param {unknown} strokes
 */
export function checkStrokes(strokes) {
  if (!Array.isArray(strokes)) throw badArgument('erase', strokes, text.errors.listOf('{ radius, points }'));
  for (const { radius, points } of strokes) {
    checkNumber('erase: radius', radius);
    if (!Array.isArray(points)) throw badArgument('erase: points', points, text.errors.listOf('[x, y]'));
    for (const point of points)
      for (const axis of [0, 1]) checkNumber('erase: points', point?.[axis], -Number.MAX_VALUE);
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} range
 */
function badArgument(name, value, range) {
  return new FeaturescopeError('bad-argument', text.errors.badArgument(name, shown(value), range));
}

/** A value in a sentence. @param {unknown} value */
function shown(value) {
  const plain = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? `[${value}]` : String(value);
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
