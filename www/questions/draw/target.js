/**
 * What is drawn: a map's mean, one value of it, a class's score or several maps together. Nothing here knows the DOM or the engine.
 */

/**
 * @typedef {import('./choices.js').Target} Target
 * @typedef {import('../../page/state.js').State} State
 */

/**
 * What is to be drawn now, with what was left open; null where it is the open map's mean, as where what was chosen is not to be had.
 * @param {Pick<State, 'card' | 'look' | 'model' | 'openMap' | 'chosen' | 'classIndex'>} state
 * @returns {Target | null}
 */
export function targetOf(state) {
  const { look, openMap } = state;
  const choice = state.card.drawing.target;
  if (!look || openMap === null) return null;
  switch (choice.kind) {
    case 'spot':
      return { kind: 'spot', position: spotOf(look, openMap, choice.position) };
    case 'class':
      return classOf(state, choice.classIndex);
    case 'mix': {
      const others = othersOf(state, choice.others);
      return others.length > 0 ? { kind: 'mix', others } : null;
    }
    default:
      return null;
  }
}

/** How many classes can be drawn: none of a network without scores. @param {Pick<State, 'model'>} state */
export function classCount({ model }) {
  return model?.scores ? (model.classes ?? 0) : 0;
}

/**
 * @param {import('../../page/state.js').LookView} look
 * @param {number} map
 * @param {number[] | null} chosen which may be of another layer
 */
function spotOf(look, map, chosen) {
  const { height, width } = look.map(map);
  if (chosen && chosen[0] < height && chosen[1] < width) return chosen;
  return [Math.floor(look.peaks[map] / width), look.peaks[map] % width];
}

/**
 * @param {Pick<State, 'look' | 'model' | 'classIndex'>} state
 * @param {number | null} chosen which may be another network's
 * @returns {Target | null}
 */
function classOf(state, chosen) {
  const { look, model } = state;
  const count = classCount(state);
  const wished = [chosen, state.classIndex, look?.predictions[0]?.index ?? 0];
  const classIndex = wished.find((index) => index !== null && index < count);
  if (classIndex === undefined || classIndex === null) return null;
  return { kind: 'class', classIndex, label: model?.labels[classIndex] || `#${classIndex}` };
}

/**
 * @param {Pick<State, 'look' | 'openMap' | 'chosen'>} state
 * @param {number[] | null} chosen
 */
function othersOf({ look, openMap, chosen: inSum }, chosen) {
  const there = (/** @type {number} */ map) => map !== openMap && map < (look?.channels ?? 0);
  const wished = (chosen ?? inSum).filter(there);
  if (wished.length > 0) return wished;
  const next = look?.top(2).find(({ map }) => there(map));
  return next ? [next.map] : [];
}

/**
 * The same as the library takes it.
 * @param {{ layer: string, map: number, target?: Target }} drawn
 * @returns {import('../../api/types.js').DrawTarget}
 */
export function askedFor({ layer, map, target }) {
  switch (target?.kind) {
    case 'spot':
      return { layer, map, position: target.position };
    case 'class':
      return { classIndex: target.classIndex };
    case 'mix':
      return { layer, maps: [map, ...target.others].map((one) => ({ map: one })) };
    default:
      return { layer, map };
  }
}
