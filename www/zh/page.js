import {
  formatMegabytes,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSize,
} from '../api/numbers.js';
import { brief } from './api.js';

/** @param {number[]} size */
const pixels = ([height, width]) => (height === width ? `${height} 像素` : `${height}×${width} 像素`);

/** @param {number} y @param {number} x */
function place(y, x) {
  const row = Math.min(2, Math.floor(y * 3));
  const column = Math.min(2, Math.floor(x * 3));
  if (row === 1 && column === 1) return '位于中央';
  if (row === 1) return column === 0 ? '位于左侧' : '位于右侧';
  return `位于${['左', '正', '右'][column]}${row === 0 ? '上方' : '下方'}`;
}

/** @type {Record<string, string>} */
const recipeNames = {
  card: '模型卡所给',
  torchvision: 'torchvision',
  'keras-caffe': 'Keras “caffe”',
  'keras-tf': 'Keras “tf”',
  'zero-one': '0 到 1',
  raw: '原始 0 到 255',
};

/** @type {Record<'before' | 'after' | 'none', string>} */
const reluShort = { before: '激活之前', after: '激活之后', none: '' };

/** @param {import('../api/types.js').Waiting} waiting */
function waitingFor({ for: step, seconds, limit }) {
  const what = {
    adapter: '正在等浏览器给出显卡',
    device: '正在等浏览器交出显卡',
    check: '正在等显卡自检的结果',
    run: '正在等显卡的第一次运行',
  }[step];
  return `${what}，已等 ${seconds} 秒${limit ? `，最多 ${limit} 秒` : ''}…`;
}

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

/** The photos that lie beside the page, by file.
 * @type {Record<string, { title: string, alt: string, credit: string }>} */
const samples = {
  'chelsea.webp': {
    title: '猫咪 Chelsea',
    alt: '一只虎斑猫的面部特写，它的目光越过镜头',
    credit: '摄影：Stefan van der Walt（CC0-1.0）',
  },
  'coffee.jpg': {
    title: '咖啡杯',
    alt: '木桌上的一杯浓缩咖啡，碟子上放着小勺',
    credit: '摄影：Rachel Michetti，由 Pikolo Espresso Bar 提供（CC0-1.0）',
  },
  'rocket.jpg': {
    title: '发射台上的火箭',
    alt: '黄昏时，一枚白色的猎鹰 9 号火箭立在四根避雷塔之间的发射台上',
    credit: '摄影：SpaceX，用猎鹰 9 号发射 DSCOVR（公有领域）',
  },
  'camera.jpg': {
    title: '摄影师',
    alt: '黑白照片：穿黑大衣的男子正看着三脚架上的相机',
    credit: '摄影：Lav Varshney（CC0-1.0）',
  },
  'astronaut.jpg': {
    title: '宇航员',
    alt: '身穿橙色航天服的宇航员艾琳·柯林斯，身旁是航天飞机模型',
    credit: 'NASA Great Images 图库，https://flic.kr/p/r9qvLn（公有领域）',
  },
};

export const text = {
  title: 'Featurescope',
  pageTitle: 'Featurescope：看看 CNN 在看什么',
  /** @param {string} question */
  titleOf: (question) => `${question} · Featurescope`,
  description: '拖入一个 ONNX 模型和几张照片，看看哪些特征图被激活、在哪里激活。一切都在浏览器中运行。',
  privacy: '把照片、文件夹或模型拖到这个网页的任何地方。离开这台电脑的内容：没有，除非你自己生成一个带图片的链接。',
  language: '语言',
  switchLosesFiles: '换语言会重新载入页面，你添加的照片、类别和模型需要再添加一次。继续吗？',
  whatAmISeeing: '我看到的是什么？',
  share: '分享…',
  close: '关闭',
  cancel: '取消',
  skip: '跳到特征图',

  questions: {
    label: '向网络提出的五个问题',
    tabs: { look: '看', own: '类别', draw: '画', everywhere: '处处', unique: '独有' },
    look: '它在看哪里？',
    own: '哪个类别用哪些特征图？',
    draw: '它会画出什么？',
    everywhere: '它在哪里都找得到吗？',
    unique: '它是独有的吗？',
    hints: {
      look: '一张照片，一层的全部特征图：每张在哪里激活',
      own: '把照片分成类别：每个类别中最常出现的特征图，去掉也是别的类别最常出现的',
      draw: '一步步改动一张图，直到一张特征图的激活尽可能强',
      everywhere: '一张特征图放到一个类别的所有照片上，以及网络把它们认成什么',
      unique: '把一个类别的特征图之和当作警报，用在没有参与寻找的照片上',
    },
  },

  model: {
    choose: '模型',
    bring: '自己的模型…',
    about: '关于网络',
    /** @param {number} classes @param {number[]} shape @param {boolean} guessed */
    summary: (classes, shape, guessed) =>
      `${classes === 0 ? '没有类别' : `${classes} 个类别`}${guessed ? '（类别名按 ImageNet 推测）' : ''}，输入形状 ${shape.slice(1).join('×')}`,
    yours: '你的模型',
  },

  layer: {
    label: '层',
    reluShort,
    /** @param {import('../api/types.js').Layer} layer */
    option: (layer) => {
      const relu = reluShort[layer.relu];
      return `${layer.name || layer.id} · ${layer.op}${relu ? `，${relu}` : ''} · ${layer.channels} × ${formatSize([layer.height, layer.width])}`;
    },
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

  engine: {
    deviceLost: '图形设备丢失了两次，所以用 CPU 计算。',
    /** @param {'webgpu' | 'cpu'} device */
    device: (device) => (device === 'webgpu' ? 'WebGPU' : 'CPU'),
    /** @param {number} milliseconds */
    speed: (milliseconds) => `${formatMilliseconds(milliseconds)} 毫秒`,
    speedHint: '每张图',
    starting: '正在启动…',
    failed: '没有启动',
    recordedOnly: '引擎没有启动，原因见上方。这里显示的是预先录制的结果。',
    recorded: '这是预先录制的结果，引擎正在加载。',
    slow: '对 WebGPU 来说这很慢。',
    tryCpu: '改用 CPU 引擎',
    why: '引擎',
  },

  tray: {
    heading: '照片',
    add: '添加照片',
    addFolder: '添加文件夹',
    ways: '还可以做什么',
    sort: '分成类别…',
    story: '导览故事…',
    classroom: '课堂…',
    drop: '拖入照片或 ONNX 模型',
    /** @param {string} name */
    show: (name) => `查看 ${name}`,
    /** @param {string} name */
    remove: (name) => `移除 ${name}`,
    pasted: '粘贴的照片',
    /** @param {string} name */
    heic: (name) => `${name} 是 HEIC 照片，Featurescope 和这个浏览器都读不了。请先把它存为 JPEG。`,
    /** @param {number} count */
    heics: (count) =>
      `${count} 张 HEIC 照片没有加入：Featurescope 和这个浏览器都读不了这种格式。请先把它们存为 JPEG。` +
      '在 iPhone 上，依次打开“设置”“相机”“格式”，选择“兼容性最佳”，以后拍的照片就是 JPEG。',
    compare: '与之比较',
    noCompare: '与哪张比较…',
    nothing: '拖入的内容里没有照片，也没有模型。',
    /** @param {string} file @param {{ title: string, alt: string, credit: string }} photo */
    sample: (file, photo) => samples[file] ?? photo,
  },

  photo: {
    heading: '照片',
    /** @param {string} name */
    alt: (name) => `照片“${name}”`,
    seen: '网络看到的画面',
  },

  depth: {
    heading: '深度：从边缘到物体',
  },

  look: {
    heading: '它在看哪里？',
    /** @param {number} channels */
    answer: (channels) => `${channels} 个小小的检测器，也就是特征图，在看这张照片。`,
    /** @param {number} map @param {number} mean @param {string} where */
    lead: (map, mean, where) => `特征图 ${map} 激活最强（均值 ${formatNumber(mean)}），${where}。`,
    /** @param {string} label @param {number} probability */
    says: (label, probability) => `网络说：${label}，${formatPercent(probability)}。`,
    /** @param {{ label: string, score: number }[]} boxes @param {boolean} areMore */
    finds: (boxes, areMore) =>
      `它找到：${boxes.map(({ label, score }) => `${label} ${formatPercent(score)}`).join('、')}${areMore ? '等' : ''}。`,
    allDead: '这一层没有任何特征图对这张照片激活。',
    notFinite: '对这张照片，这一层有些值是无穷大或不是数，所以关于这些特征图的说法意义不大。',
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
    all: '全部特征图，从强到弱',
    settings: '设置：特征图怎样画出来，照片怎样变成输入',
    grid: '按名次排列的特征图',
    mean: ' 均值 ',
    /** @param {number} rank @param {string} where */
    tile: (rank, where) => `，第 ${rank} 名，最强处${where}`,
    /** @param {number} map */
    choose: (map) => `把特征图 ${map} 加入求和`,
    keys: '方向键移动，Enter 打开，S 加入求和。',
    clearSum: '清空求和',
    explain:
      '照片在网络中一直算到所选的层，变成一叠小网格，每张特征图一个。每个网格放大到照片大小后叠在上面：颜色越强，激活越强。' +
      '小块下方是特征图的编号，旁边的数是整个网格的均值，小块就按这个均值排列。没有人告诉过网络每张特征图代表什么，图案是它在训练中自己找到的。',
    framed: (/** @type {string} */ name) => `；红框：${name} 的特征图`,
    /** @param {number} shown @param {number} live @param {number} dead */
    counts: (shown, live, dead) =>
      `${live} 张特征图中的 ${shown} 张${dead ? `；另有 ${dead} 张对这张照片没有响应` : ''}`,
    /** @param {number} shown @param {number} live */
    few: (shown, live) => `${live} 张中的 ${shown} 张`,
  },

  what: {
    heading: '什么是特征图？',
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

  card: {
    without: '把它关掉',
    cam: '为什么是这个类别？',
    drawing: '它会画出什么？',
    /** @param {number} map */
    title: (map) => `特征图 ${map}`,
    goTo: '特征图',
    previous: '上一名的特征图',
    next: '下一名的特征图',
    /**
     * @param {{ rank: number, live: number, mean: number, where: string, share: number, strongest: import('../api/types.js').RankedMap,
     *   times: number | null }} facts
     */
    caption: ({ rank, live, mean, where, share, strongest, times }) => {
      const lights = `${where}，占画面的 ${formatPercent(share)}`;
      if (rank === 1)
        return `${live} 张中最强的一张，亮在：${lights}${times && times >= 1.05 ? `，强度是下一张的 ${formatNumber(Number(times.toFixed(1)))} 倍` : ''}。`;
      const part = mean > 0 ? `，强度是最强的特征图 ${strongest.map} 的 ${formatPercent(mean / strongest.mean)}` : '';
      return `${live} 张中的第 ${rank} 张，亮在：${lights}${part}。`;
    },
    /** @param {{ mean: number, max: number, min: number }} facts */
    numbers: ({ mean, max, min }) =>
      `均值 ${formatNumber(mean)}，最大值 ${formatNumber(max)}，最小值 ${formatNumber(min)}。`,
    /** @param {number} value */
    dead: (value) => `这张特征图对这张照片没有响应：处处都是 ${formatNumber(value)}，在这里什么也没说。`,
    negative: '它的最大值不大于零，所以全都通不过 ReLU。',
    original: '网络看到的照片',
    compared: '同一张特征图叠在另一张照片上',
    values: '网格及其数值',
    /** @param {number} row @param {number} column @param {number} value */
    cell: (row, column, value) => `第 ${row} 行，第 ${column} 列：${formatNumber(value)}`,
    /** @param {number} row @param {number} column @param {number} value */
    strongest: (row, column, value) =>
      `最强的格子：第 ${row} 行，第 ${column} 列，值 ${formatNumber(value)}。把指针移到格子上可以读数。`,
    /** @param {number} height @param {number} width */
    gridAlt: (height, width) => `${formatSize([height, width])} 个数值的网格`,
    /** @param {number} value @param {string} label */
    contribution: (value, label) => `它给“${label}”的得分加上 ${formatSigned(value)}。`,
    /** @param {{ name: string, place: number, count: number }[]} classes */
    classes: (classes) =>
      `属于这些类别的特征图：${classes.map(({ name, place, count }) => `${name}（第 ${place} 张，共 ${count} 张）`).join('、')}。`,
    wouldDraw: '它会画出的样子',
    drawIt: '画出来',
    /** @param {number} map */
    goDraw: (map) => `画出特征图 ${map} 在找的东西`,
    findElsewhere: '在其他照片里找',
    /** @param {boolean} isFound @param {number} images */
    elsewhere: (isFound, images) => (isFound ? `${images} 张照片里的最强处` : '它还在哪里亮起'),
    addToSum: '求和 +',
    inSum: '已加入',
    /** @param {number[]} maps */
    sum: (maps) => `特征图 ${maps.join('、')} 之和`,
    sumCaption: '每张特征图先放大，相加后在最强处截断。',
    explain:
      '大图是网络实际得到的照片，去掉了颜色，上面叠着放大后的这个网格。每格一个数：平滑的光亮背后，也只有这些数。',
    allValues: '用表格显示所有数值',
  },

  predictions: {
    heading: '它说是什么？',
    /** @param {{ name: string, shape: number[] }[]} results */
    noScores: (results) =>
      `这个网络不说出类别，它给出的是${results.map(({ name, shape }) => `“${name}”（${shape.join(' × ') || '1'} 个数）`).join('、')}。特征图照样显示。`,
    headings: {
      boxes: '它找到了什么？',
      mask: '哪里是什么？',
      embedding: '它像什么？',
      picture: '它做出了什么？',
    },
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
    nothing: '这里要问的是类别，但现在没有预测结果。',
    class: '类别',
    /** @param {number} index */
    unnamed: (index) => `类别 ${index}`,
    probability: '概率',
    more: '显示 20 个',
    fewer: '显示 5 个',
    whyHelp: '选择一个类别，特征图就按对它的贡献排序。',
    whyNotLayer: '只有池化之前的那一层才有精确的贡献值：',
    goToHead: '转到那一层',
    /** @param {string | null} reason */
    whyNotModel: (reason) => `这里没有特征图对类别有精确的贡献值${reason ? `：${headReason(reason)}` : ''}。`,
    explain:
      '网络的回答：各个类别及其概率，所有类别加起来是 100%。它只能在训练过的类别中选，所以即使没有一个正确，也会说出一个。',
    sigmoid: '网络的回答：对每个类别单独给出照片中有它的概率，这些概率加起来不一定是 100%。',
  },

  means: {
    heading: '所有均值，从大到小',
    /** @param {number} count @param {number} first @param {number} half */
    caption: (count, first, half) =>
      `${count} 张特征图，从最强的（均值 ${formatNumber(first)}）到最弱的。${half > 0 ? `前 ${half} 张占了全部正激活的一半。` : ''}`,
    explain:
      '每张特征图一个点，最强的在左边。开头很陡，说明少数几张特征图撑起了这张照片；拖着长长的平尾，说明大多数特征图对它没什么可说的。',
    axes: { rank: '名次 →', mean: '↑ 均值' },
    /** @param {{ map: number, rank: number | null, mean: number }} point */
    point: ({ map, rank, mean }) =>
      `#${map}\n${rank === null ? '没有响应' : `第 ${rank} 名`}\n均值 ${formatNumber(mean)}`,
    failed: '图表库加载失败，数值在 CSV 文件里。',
    loading: '正在加载图表…',
  },

  eraser: {
    start: '擦除一部分',
    stop: '擦除完成',
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

  progress: {
    /** @param {import('../api/types.js').Progress} progress */
    line: ({ stage, done, total, secondsLeft, waiting }) => {
      if (waiting) return waitingFor(waiting);
      const what = {
        engine: '正在加载引擎',
        download: '正在下载模型',
        read: '正在读取模型',
        setup: '正在准备',
        guess: '正在推测模型需要的像素形式',
        decode: '正在读取照片',
        run: '正在看',
      }[stage];
      const bytes = stage === 'engine' || stage === 'download' || stage === 'read';
      const far = bytes && done > 0 ? `，${formatMegabytes(done)}${total ? `，共 ${formatMegabytes(total)}` : ''}` : '';
      const left = secondsLeft && secondsLeft > 1 ? `，还剩 ${Math.ceil(secondsLeft)} 秒` : '';
      return `${what}${far}${left}…`;
    },
    waiting: waitingFor,
  },

  offline: {
    newVersion: '有新版本了。',
    reload: '重新载入',
    later: '以后再说',
  },

  errors: {
    /** @param {number} names @param {number} classes */
    namesDiffer: (names, classes) => `有 ${names} 个类别名，但网络有 ${classes} 个输出。`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} 转发了请求：模型来自 ${from}。`,
    /** @param {string} message */
    restarting: (message) => `${message}正在重新启动；你的照片都还在。`,
    restarted: '引擎停止后已重新启动。你的照片都还在。',
    gaveUp: '引擎一再停止。请重新载入页面，或换小一点的模型或照片。',
    /** @param {string} name @param {string} message @param {string} [code] */
    about: (name, message, code) => {
      const cures = /** @type {Record<string, string>} */ ({
        'bad-model': '“使用自己的模型…”里有导出脚本可用。',
        'bad-card': '请改正模型卡，或者不带模型卡再拖一次。',
        'unsupported-on-cpu': '请换用别的算子导出。',
        'unsupported-op': '请选用 CPU 引擎（在网址后加 ?engine=cpu），或换用别的算子导出。',
        'too-large': '请换一个小一点的。',
      });
      const short = message.length > 320 ? `${message.slice(0, 300)}…` : message;
      return `${name}：${short}${cures[code ?? ''] ?? ''}`;
    },
    dismiss: '关闭提示',
    /** @param {string} message @param {number} count */
    times: (message, count) => `${message}（共 ${count} 次。）`,
    /** @param {string[]} names @param {number} others */
    names: (names, others) =>
      others > 0
        ? `${names.join('、')} 等共 ${names.length + others} 个文件`
        : `${names.slice(0, -1).join('、')} 和 ${names.at(-1)}`,
    noIndex: '读不到模型和照片的列表。请检查网络并重新载入页面。',
  },

  place,
};
