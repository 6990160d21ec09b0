import {
  formatMegabytes,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSize,
} from '../api/numbers.js';

/** @param {number} y @param {number} x */
function place(y, x) {
  const row = Math.min(2, Math.floor(y * 3));
  const column = Math.min(2, Math.floor(x * 3));
  if (row === 1 && column === 1) return '位于中央';
  if (row === 1) return column === 0 ? '位于左侧' : '位于右侧';
  return `位于${['左', '正', '右'][column]}${row === 0 ? '上方' : '下方'}`;
}

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
  },

  model: {
    choose: '模型',
    bring: '自己的模型…',
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
  },

  engine: {
    /** @param {'webgpu' | 'cpu'} device */
    device: (device) => (device === 'webgpu' ? 'WebGPU' : 'CPU'),
    /** @param {number} milliseconds */
    speed: (milliseconds) => `${formatMilliseconds(milliseconds)} 毫秒`,
    speedHint: '每张图；更多测量',
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
    /** @param {string} label @param {number} probability */
    says: (label, probability) => `网络说：${label}，${formatPercent(probability)}。`,
    /** @param {{ label: string, score: number }[]} boxes @param {boolean} areMore */
    finds: (boxes, areMore) =>
      `它找到：${boxes.map(({ label, score }) => `${label} ${formatPercent(score)}`).join('、')}${areMore ? '等' : ''}。`,
    allDead: '这一层没有任何特征图对这张照片激活。',
    notFinite: '对这张照片，这一层有些值是无穷大或不是数，所以关于这些特征图的说法意义不大。',
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
    framed: (/** @type {string} */ name) => `；红框：${name} 的特征图`,
    /** @param {number} shown @param {number} live @param {number} dead */
    counts: (shown, live, dead) =>
      `${live} 张特征图中的 ${shown} 张${dead ? `；另有 ${dead} 张对这张照片没有响应` : ''}`,
    /** @param {number} shown @param {number} live */
    few: (shown, live) => `${live} 张中的 ${shown} 张`,
  },

  what: {
    heading: '什么是特征图？',
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
    /** @param {number} value */
    dead: (value) => `这张特征图对这张照片没有响应：处处都是 ${formatNumber(value)}，在这里什么也没说。`,
    negative: '它的最大值不大于零，所以全都通不过 ReLU。',
    original: '网络看到的照片',
    compared: '同一张特征图叠在另一张照片上',
    values: '网格及其数值',
    /** @param {number} value @param {string} label */
    contribution: (value, label) => `它给“${label}”的得分加上 ${formatSigned(value)}。`,
    addToSum: '求和 +',
    inSum: '已加入',
  },

  predictions: {
    heading: '它说是什么？',
    class: '类别',
    /** @param {number} index */
    unnamed: (index) => `类别 ${index}`,
    probability: '概率',
    /** @param {number} count */
    more: (count) => `显示 ${count} 个`,
    fewer: '显示 5 个',
  },

  eraser: {
    start: '擦除一部分',
    stop: '擦除完成',
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

  errors: {
    /** @param {number} names @param {number} classes */
    namesDiffer: (names, classes) => `有 ${names} 个类别名，但网络有 ${classes} 个输出。`,
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
