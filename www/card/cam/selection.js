/**
 * What Grad-CAM is asked by what is chosen, and the answer to that. Nothing here knows the DOM or the engine.
 */

import { maskName } from '../mask-names.js';

/**
 * @typedef {import('../choices.js').CamAnswer} CamAnswer
 * @typedef {import('../choices.js').CamQuestion} CamQuestion
 * @typedef {import('../../page/state.js').LookView} LookView
 * @typedef {import('../../page/state.js').State} State
 */

/**
 * How many classes there are to ask about; of a detector the boxes that it found are asked about instead, and of a segmenter the classes of its mask.
 * @param {Pick<State, 'look' | 'model'>} state
 */
export function classCount({ look, model }) {
  if (look?.boxes) return look.boxes.length;
  if (look?.mask) return Math.max(...look.mask.areas.map(({ index }) => index)) + 1;
  return model?.classes ?? look?.predictions.length ?? 0;
}

/**
 * What they are called, by number.
 * @param {Pick<State, 'look' | 'model'>} state
 * @returns {string[]}
 */
export function namesToAsk({ look, model }) {
  if (look?.boxes) return look.boxes.map(({ label }, place) => `${place + 1} ${label}`);
  if (look?.mask) {
    /** @type {string[]} */
    const names = [];
    for (const area of look.mask.areas) names[area.index] = maskName(look.mask, area);
    return names;
  }
  return model?.labels ?? [];
}

/**
 * The class that is asked about: the chosen one, or else the most probable. A class that another model had is not chosen any more.
 * @param {Pick<State, 'card' | 'look' | 'model'>} state
 */
export function camClass(state) {
  const { classIndex } = state.card.cam;
  if (classIndex !== null && classIndex < classCount(state)) return classIndex;
  return state.look?.predictions[0]?.index ?? state.look?.mask?.areas[0]?.index ?? 0;
}

/** Why a look has no classes to ask about; null where it has. @param {LookView} look @returns {'not-finite' | 'no-scores' | null} */
export function silenceOf({ silence, finite, boxes, mask }) {
  if (finite === false) return 'not-finite';
  if (boxes?.length || mask) return null;
  return silence === 'no-scores' || silence === 'not-finite' || silence === 'missing' ? 'no-scores' : null;
}

/** The place of a mask that is asked about, where one was chosen on this look. @param {State['card']['cam']} cam @param {LookView} look @returns {[number, number] | undefined} */
function placeOf({ at }, look) {
  return look.mask && at?.look === look ? [at.x, at.y] : undefined;
}

/**
 * What is asked now; null while the part is folded, and where there is nothing to ask.
 * @param {Pick<State, 'card' | 'look' | 'model' | 'openMap' | 'overlay' | 'recorded'>} state
 * @returns {CamQuestion | null}
 */
export function camQuestion(state) {
  const { card, look, openMap, recorded } = state;
  if (!card.cam.open || !look || openMap === null || recorded || silenceOf(look)) return null;
  const { style, colormap, enlargement } = state.overlay;
  return { look, classIndex: camClass(state), at: placeOf(card.cam, look), overlay: { style, colormap, enlargement } };
}

/**
 * What stands there to what is asked now; null where nothing does yet.
 * @param {Pick<State, 'card' | 'found' | 'look' | 'model' | 'openMap' | 'overlay' | 'recorded'>} state
 * @returns {CamAnswer | null}
 */
export function camAnswer(state) {
  const question = camQuestion(state);
  const { cam } = state.found;
  return question && cam && isSame(question, cam) ? cam : null;
}

/** @param {CamQuestion} one @param {CamQuestion} other */
function isSame(one, other) {
  return (
    one.look === other.look &&
    one.classIndex === other.classIndex &&
    one.at?.[0] === other.at?.[0] &&
    one.at?.[1] === other.at?.[1] &&
    one.overlay.style === other.overlay.style &&
    one.overlay.colormap === other.overlay.colormap &&
    one.overlay.enlargement === other.overlay.enlargement
  );
}
