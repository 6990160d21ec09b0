import { formatNumber } from '../numbers.js';

export const text = {
  explain: '从一张灰色的小图开始，一步一步改变像素，让这张特征图激活得更强；然后把图放大一点，再继续。最后出来的，就是网络眼中这张特征图在找的东西。',
  draw: '画出来',
  again: '再画一次',
  cancel: '停止',
  size: '画到',
  sizes: /** @type {import('../ui/dom.js').Options} */ ([['112', '112 像素（快）'], ['230', '230 像素'], ['397', '397 像素（慢）'], ['986', '986 像素（文章所用，很慢）']]),
  seed: '起始编号',
  save: 'PNG',
  /** @param {{ size?: number, activation?: number, done: number, total?: number, secondsLeft?: number }} progress */
  progress: ({ size, activation, done, total = 0, secondsLeft = 0 }) =>
    `第 ${done} 步，共 ${total} 步，${size ?? '…'} 像素，均值 ${formatNumber(activation ?? 0)}${secondsLeft > 1 ? `，还剩 ${Math.ceil(secondsLeft)} 秒` : ''}`,
  setup: '正在准备反向传播…',
  /** @param {number} map @param {import('../types.js').Drawing} drawing */
  done: (map, { activations, sizes, cured, grey }) => {
    const [first, last] = [activations[0] ?? 0, activations[activations.length - 1] ?? 0];
    return `特征图 ${map}：均值从开始的 ${formatNumber(first)} 变到最后的 ${formatNumber(last)}，用了 ${sizes.length} 种尺寸、${activations.length} 步。`
      + (cured > 0 ? `其中 ${cured} 步它完全没有激活，没有梯度可循，于是改为增大激活函数之前的值。` : '')
      + (grey ? '画面一直是灰色：从这个起点出发，怎么变都无法让它激活。请换一个起始编号，或用更大的尺寸。' : '');
  },
  stopped: '已停止；目前画到这里。',
  curve: '每一步的特征图均值；图被放大时会下降。',
  steps: '途中的各个尺寸',
  /** @param {number} map */
  alt: (map) => `特征图 ${map} 在找的东西`,
  wall: '画出这些特征图',
  /** @param {number} map @param {number} activation */
  tile: (map, activation) => `#${map}，均值 ${formatNumber(activation)}`,
};
