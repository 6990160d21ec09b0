/**
 * The card that a record has beside its model: what opening it again takes. Nothing here knows the DOM.
 */

import { chosenBands } from './bands.js';
import { validateCard } from './record.js';
import { cleanText } from './results.js';

/**
 * What is written of a model. As what its scores were taken for one picture is no knowledge: only what a card or the visitor said is
 * written. What the graph tells it will tell again.
 * @param {Pick<import('../featurescope.js').Model, 'title' | 'labels' | 'statedOutput' | 'statedScores' | 'defaultLayer' | 'takes'>} model
 */
export function cardOf({ title, labels, statedOutput, statedScores, defaultLayer, takes }) {
  return validateCard({
    title: cleanText(title),
    labels: labels.map(cleanText),
    ...(statedOutput ? { output: statedOutput } : {}),
    // Which of several results they are, likewise.
    ...(statedScores ? { scores: statedScores } : {}),
    defaultLayer,
    ...chosenBands(takes),
  });
}

/**
 * The card with which a record's model is opened. Older pages wrote down as what the scores were taken also where nobody knew, and there
 * were no predictions.
 * @param {import('./record.js').Recorded} recorded
 * @returns {import('./record.js').Card}
 */
export function cardFor({ card: { output: written, ...card }, finding, record: { predictions } }) {
  const output = finding.output ?? (predictions.length > 0 ? written : undefined);
  const { bands } = finding;
  return { ...card, ...(output ? { output } : {}), ...(bands ? { bands } : {}) };
}
