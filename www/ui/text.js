/** The texts on charts. */

import { catalogue } from '../api/language.js';
import { formatNumber } from '../api/numbers.js';

const english = {
  axes: { rank: 'rank →', mean: '↑ mean' },
  /** @param {{ map: number, rank: number | null, mean: number }} point */
  point: ({ map, rank, mean }) => `#${map}\n${rank === null ? 'dead' : `rank ${rank}`}\nmean ${formatNumber(mean)}`,
};

export const text = catalogue('charts', english);
