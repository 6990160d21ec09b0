import { text as common } from '../../page/text.js';
import { classNames } from './classes.js';
import { classCount, namesToAsk } from './selection.js';
import { text } from './text.js';

/**
 * @typedef {import('../../api/types.js').Cam} Cam
 * @typedef {import('../../page/state.js').State} State
 */

/** The name of the class that an answer is about. @param {Cam} cam @param {Pick<State, 'look' | 'model'>} state */
export function camLabel({ classIndex }, state) {
  return classNames(namesToAsk(state), classCount(state))[classIndex] ?? '';
}

/**
 * What the picture shows, in a sentence, which names the opened map as well.
 * @param {Cam} cam
 * @param {string} label of its class
 * @param {number} map
 */
export function camSentence({ weights, cells: { data, width, height } }, label, map) {
  const peak = data.reduce((best, value, cell) => (value > data[best] ? cell : best), 0);
  if (!(data[peak] > 0)) return text.nothing(label);
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a]);
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  return text.sentence({
    label,
    where: common.place((Math.floor(peak / width) + 0.5) / height, ((peak % width) + 0.5) / width),
    strongest: order.slice(0, 3),
    map,
    share: weights[map] / largest,
    place: order.indexOf(map) + 1,
    maps: weights.length,
  });
}
