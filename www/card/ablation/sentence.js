import { text as cardText } from '../text.js';
import { ablatedRows } from './numbers.js';
import { text } from './text.js';

/**
 * What became of the class that the network names first.
 * @param {number[]} maps
 * @param {import('../../api/types.js').Ablation} ablation
 */
export function ablationSentence(maps, ablation) {
  // A network that gives nothing for this photo has no answer that could change.
  if (ablation.before.length === 0) return cardText.noPredictions;
  const [{ label, before, after, random }] = ablatedRows(maps, ablation);
  const mean = random.reduce((sum, value) => sum + value, 0) / Math.max(1, random.length);
  return text.sentence({ maps, label, before, after, random: mean, controls: random.length });
}
