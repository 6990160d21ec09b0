import { formatNumber, formatSize } from '../api/numbers.js';

export const text = {
  /** @param {{ mean: number, max: number, min: number }} facts */
  numbers: ({ mean, max, min }) =>
    `均值 ${formatNumber(mean)}，最大值 ${formatNumber(max)}，最小值 ${formatNumber(min)}。`,
  /** @param {number} row @param {number} column @param {number} value */
  cell: (row, column, value) => `第 ${row} 行，第 ${column} 列：${formatNumber(value)}`,
  /** @param {number} row @param {number} column @param {number} value */
  strongest: (row, column, value) =>
    `最强的格子：第 ${row} 行，第 ${column} 列，值 ${formatNumber(value)}。把指针移到格子上可以读数。`,
  /** @param {number} height @param {number} width */
  gridAlt: (height, width) => `${formatSize([height, width])} 个数值的网格`,
  wouldDraw: '它会画出的样子',
  drawIt: '画出来',
  /** @param {number} map */
  goDraw: (map) => `画出特征图 ${map} 在找的东西`,
  findElsewhere: '在其他照片里找',
  /** @param {boolean} isFound @param {number} images */
  elsewhere: (isFound, images) => (isFound ? `${images} 张照片里的最强处` : '它还在哪里亮起'),
  /** @param {number[]} maps */
  sum: (maps) => `特征图 ${maps.join('、')} 之和`,
  sumCaption: '每张特征图先放大，相加后在最强处截断。',
  explain: '大图是网络实际得到的照片，去掉了颜色，上面叠着放大后的这个网格。每格一个数：平滑的光亮背后，也只有这些数。',
  /** @param {{ name: string, place: number, count: number }[]} classes */
  classes: (classes) =>
    `属于这些类别的特征图：${classes.map(({ name, place, count }) => `${name}（第 ${place} 张，共 ${count} 张）`).join('、')}。`,
  choosePatch: '图片：用方向键或点按来选择图块，看它关注哪里',
  ofClassToken: '类别标记（class token）关注的地方。点按图片上的一处，看那里的图块关注哪里。',
  ofMiddle: '正中的图块关注的地方。点按图片上的另一处，看那里的图块关注哪里。',
  /** @param {number} row @param {number} column @param {[number, number]} grid */
  ofPatch: (row, column, grid) =>
    `这个图块关注的地方：${formatSize(grid)} 块中第 ${row} 行、第 ${column} 列，即图片上的方框。`,
  noPatch: '不选图块',
  allValues: '用表格显示所有数值',
  thing: '要找的东西',
  rest: '其余部分',
  noPredictions: '这里要问的是类别，但现在没有预测结果。',
};
