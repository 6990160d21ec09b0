import { formatSize } from '../api/numbers.js';

/**
 * @param {number[]} field
 * @param {number[]} size
 */
function pieces(field, size) {
  return field.every((side, axis) => side >= size[axis])
    ? '看到整张图片'
    : `每次看 ${formatSize(field.map((side, axis) => Math.min(side, size[axis])))} 像素的小块`;
}

export const text = {
  label: '网络的各层，从照片到答案。方向键移动，回车键选择。',
  /** @param {number} place @param {number} count @param {number[]} field @param {number[]} size */
  facts: (place, count, field, size) => `共 ${count} 层，第 ${place} 层${pieces(field, size)}。`,
  /** @param {number} place @param {number} count @param {boolean} isOfPatch */
  attention: (place, count, isOfPatch) =>
    `共 ${count} 层，第 ${place} 层是注意力：每张特征图是一个头，显示${isOfPatch ? '一个图块' : '网络的第一个标记'}在看哪里。`,
  /** @param {number} map */
  strongest: (map) => `特征图 ${map} 最亮。`,
  none: '没有特征图亮起。',
  /** @param {{ place: number, count: number, what: string, field: number[], size: number[], id: string }} layer */
  layer: ({ place, count, what, field, size, id }) =>
    `共 ${count} 层，第 ${place} 层${pieces(field, size)}。${what}${id}`,
};
