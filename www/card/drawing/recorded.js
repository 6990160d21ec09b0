import { drawingOf, isRecorded } from '../evidence/recorded.js';

/**
 * The address of a recorded drawing of a map, where there is one in the modern way, as the page draws it when nothing is chosen.
 * @param {Pick<import('../../page/state.js').State, 'article' | 'look' | 'model' | 'recordedMaps'>} state
 * @param {number} map
 * @param {import('../../questions/draw/choices.js').Settings} settings of the one that would be drawn in its place
 */
export function recordedDrawing(state, map, { preset }) {
  const { look, model, recordedMaps } = state;
  if (preset !== 'modern' || !isRecorded(state) || !recordedMaps || recordedMaps.model !== model?.offered) return null;
  return recordedMaps.layer === look?.layer ? drawingOf(recordedMaps, map) : null;
}
