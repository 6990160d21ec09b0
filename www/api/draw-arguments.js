/** Checks of what drawings, controls, strips and erasers are asked for. */

import { MOST, badArgument, checkMap, checkNumber, checkWhole } from './arguments.js';
import { text as more } from './more-text.js';
import { text } from './text.js';

/** Seeds are numbers of 32 bits in the engine. */
const LARGEST_SEED = 2 ** 32 - 1;
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
    if (!Array.isArray(maps) || maps.length === 0) throw badArgument('maps', maps, more.listOf('{ map, weight }'));
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
    throw badArgument('position', position, more.listOf('[row, column]'));
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
 * @param {string} name
 * @param {unknown} list
 * @param {string} of what it is a list of
 */
export function checkList(name, list, of) {
  if (!Array.isArray(list)) throw badArgument(name, list, more.listOf(of));
}

/**
 * What few looks are asked for.
 * @param {Pick<import('./types.js').LookOptions, 'patch' | 'erase'>} options
 */
export function checkRest({ patch, erase }) {
  if (patch !== undefined) checkPatch(patch);
  if (erase !== undefined) checkStrokes(erase);
}

/**
 * A patch that attends, by its place or by its row and column.
 * @param {import('./types.js').Patch} patch
 */
function checkPatch(patch) {
  if (patch !== null && typeof patch === 'object' && 'x' in patch && 'y' in patch) {
    checkNumber('patch: x', patch.x, 0, 1);
    checkNumber('patch: y', patch.y, 0, 1);
  } else if (patch !== null && typeof patch === 'object' && 'row' in patch && 'column' in patch) {
    checkWhole('patch: row', patch.row);
    checkWhole('patch: column', patch.column);
  } else throw badArgument('patch', patch, '{ x, y } / { row, column }');
}

/**
 * The strokes of an eraser.
 * @param {unknown} strokes
 */
function checkStrokes(strokes) {
  if (!Array.isArray(strokes)) throw badArgument('erase', strokes, more.listOf('{ radius, points }'));
  for (const { radius, points } of strokes) {
    checkNumber('erase: radius', radius);
    if (!Array.isArray(points)) throw badArgument('erase: points', points, more.listOf('[x, y]'));
    for (const point of points)
      for (const axis of [0, 1]) checkNumber('erase: points', point?.[axis], -Number.MAX_VALUE);
  }
}
