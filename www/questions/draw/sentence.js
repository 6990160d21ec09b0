import { text } from './text.js';

/**
 * What is said of a drawing; empty where there is nothing to say.
 * @param {import('./choices.js').Drawn | null} drawn
 */
export function sentenceOf(drawn) {
  if (!drawn || drawn.status === 'failed') return '';
  const { map, target, settings, status, stages, progress, outcome } = drawn;
  if (outcome) return text.done(map, settings.preset, outcome, target);
  if (status === 'stopped') return stages.length > 0 ? text.stopped : '';
  return progress ? text.progress(progress, target) : text.setup;
}
