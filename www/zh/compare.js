import { formatNumber, formatSigned } from '../api/numbers.js';

export const text = {
  heading: '两张照片',
  /** @param {number} map @param {number} difference @param {string} more @param {string} less */
  lead: (map, difference, more, less) =>
    `特征图 ${map} 差别最大：它在 ${more} 上的均值比在 ${less} 上高 ${formatNumber(difference)}。`,
  /** @param {string} name @param {number} mean */
  caption: (name, mean) => `${name}：${formatNumber(mean)}`,
  /** @param {number} value */
  difference: (value) => `差 ${formatSigned(value)}`,
  explain: '两张照片经过同一层。特征图按两边均值相差多少排列，不管哪张照片更大。',
  same: '每张特征图在两张照片上的均值都相同。',
};
