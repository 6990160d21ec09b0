import { formatNumber } from '../api/numbers.js';

/** @typedef {import('../questions/draw/choices.js').Target} Target */

/** @param {number} map @param {Target} [target] */
function nameOf(map, target) {
  switch (target?.kind) {
    case 'spot':
      return `特征图 ${map} 第 ${target.position[0] + 1} 行第 ${target.position[1] + 1} 列`;
    case 'class':
      return `类别“${target.label}”`;
    case 'mix':
      return `特征图 ${[map, ...target.others].join(' + ')}`;
    default:
      return `特征图 ${map}`;
  }
}

/** @param {Target} [target] */
function measureOf(target) {
  return target ? { spot: '数值', class: '得分', mix: '均值之和' }[target.kind] : '均值';
}

export const text = {
  explain:
    '从一张近乎灰色的图开始，一步一步改变像素，让这张特征图激活得更强。最后出来的，就是网络眼中这张特征图在找的东西。' +
    '旁边是真实图片里它激活最强的地方，可以对照着看。',
  brought: '这些是链接里那张画的设置。按“画出来”：同一个随机种子，在同一种引擎上会画出同一张画。',
  /** @param {string} name */
  empty: (name) => `${name}：网络想看到什么？`,
  recorded: '这是事先画好的。按“画出来”，看它在这台设备上长出来。',
  target: '画什么',
  targets: /** @type {import('../ui/dom.js').Options} */ ([
    ['map', '这张特征图'],
    ['spot', '它的一个位置'],
    ['class', '一个类别'],
    ['mix', '与另一张特征图混合'],
  ]),
  spot: '照片上的位置',
  /** @param {number} row @param {number} column */
  place: (row, column) => `第 ${row + 1} 行第 ${column + 1} 列。点一下别处可以换一个。`,
  class: '类别',
  /** @param {string} typed */
  noSuchClass: (typed) => `模型没有类别“${typed}”。请从输入时打开的列表中选一个。`,
  with: '另一张特征图',
  /** @param {number[]} others */
  andAlso: (others) => `以及 ${others.join('、')}`,
  draw: '画出来',
  again: '再画一次',
  cancel: '停止',
  pause: '暂停',
  goOn: '继续',
  settings: '设置',
  otherSettings: '第二幅图的设置',
  two: '在旁边用另一套设置、同一个随机种子再画一幅',
  way: '画法',
  ways: /** @type {import('../ui/dom.js').Options} */ ([
    ['modern', '现代画法'],
    ['article', '文章的画法'],
    ['literal', '文章的画法，原样'],
  ]),
  explainWay: {
    article: '文章的画法，稍加平滑：一张很小的图改 20 步，放大五分之一，再改 20 步，如此反复。画出的图案小而重复。',
    literal: '与文章的程序完全一致：一张很小的图改 20 步，放大五分之一，再改 20 步，如此反复，噪点不受任何抑制。',
    modern:
      '后来通行的画法：图由许多波叠加而成，颜色接近自然；512 步中的每一步，网络看到的都是稍微移动、缩放、旋转过的图，' +
      '只有经得起这些变化的东西才会留下。画面更平稳，形状更大。',
  },
  size: '尺寸',
  sizes: /** @type {Record<'article' | 'modern', import('../ui/dom.js').Options>} */ ({
    article: [
      ['112', '112 像素（快）'],
      ['230', '230 像素'],
      ['397', '397 像素（慢）'],
      ['986', '986 像素（文章所用，很慢）'],
    ],
    modern: [
      ['64', '64 像素（快）'],
      ['128', '128 像素'],
      ['224', '224 像素（慢）'],
      ['320', '320 像素（很慢）'],
    ],
  }),
  more: '更多设置',
  blur: '模糊',
  blurs: /** @type {import('../ui/dom.js').Options} */ ([
    ['0', '不用'],
    ['0.5', '半个像素'],
    ['1', '一个像素'],
    ['1.2', '1.2 个像素'],
    ['2', '两个像素'],
  ]),
  variation: '抑制噪点',
  variations: /** @type {import('../ui/dom.js').Options} */ ([
    ['0', '不用'],
    ['1', '少许'],
    ['4', '较强'],
    ['8', '很强'],
  ]),
  distance: '抑制刺眼的颜色',
  distances: /** @type {import('../ui/dom.js').Options} */ ([
    ['0', '不用'],
    ['2', '少许'],
    ['8', '较强'],
  ]),
  moreExplain:
    '“模糊”每 20 步去掉一次最细的细节。“抑制噪点”限制相邻像素之间的差别（全变差），“抑制刺眼的颜色”限制浓烈的颜色（L2）。' +
    '每一项都会让画面更平滑，也让特征图激活得弱一些。',
  seed: '随机种子',
  back: '回看绘制过程',
  /** @param {number} step @param {number} size */
  stage: (step, size) => (step === 0 ? `起点，${size} 像素` : `${step} 步之后，${size} 像素`),
  png: 'PNG',
  pngTitle: '保存当前显示的图',
  gif: 'GIF',
  gifTitle: '把滑块经过的各张图保存为动画',
  /** @param {number} done @param {number} total */
  gifProgress: (done, total) => `GIF：${done}/${total}`,
  /** @param {{ size?: number, activation?: number, done: number, total?: number, secondsLeft?: number }} progress @param {Target} [target] */
  progress: ({ size, activation, done, total = 0, secondsLeft = 0 }, target) =>
    `第 ${done} 步，共 ${total} 步，${size ?? '…'} 像素，${measureOf(target)} ${Number.isNaN(activation) ? '没有数值' : formatNumber(activation ?? 0)}${secondsLeft > 1 ? `，还剩 ${Math.ceil(secondsLeft)} 秒` : ''}`,
  setup: '正在准备反向传播…',
  /** @param {number} map @param {'article' | 'modern'} preset @param {Omit<import('../api/types.js').Drawing, 'image'>} drawing @param {Target} [target] */
  done: (map, preset, { activations, sizes, sizing, cured, saturated, lost, grey }, target) => {
    const means = [...activations].filter(Number.isFinite);
    const none = means.length === 0;
    const over = sizes.length === 1 ? `在 ${sizes[0]} 像素下` : `经过 ${sizes.length} 种尺寸、`;
    const steps = `${over}用了 ${activations.length} 步`;
    return (
      (none
        ? `${nameOf(map, target)} 没有画成，${steps}。`
        : `${nameOf(map, target)}：${measureOf(target)}从开始的 ${formatNumber(means[0])} 变到最后的 ${formatNumber(means[means.length - 1])}，${steps}。`) +
      {
        asked: '',
        nearest: '这个网络并不接受任意尺寸的图；这里用的是它能接受的最接近的尺寸。',
        larger: '在所选的尺寸下，这一层的高度还不到两格，所以画得更大。',
        own: '这个网络只接受它自己尺寸的图，所以整张画都以该尺寸完成。',
      }[sizing] +
      (lost > 0
        ? `其中${none ? '每一步' : ` ${lost} 步`}网络都没有给出${target ? '它' : '这张特征图'}的数值（NaN 或无穷大），所以画面保持原样。`
        : '') +
      (cured > 0 ? `其中 ${cured} 步它完全没有激活，没有梯度可循，于是改为增大激活函数之前的值。` : '') +
      (saturated > 0 ? `其中 ${saturated} 步它处处都已达到激活函数允许的最大值，无法激活得更强。` : '') +
      (grey && lost === 0
        ? `画面里没有任何图案：从这个起点出发，怎么变都无法让它${target?.kind === 'class' ? '的得分升高' : '激活'}。请换一个随机种子、更大的尺寸，或改用${preset === 'article' ? '现代' : '文章的'}画法。`
        : '')
    );
  },
  stopped: '已停止；目前画到这里。',
  /** @param {boolean} enlarged @param {boolean} moved @param {Target} [target] */
  curve: (enlarged, moved, target) =>
    `每一步的${{ map: '特征图均值', spot: '该处数值', class: '类别得分', mix: '特征图均值之和' }[target?.kind ?? 'map']}。${enlarged ? '图被放大时会下降。' : ''}${moved ? '每一步图都被移动，所以会抖动。' : ''}`,
  curveSummary: '每一步激活得多强',
  curveSteps: '步 →',
  patches: '图片中它激活最强的地方',
  /** @param {string} name @param {number} maximum */
  patch: (name, maximum) => `${name}，最大值 ${formatNumber(maximum)}`,
  /** @param {boolean} limited */
  patchesExplain: (limited) =>
    '以特征图最大值所在处为中心裁出，最强的图片排在最前。' +
    (limited ? '特征图看到的范围比裁出的更大；这里是它的中间部分。' : ''),
  /** @param {number} images */
  noPatches: (images) => `这张特征图在 ${images} 张图片里都没有激活。`,
  name: nameOf,
  measure: measureOf,
  /** @param {number} map @param {Target} [target] */
  alt: (map, target) =>
    target?.kind === 'class' ? `网络眼中的${nameOf(map, target)}` : `${nameOf(map, target)} 在找的东西`,
  galleryHeading: '这张照片最强的特征图',
  /** @param {number} count */
  gallery: (count) => `画出最强的 ${count} 张`,
  showPatches: '显示它们在图片中激活的地方',
  wall: '画出这些特征图',
  /** @param {number} map */
  waiting: (map) => `#${map}，等待中`,
  /** @param {number} map */
  drawing: (map) => `#${map}，正在画`,
  /** @param {number} map */
  failed: (map) => `#${map}，无法画出`,
  /** @param {number} map @param {number} activation */
  tile: (map, activation) => `#${map}，均值 ${formatNumber(activation)}`,
};
