import { formatNumber } from '../api/numbers.js';

/** @param {number} count */
const grouped = (count) => count.toLocaleString('zh');

const outputsShort = { logits: '得分', softmax: '概率', sigmoid: '各类独立的概率' };

/** @param {number} names @param {number} classes */
const differ = (names, classes) =>
  `${grouped(names)} 个名字，但网络有 ${grouped(classes)} 个输出。每个输出都要有一行。`;

export const text = {
  /** @param {string} title */
  heading: (title) => `“${title}”是怎样读照片的`,
  guess: {
    /** @param {string} name */
    tried: (name) =>
      `你的文件没有说明它要怎样的像素。在常见的方式中，${name}在四张照片上认出的已知物体最多，所以我们采用了它。对吗？`,
    /** @param {string} name */
    usual: (name) => `你的文件没有说明它要怎样的像素。我们采用了最常见的方式：${name}。它对你的照片说得有道理吗？`,
    own: '网络自己处理像素，所以照原样给它。没有什么需要猜。',
    /** @param {string} file */
    from: (file) => `它要怎样的像素，写在 ${file} 里。`,
    /** @param {string} file */
    notTwice: (file) => `网络自己处理像素，所以 ${file} 里的均值和标准差不再做第二遍。`,
    card: '模型卡写明了它要怎样的像素。',
    /** @param {string} name */
    chosen: (name) => `按你的选择，采用${name}。`,
    said: '按你说的方式读。',
  },
  namesAre: {
    none: '它的类别还没有名字，只叫“类别 0”“类别 1”等等。',
    guessed: '它认出了 ImageNet 的照片，所以类别用了 ImageNet 的名字。',
    given: '它的类别都有名字。',
    /** @param {string} file */
    from: (file) => `类别的名字来自 ${file}。`,
    /** @param {string} file @param {number} names @param {number} classes */
    unfit: (file, names, classes) => `没有采用 ${file}：${differ(names, classes)}`,
  },
  outputIs: {
    unknown: '没有说明最后的数值是什么意思；页面按数值本身来判断。',
    /** @param {'logits' | 'softmax' | 'sigmoid'} output */
    known: (output) => `最后的数值当作${outputsShort[output]}。`,
  },
  outputsShort,
  takes: {
    /** @param {string[]} bands */
    bands: (bands) => `它要 ${bands.length} 个通道，依次得到：${bands.join('、')}。`,
    colours: { red: '红', green: '绿', blue: '蓝', none: '无' },
    /** @param {number} slices */
    slices: (slices) => `它要 ${slices} 张叠在一起的图片，每一张都是这张照片。`,
    /** @param {string} name */
    picture: (name) => `它的输入“${name}”得到同一张照片。`,
    /** @param {string} name */
    size: (name) => `它的输入“${name}”得到网络所见画面的高和宽。`,
    /** @param {string} name @param {number} value */
    number: (name, value) => `它的输入“${name}”不是图片，处处得到 ${value}。`,
  },
  /** @param {string} file */
  unread: (file) => `从 ${file} 中没有读出关于网络的内容；其余照常使用。`,
  seen: '这是网络看到的画面',
  seenFailed: '这样读不了：',
  noPhoto: '加一张照片，就能看到网络把它变成什么样。',
  looking: '正在看…',
  says: '它的回答',
  /** @param {number} low @param {number} high */
  range: (low, high) => `变成的数值从 ${formatNumber(low)} 到 ${formatNumber(high)}。`,
  unclear: '它还没有回答：请在下面选择最后的数值是什么，然后采用。',
  nothingSaid: '没有得到类别得分。',
  ways: '读照片的方式',
  /** @type {Record<string, string>} */
  wayNames: {
    card: '模型卡的方式',
    torchvision: 'torchvision 的方式',
    'keras-caffe': 'Keras 的“caffe”方式',
    'keras-tf': 'Keras 的“tf”方式',
    'zero-one': '0 到 1 的数值',
    raw: '0 到 255 的数值',
  },
  /** @type {Record<string, string>} */
  about: {
    card: '照模型卡所写',
    torchvision: '多数 PyTorch 模型',
    'keras-caffe': '较早的 Keras 模型：蓝色在前，减去均值',
    'keras-tf': 'MobileNet 等：−1 到 1',
    'zero-one': '只除以 255',
    raw: '像素不变',
  },
  /** @param {number} share */
  tried: (share) => `对四张照片有 ${Math.round(share * 100)}% 的把握`,
  byHand: '手动更改',
  formula: '每个像素是 0 到 255，变成（像素 × 比例 − 均值）/ 标准差。',
  fields: {
    size: '大小（像素）',
    resize: '怎样变成这个大小',
    channels: '颜色',
    cropShare: '短边看到多少',
    filter: '像素加权',
    bands: '各通道得到什么',
    scale: '比例',
    mean: '均值',
    std: '标准差',
    output: '最后的数值是',
    names: '类别的名字',
  },
  hints: {
    size: '一个数，或高 × 宽',
    scale: '1/255 或 0.00392',
    mean: '每种颜色一个',
    std: '每种颜色一个',
    cropShare: '即 crop_pct，如 0.9；不填为 224/256',
    bands: '每个写 r、g、b，或 0 表示没有',
    names: '按输出的顺序每行一个，或一个 JSON 列表。也可以把 labels.txt 或 card.json 拖到页面上。',
  },
  resize: { crop: '裁剪中间', squash: '整张压缩', letterbox: '保持比例，旁边补灰' },
  filters: { bilinear: '双线性', bicubic: '双三次', lanczos: '兰索斯' },
  channels: { rgb: '红、绿、蓝', bgr: '蓝、绿、红', grey: '灰度' },
  outputs: { '': '按文件所说', logits: '得分', softmax: '概率', sigmoid: '各类独立的概率' },
  count: {
    /** @param {number} classes */
    none: (classes) => `${grouped(classes)} 个输出都没有名字。`,
    /** @param {number} classes */
    right: (classes) => `${grouped(classes)} 个输出，${grouped(classes)} 个名字。`,
  },
  use: '采用',
  save: '保存模型卡',
  back: '恢复推测的设置',
  saved: '已保存。下次和模型一起拖进来。',

  names: { differ },

  problems: {
    size: '大小是 1 到 4096 的整数，或两个这样的数：高 × 宽。',
    scale: '比例是一个数或分数，如 1/255，不能是 0。',
    /** @param {number} channels */
    channels: (channels) => (channels === 1 ? '这个网络只接受灰度图。' : '这个网络接受三种颜色的图。'),
    /** @param {number} count */
    perChannel: (count) =>
      count === 1 ? '这里是一个数。' : `这里是 ${count} 个数，用逗号或空格隔开；或者一个数，用于所有颜色。`,
    cropShare: '比例是 0.05 到 1 之间的数。',
    stdZero: '不能除以 0。',
    count: differ,
    notJson: '开头像 JSON，却不是：少了括号、引号或逗号。',
    noNames: '这个 JSON 里没有名字的列表。',
    /** @param {number} place @param {number} count */
    noPlace: (place, count) => `有 ${count} 个名字，却没有输出 ${place} 的名字。`,
    /** @param {number} line */
    longName: (line) => `第 ${line} 个名字超过 300 个字符。`,
    empty: '文件是空的。',
    notText: '这不是文本。',
    neither: '这个 JSON 既不是模型卡（含 “recipe” 或 “labels”），也不是类别名的列表。',
    /** @param {string} field */
    cardText: (field) => `模型卡的 “${field}” 不是长度合理的文字。`,
    /** @param {string} output */
    cardOutput: (output) => `模型卡的 “output” 是 “${output}”；它可以是 logits、softmax 或 sigmoid。`,
    /** @param {number} count */
    bands: (count) => `${count} 个通道各写一个：r、g、b 或 0。`,
    cardBands: '模型卡的 “bands” 不是由 red、green、blue 和 null 组成的列表。',
    cardLabels: '模型卡的 “labels” 不是名字的列表。',
    /** @param {string} field */
    cardRecipe: (field) => `模型卡里 recipe 的 “${field}” 用不了。`,
  },

  told: {
    noModel: '还没有打开它可能说明的模型。请先打开模型，或把两者一起拖进来。',
    /** @param {string} file @param {string} title @param {string[]} things */
    applied: (file, title, things) => `已从 ${file} 用于“${title}”：${things.join('、')}。`,
    things: {
      /** @param {number} count */
      names: (count) => `${grouped(count)} 个类别名`,
      recipe: '照片怎样变成输入',
      output: '最后的数值是什么',
      title: '标题',
      scores: '哪个结果是得分',
      layer: '先看哪一层',
      bands: '各通道得到什么',
    },
  },
};
