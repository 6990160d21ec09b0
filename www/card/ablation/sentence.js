import { text as cardText } from '../text.js';
import { ablatedRows } from './numbers.js';
import { text } from './text.js';

/**
 * What became of what the network says first.
 * @param {number[]} maps
 * @param {import('../../api/types.js').Ablation} ablation
 * @param {import('./quantities.js').Found | null} look with all maps
 */
export function ablationSentence(maps, ablation, look) {
  const [first] = ablatedRows(maps, ablation, look);
  // A network that gives nothing for this photo has no answer that could change.
  if (!first) return look?.boxes ? text.noBoxes : cardText.noPredictions;
  const { label, before, after, random } = first;
  const mean = random.reduce((sum, value) => sum + value, 0) / Math.max(1, random.length);
  return text.sentence({ maps, label, before, after, random: mean, controls: random.length });
}
