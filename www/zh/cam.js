import { formatNumber, formatPercent } from '../api/numbers.js';

export const text = {
  differ:
    '单张特征图好比一块肌肉：它只显示自己那种图案在哪里，不管这图案有什么用。Grad-CAM 同时取这一层的所有特征图，' +
    '按类别得分随它升高多少来给每张加权。',
  class: '类别',
  box: '它找到的',
  noSuchClass: (/** @type {string} */ name) => `模型没有“${name}”这个类别。请从输入时展开的列表中选一个。`,
  /** @param {string} label */
  atPlace: (label) => `标记处的${label}`,
  working: '正在计算得分随哪些特征图升高…',
  all: (/** @type {string} */ label) => `所有特征图，按${label}加权`,
  one: (/** @type {number} */ map) => `只看特征图 ${map}`,
  sentence: (
    /** @type {{ label: string, where: string, strongest: number[], map: number, share: number, place: number, maps: number }} */ {
      label,
      where,
      strongest,
      map,
      share,
      place,
      maps,
    },
  ) =>
    `支持${label}的证据${where}最强。得分随特征图 ${strongest.join('、')} 升高得最多。特征图 ${map} 的权重是最大权重的 ` +
    `${share < 0 ? '−' : ''}${formatPercent(Math.abs(share))}，在 ${formatNumber(maps)} 张中排第 ${formatNumber(place)}${share < 0 ? '：它激活的地方反而不利于这个类别。' : '。'}`,
  nothing: (/** @type {string} */ label) => `这张照片在这一层里没有支持${label}的证据：加权和处处不大于零。`,
  explain:
    '对选定的类别，从它的得分（Softmax 之前）把网络倒着算到这一层，就知道每张特征图的每一格若稍大一点，得分会升高多少；' +
    '对一张特征图取平均，就是它的权重。各张特征图按权重相加，小于零的部分去掉，再放大叠在照片上，以其自身的最大值为满刻度。' +
    '所以它说明照片的哪些地方支持某个类别，却不说明是哪种图案：那要看单张特征图。离输出较远的层里，这种证据更粗略，' +
    '因为整张特征图只有一个权重。',
};
