import { formatNumber, formatSize } from '../api/numbers.js';
import { brief } from './api.js';

/** @param {number[]} size */
const pixels = ([height, width]) => (height === width ? `${height} 像素` : `${height}×${width} 像素`);

/** @type {Record<string, string>} */
const recipeNames = {
  card: '模型卡所给',
  torchvision: 'torchvision',
  'keras-caffe': 'Keras “caffe”',
  'keras-tf': 'Keras “tf”',
  'zero-one': '0 到 1',
  raw: '原始 0 到 255',
};

/** @param {string} name @param {number} [score] */
const recipeName = (name, score) => (recipeNames[name] ?? name) + (score ? `（${formatNumber(score)}）` : '');

/** Why a model has no linear head, as src/onnx/head/linear.rs says it. @type {[RegExp, string][]} */
const headReasons = [
  [/^the model's result is not one score for each class/, '模型的结果不是每个类别一个分数'],
  [/^the probability of a class is a mixture of several scores/, '一个类别的概率由几个分数混合而成'],
  [/^the class scores read every position of the maps/, '类别分数读取特征图的每个位置，而不是每张特征图的均值'],
  [/^more than one layer of weights follows the maps/, '特征图之后还有不止一层权重'],
  [
    /^between the maps and the class scores stands an activation/,
    '特征图和类别分数之间有激活函数，所以没有特征图在分数中占固定的份额',
  ],
  [
    /^between the maps and the class scores stands an operator that is no weighted sum/,
    '特征图和类别分数之间有一个不是加权和的算子',
  ],
];

/** With the node that is to blame, which has the same name in every language. @param {string} reason */
export function headReason(reason) {
  const known = headReasons.find(([pattern]) => pattern.test(reason))?.[1];
  const [, node, op] = /\(in node "(.*)", (\w+)\)/.exec(reason) ?? [];
  return known ? known + (op ? `（节点“${node}”，${op}）` : '') : brief(reason);
}

export const text = {
  layer: {
    /** @param {import('../api/types.js').Layer} layer @param {number[]} picture */
    description: (layer, picture) => {
      const relu = { before: '在激活函数之前：负值还在。', after: '在激活函数之后。', none: '前后都没有激活函数。' }[
        layer.relu
      ];
      const { receptiveField: field } = layer;
      const larger = field.some((length, side) => length > picture[side]);
      const seen = field.every((length, side) => length >= picture[side])
        ? `整张图片${larger ? `（图片更大时能看到 ${pixels(field)}）` : ''}`
        : ` ${pixels(field.map((length, side) => Math.min(length, picture[side])))}`;
      return `${layer.channels} 张特征图，每张 ${formatSize([layer.height, layer.width])} 格；每 ${pixels(layer.stride)}一格，每格看到${seen}。${relu}`;
    },
  },

  model: {
    about: '关于网络',
    /** @param {number} classes @param {number[]} shape @param {boolean} guessed */
    summary: (classes, shape, guessed) =>
      `${classes === 0 ? '没有类别' : `${classes} 个类别`}${guessed ? '（类别名按 ImageNet 推测）' : ''}，输入形状 ${shape.slice(1).join('×')}`,
  },

  grid: {
    /** @param {number} map @param {number} mean @param {string} where */
    lead: (map, mean, where) => `特征图 ${map} 激活最强（均值 ${formatNumber(mean)}），${where}。`,
    explain:
      '照片在网络中一直算到所选的层，变成一叠小网格，每张特征图一个。每个网格放大到照片大小后叠在上面：颜色越强，激活越强。' +
      '小块下方是特征图的编号，旁边的数是整个网格的均值，小块就按这个均值排列。没有人告诉过网络每张特征图代表什么，图案是它在训练中自己找到的。',
  },

  controls: {
    top: '特征图数',
    topAll: '全部',
    sort: '排序',
    sortMean: '按均值',
    /** @param {string} label */
    sortContribution: (label) => `按对“${label}”的贡献`,
    style: '样式',
    styles: { glow: '发光', spotlight: '聚光', alpha: '叠加配色', multiply: '照片 × 特征图', raw: '只看特征图' },
    colormap: '配色',
    colormaps: ['viridis', 'inferno', 'cividis', 'turbo', 'jet', 'grey'],
    scale: '最强色对应',
    scales: { map: '各图的最大值', layer: '本层的最大值', set: '各照片的最大值' },
    enlargement: '放大方式',
    enlargements: { bilinear: '平滑', nearest: '方格' },
    article: '按照文章',
    articleHelp:
      '依照文章《用特征图可视化解读卷积神经网络的黑箱》（英文）：输入 0 到 1，直接缩放到 224；取倒数第二个残差块或最后一个卷积层；图像 × 特征图；25 张特征图',
  },

  what: {
    photo: '1. 网络得到的照片。',
    /** @param {number} map @param {number} height @param {number} width */
    cells: (map, height, width) =>
      `2. 一个检测器，也就是特征图 ${map}，把照片看了一遍：${formatSize([height, width])} 个数，找到自己图案的地方就亮。`,
    glow: '3. 同样这些数，叠在照片上。',
    nobody: '没有人告诉网络该找什么。这些图案是它在训练中自己找到的。',
  },

  legend: {
    /** @param {'map' | 'layer' | 'set'} scale @param {number} largest */
    scale: (scale, largest) =>
      ({
        map: `每个小块按自己的最大值着色，所以弱的特征图看上去和强的一样强。本层最大值是 ${formatNumber(largest)}。`,
        layer: `所有小块用同一尺度：最强色是本层的最大值 ${formatNumber(largest)}。`,
        set: `最强色是看过的照片中的最大值 ${formatNumber(largest)}。`,
      })[scale],
    ownLargest: '自身最大值',
    ownSmallest: '−最大值',
    signed: '这一层有负值：颜色以零为中心。',
    alt: '颜色标尺',
  },

  predictions: {
    /** @param {{ node: string, op: string }[]} nodes */
    blocked: (nodes) =>
      `这个网络的末尾在这里算不出来，因为没有谁会这些节点的算子：${nodes.map(({ node, op }) => `“${node}”（${op}）`).join('、')}。在它之前的特征图都照样显示。`,
    /** @param {{ name: string, shape: number[] }[]} results */
    noScores: (results) =>
      `这个网络不说出类别，它给出的是${results.map(({ name, shape }) => `“${name}”（${shape.join(' × ') || '1'} 个数）`).join('、')}。特征图照样显示。`,
    /** @param {{ name: string, shape: number[] }[]} results */
    read: (results) =>
      `文件给出的是${results.map(({ name, shape }) => `“${name}”（${shape.join(' × ') || '1'} 个数）`).join('、')}，没有给整张照片的各个类别打分。`,
    /** @param {string} why */
    missing: (why) => `这个引擎运行不了这个网络的末尾，所以只显示特征图。${why}`,
    notFinite: '网络对这张照片算出了无穷大或不是数的值，所以给不出概率。',
    unclear: '模型文件和模型卡都没有说明这个网络最后的数是什么意思，而它们不是概率。它们是什么？',
    /** @param {'logits' | 'softmax' | 'sigmoid'} output */
    doubt: (output) =>
      `模型文件和模型卡都没有明确说明这个网络最后的数是什么意思。这里把它们当作${text.predictions.outputs[output]}。如果不对，请指出它们是什么：`,
    outputs: {
      logits: '得分，由 softmax 变成概率',
      softmax: '互相排斥的各类别的概率',
      sigmoid: '每个类别各自的概率',
    },
    /** @param {string} taken @param {string[]} others */
    taken: (taken, others) =>
      `这个文件给出多个结果。这里把“${taken}”当作类别得分，而不是${others.map((name) => `“${name}”`).join('、')}。模型卡可以用“scores”指定另一个。`,
    /** @param {string | null} reason */
    whyNotModel: (reason) => `这里没有特征图对类别有精确的贡献值${reason ? `：${headReason(reason)}` : ''}。`,
    explain:
      '网络的回答：各个类别及其概率，所有类别加起来是 100%。它只能在训练过的类别中选，所以即使没有一个正确，也会说出一个。',
    sigmoid: '网络的回答：对每个类别单独给出照片中有它的概率，这些概率加起来不一定是 100%。',
  },

  why: {
    help: '选择一个类别，特征图就按对它的贡献排序。',
    notLayer: '只有池化之前的那一层才有精确的贡献值：',
    goThere: '转到那一层',
  },

  means: {
    heading: '所有均值，从大到小',
    /** @param {number} count @param {number} first @param {number} half */
    caption: (count, first, half) =>
      `${count} 张特征图，从最强的（均值 ${formatNumber(first)}）到最弱的。${half > 0 ? `前 ${half} 张占了全部正激活的一半。` : ''}`,
    explain:
      '每张特征图一个点，最强的在左边。开头很陡，说明少数几张特征图撑起了这张照片；拖着长长的平尾，说明大多数特征图对它没什么可说的。',
    failed: '图表库加载失败，数值在 CSV 文件里。',
    loading: '正在加载图表…',
  },

  eraser: {
    undo: '撤销',
    clear: '恢复照片',
    size: '画笔',
    help: '涂抹物体或背景，特征图和预测会随之变化。用键盘：方向键移动，空格键擦除。',
    canvas: '可擦除的照片',
    /** @param {number} strokes */
    active: (strokes) => `已擦除 ${strokes} 笔：擦掉的地方换成照片的平均颜色，结果是对这样的照片算出的。`,
  },

  recipe: {
    heading: '照片怎样变成输入',
    inUse: '预处理',
    guessed: {
      tried: '文件没有说明它要怎样的像素。在四张照片上，这种预处理给已知物体的概率最高。',
      usual: '文件没有说明它要怎样的像素。这是最常见的做法；如果回答不对劲，请换一种。',
    },
    own: '网络自己对像素做归一化，所以照它接受的样子给它像素。',
    said: '按你说的方式。',
    byHand: '手动设置',
    change: '更改…',
    given: '按模型卡的说明。',
    /** @param {string} file */
    found: (file) => `按 ${file} 的说明。`,
    notGiven: '与模型卡的说明不同。',
    /** @param {string} name */
    runnerUp: (name) => `试试第二名：${recipeName(name)}`,
    name: recipeName,
    article: '按照文章。',
    /** @param {import('../api/types.js').Recipe} recipe */
    formula: (recipe) => {
      const mean = (recipe.mean ?? [0]).map(formatNumber).join(', ');
      const std = (recipe.std ?? [1]).map(formatNumber).join(', ');
      const channels = { rgb: '红、绿、蓝', bgr: '蓝、绿、红', grey: '灰度' }[recipe.channels ?? 'rgb'];
      const scale = recipe.scale === undefined || recipe.scale === 1 ? '像素' : `像素 · ${formatNumber(recipe.scale)}`;
      return `${formatSize(recipe.size)}，${{ squash: '直接缩放', crop: '居中裁剪', letterbox: '保持比例，旁边补灰' }[recipe.resize ?? 'squash']}；${channels}；(${scale} − [${mean}]) / [${std}]`;
    },
    explain: '网络是用某一种形式的像素训练的。换一种形式它也会回答，只是答得差。这张图是网络在缩放之后看到的画面。',
  },

  check: {
    /** @param {string} way */
    guessed: (way) => `文件没有说明它要怎样的像素。我们猜是：${way}。对吗？`,
    nameless: '它的类别还没有名字。',
    check: '检查',
    name: '起名字',
  },

  article: {
    why: '按文章的做法，网络得到 0 到 1 的数值，不减均值，整张照片直接压成方形。这个网络是用别的数值训练的，所以回答会变差。',
    same: '按文章的做法，网络得到 0 到 1 的数值，整张照片直接压成方形。',
    /** @param {string} label @param {string} before @param {string} after */
    change: (label, before, after) => `${label}：${before} → ${after}。`,
    /** @param {string} label @param {string} probability */
    instead: (label, probability) => `现在它说是${label}，${probability}。`,
  },

  downloads: {
    heading: '保存',
    png: '网格存为 PNG',
    csv: '均值存为 CSV',
    json: '均值存为 JSON',
  },
};
