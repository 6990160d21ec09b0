import { formatNumber, formatPercent } from '../api/numbers.js';

export const text = {
  headings: {
    boxes: '它找到了什么？',
    mask: '哪里是什么？',
    embedding: '它像什么？',
    picture: '它做出了什么？',
  },
  /** @param {number} count */
  boxes: (count) => `它在这张照片里找到 ${count} 样东西。`,
  noBoxes: '它在这张照片里没有找到把握达到 25% 的东西。',
  /** @param {number} place @param {string} label @param {number} score */
  box: (place, label, score) => `${place}：${label}，${formatPercent(score)}`,
  press: '按一下其中一个，特征图就按它们显示的内容有多少在框里来排序。',
  /** @param {number} place */
  sorted: (place) => `特征图按所显示的内容有多少在框 ${place} 里排序。再按一次就恢复。`,
  pressShape: '按一下其中一个，特征图就按它们显示的内容有多少在它的轮廓里来排序。',
  /** @param {number} place */
  sortedShape: (place) => `特征图按所显示的内容有多少在框 ${place} 里的轮廓中来排序。再按一次就恢复。`,
  /** @param {number} share */
  area: (share) => `轮廓占网络所见的 ${formatPercent(share)}`,
  showShapes: '把轮廓叠在照片上显示',
  /** @param {number} count */
  more: (count) => `显示全部 ${count} 个`,
  fewer: '少显示一些',
  explainBoxes:
    '检测网络对许多位置各给出一个框、一个类别和一个得分。这里显示得分至少 25% 的框；同一类别的几个框重叠时，只显示最好的一个。指向一行就能看到照片里的框。',
  explainShapes:
    '轮廓由所有框共用的一组图混合而成，每张图乘上这个框自己的一个数：结果超过一半、又在框里的位置就属于它。',
  nameless: '文件里没有类别的名称，所以用编号表示。',
  /** @param {string} label @param {number} share */
  mask: (label, share) => `它说出每个位置是什么：最多的是${label}，占它所见的 ${formatPercent(share)}。`,
  /** @param {number} share */
  binary: (share) => `它对每个位置说是或不是：“是”占它所见的 ${formatPercent(share)}。`,
  yes: '是',
  no: '不是',
  showMask: '叠在照片上显示',
  pick: '选择一个位置，问：是什么支持那里的判断；方向键移动位置',
  pickHint: '点一下照片里的某处，就能问：是什么支持那里的判断。',
  explainMask: '分割网络对照片的每个位置给出各类别的得分；颜色表示得分最高的类别。指向一行就能单独看到它的位置。',
  /** @param {number} length */
  embedding: (length) => `它给出 ${length} 个数。单个的数没有意义：在网络看来相像的照片，得到的数也相像。`,
  nearest: '在网络看来与这张照片最像的：',
  alone: '再有一张照片，就能说出网络觉得两张有多像。',
  /** @param {string} name @param {number} similarity */
  alike: (name, similarity) => `${name}：${formatNumber(similarity)}`,
  looking: '正在看其他照片……',
  explainEmbedding: '这个数是两张照片的数之间夹角的余弦：1 表示相同，0 表示毫无共同之处，小于 0 表示相反。',
  picture: '它用这张照片做出一张图片：',
  pictureOf: '网络用这张照片做出的图片',
  notFinite: '网络对这张照片算出了无穷大或不是数的值，所以这里没有可显示的。',
  how: '怎么知道这个网络给出的是什么？',
  reasons: {
    card: '模型卡这样说。',
    metadata: '文件的元数据这样说。',
    names: '从各个结果的名称看出来。',
    ending: '从网络最后的算子看出来。',
    shapes: '从各个结果的形状看出来。',
  },
};
