import { formatPercent } from '../api/numbers.js';

export const text = {
  explain:
    '把一些特征图设为零，只让网络的其余部分运行。如果回答离不开它们，变化就会比关掉同样多的其他特征图（从这里激活的特征图中随机抽取）更大。',
  /** @param {number} map */
  map: (map) => `关掉特征图 ${map}`,
  /** @param {number} count */
  chosen: (count) => `关掉求和中的 ${count} 张特征图`,
  /** @param {number} count @param {string} name */
  framed: (count, name) => `关掉“${name}”的 ${count} 张特征图`,
  to: '关掉的特征图变成',
  zero: '零',
  mean: '处处等于其均值',
  working: '正在运行网络的其余部分…',
  found: '内容',
  /** @param {number} place @param {string} label */
  box: (place, label) => `${label}（第 ${place} 个框）`,
  /** @param {string} label */
  area: (label) => `“${label}”的面积`,
  likeness: '与原先结果的相似度',
  noBoxes: '全部打开时，它在这张照片里什么也没找到，所以也没有可失去的。',
  dashed: '照片里的虚线框：关掉之后它找到的位置。',
  columns: ['类别', '全部打开', '关掉之后', '随机关掉'],
  /** @param {number[]} values */
  range: (values) =>
    values.length === 0
      ? '–'
      : `${formatPercent(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))}` +
        `（${formatPercent(Math.min(...values))} 到 ${formatPercent(Math.max(...values))}）`,
  /** @param {{ maps: number[], label: string, before: number, after: number, random: number, controls: number }} found */
  sentence: ({ maps, label, before, after, random, controls }) =>
    `关掉${maps.length === 1 ? `特征图 ${maps[0]}` : `这 ${maps.length} 张特征图`}，${label} 从 ${formatPercent(before)} 变为 ${formatPercent(after)}` +
    (controls === 0
      ? `。这里激活的其他特征图太少，无法换成关掉${maps.length === 1 ? '一张随机特征图' : '同样多的随机特征图'}来比较。`
      : `；换成关掉${maps.length === 1 ? '一张随机特征图' : '同样多的随机特征图'}，${controls} 次平均是 ${formatPercent(random)}。`),
};
