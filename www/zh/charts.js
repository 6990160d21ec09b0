import { formatNumber } from '../api/numbers.js';

export const text = {
  axes: { rank: '名次 →', mean: '↑ 均值' },
  /** @param {{ map: number, rank: number | null, mean: number }} point */
  point: ({ map, rank, mean }) =>
    `#${map}\n${rank === null ? '没有响应' : `第 ${rank} 名`}\n均值 ${formatNumber(mean)}`,
};
