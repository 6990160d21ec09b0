import { formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number} count */
const images = (count) => `${count} 张图片`;

/** @param {number[]} maps @param {string} name */
const subject = (maps, name) =>
  maps.length === 1 ? `特征图 ${maps[0]} ` : `“${name}”的 ${maps.length} 张特征图合起来`;

/** The first few of a list in words. @param {string[]} list */
const some = (list) => (list.length > 4 ? `${list.slice(0, 3).join('、')}等 ${list.length} 个` : list.join('、'));

/** @param {{ low: number, high: number }} interval */
const between = ({ low, high }) => `${low.toFixed(3)} 到 ${high.toFixed(3)}`;

/** @param {number} value */
const area = (value) => value.toFixed(3);

export const text = {
  cancel: '取消',
  find: '寻找特征图',
  again: '看新增的图片',
  lookHere: '在这一层看',
  lookAgain: '按页面现在的设置看',
  waiting: '还没有看过任何图片。“寻找特征图”会让网络把每张图片看一遍。',
  noImages: '请先把图片放进类别里。',
  images,
  /** @param {import('../classes/workbench.js').Running} running */
  progress: ({ title, done, total, secondsLeft }) =>
    done === 0
      ? '正在打开模型…'
      : `${title ? `${title}：` : ''}${images(total)}中的第 ${done} 张${secondsLeft > 1 ? `，还剩 ${Math.ceil(secondsLeft)} 秒` : ''}`,
  /** @param {number} done @param {string} layer @param {string[]} failed @param {number} waiting */
  done: (done, layer, failed, waiting) =>
    `在 ${images(done)}中找到，层 ${layer}。` +
    (waiting > 0 ? `还有 ${images(waiting)}没看。` : '') +
    (failed.length > 0 ? `无法读取：${failed.slice(0, 5).join('、')}${failed.length > 5 ? ' …' : ''}` : ''),

  /** @param {number} classes @param {number} count @param {string | null} model @param {number} models */
  setUp: (classes, count, model, models) =>
    `${classes} 个类别，${count} 张图片${models > 1 ? `，${models} 个模型` : model ? `，${model}` : ''}`,
  change: '更改',

  examples: {
    /** @param {string} _title @param {string} kind @param {number} number */
    photo: (_title, kind, number) => `${kind}照片 ${number}`,
    loading: '正在加载本页自带的照片…',
    unreachable: '本页自带的照片加载不了。请检查网络，或者使用自己的图片。',
    /** @param {number} photos */
    about: (photos) =>
      `本页自带 ${photos} 张鱼、名胜建筑和工具的照片，都属于公有领域或 CC0。可以换成你自己的：把一个文件夹拖到页面任意位置，其中每个类别一个图片子文件夹。`,
    useMine: '使用我的图片…',
  },

  columns: {
    none: '还没有类别。把一个文件夹拖到页面任意位置，其中每个类别一个图片子文件夹；也可以拖入这样一个 .zip 文件。或者先添加一个类别，再放入图片。',
    list: '类别',
    hint: '把图片、文件夹或 .zip 文件拖到某个类别上，或按“添加图片…”。图片可以从一个类别拖到另一个。至少要有两个类别才能比较。',
    add: '添加类别',
    stem: '类别',
    unnamed: /^类别 \d+$/,
    name: '类别的名字',
    role: '用途',
    roles: { both: '寻找特征图和检验', source: '来源：在这里找特征图', target: '目标：在这里检验' },
    addImages: '添加图片…',
    /** @param {string} name */
    addImagesTo: (name) => `添加图片…到 ${name}`,
    dropHere: '还没有图片，请拖到这里。',
    /** @param {string} name */
    remove: (name) => `移除类别 ${name}`,
    /** @param {string} name */
    removeImage: (name) => `把 ${name} 移出类别`,
    /** @param {string} name */
    show: (name) => `查看 ${name}`,
    /** @param {number} next @param {number} left */
    more: (next, left) => (next < left ? `再显示 ${next} 张（还有 ${left} 张）` : `显示剩下的 ${left} 张`),
    noName: '类别需要一个名字。',
    /** @param {string} name */
    taken: (name) =>
      `已经有一个用途相同的类别叫 ${name}。请换个名字，或者把这些图片加到那个类别里。` +
      '如果想在一些图片上找特征图、在另一些上检验，请先把其中一个设为来源，另一个设为目标。',
    /** @param {string} name */
    roleTaken: (name) => `已经有一列 ${name} 用于这个用途。请把图片合在一起，或者给其中一列改名。`,
    noImages: '添加的内容里没有图片。可以读取 JPEG、PNG、WebP、GIF 和 BMP。',
    there: '这些图片已经在这个类别里了。',
    /** @param {string} name @param {number} count */
    removed: (name, count) => `已移除 ${name}（${images(count)}）。`,
    /** @param {string} image @param {string} name */
    removedImage: (image, name) => `已把 ${image} 移出 ${name}。`,
    /** @param {string} image @param {string} name */
    moved: (image, name) => `已把 ${image} 移到 ${name}。`,
    undo: '撤销',
  },

  ties: {
    /** @param {string} [model] */
    title: (model) => `${model ? `“${model}”` : '模型'}怎么称呼它`,
    /** @param {string} name @param {string} [model] */
    label: (name, model) => `${model ? `“${model}”` : '模型'}中属于 ${name} 的输出`,
    add: '添加输出…',
    /** @param {string} name @param {string} [model] */
    addTo: (name, model) => `为 ${name} 添加一个${model ? `“${model}”的` : '模型'}输出`,
    /** @param {number} index @param {string} label */
    output: (index, label) => `${label}（${index}）`.trim(),
    /** @param {string} label @param {string} name */
    remove: (label, name) => `${label} 不属于 ${name}`,
    automatic: '按类别的名字找到的。',
    /** @param {string} name @param {number} count */
    kinds: (name, count) =>
      `按类别的名字找到的：WordNet 里属于“${name}”的 ${count} 个输出。如果这里有范围更窄的类别也包含某个输出，它就归那个类别。`,
    /** @param {number} count */
    all: (count) => `显示全部 ${count} 个`,
    fewer: '收起',
    noSuch: '模型没有这个类别',
    byName: '重新按类别的名字来找',
    followed: '与第一个模型一样：同名的输出。',
    follow: '重新跟随第一个模型',
    /** @param {string} name @param {boolean} chosen */
    none: (name, chosen) =>
      `${chosen ? `没有输出属于 ${name}` : `模型没有叫“${name}”的输出`}，所以它的图片只能算作“其他”。请在这里输入模型对它的称呼，或者给类别改名。`,
    /** @param {string} wanted @param {string[]} similar */
    unknown: (wanted, similar) =>
      `模型没有叫“${wanted}”的输出。${similar.length > 0 ? `含有这个词的有：${some(similar)}。` : '请从列表中选择。'}`,
    /** @param {string[]} labels */
    similar: (labels) => `采用 ${some(labels)}`,
  },

  own: {
    explain:
      '特征图就像网络的“肌肉”：有的只为一个类别出力，有的为所有类别出力。从每张图片中取出激活最强的特征图。一个类别的名单是在它的图片中出现次数最多的特征图；名单里同时也在别的类别名单中的会去掉，不管在那里出现几次。',
    perImage: '每张图片的特征图数',
    perClass: '每个类别的特征图数',
    model: '模型',
    /** @param {number} own @param {number} shared @param {number} wanted */
    summary: (own, shared, wanted) => {
      if (own + shared === 0) return '没有特征图在这些图片上激活。';
      if (own === 0) return `没有一张特征图是这个类别独有的：名单里的 ${shared} 张都在别的类别的名单里。`;
      const left = own + shared < wanted ? `（总共只出现过 ${own + shared} 张）` : '';
      return shared === 0
        ? `${own} 张特征图，全部独有${left}。`
        : `${own + shared} 张特征图中有 ${own} 张独有${left}。`;
    },
    /** @param {{ map: number, name: string, count: number, total: number, perImage: number, several: boolean }} found */
    answer: ({ map, name, count, total, perImage, several }) =>
      `特征图 ${map} 是“${name}”的特征图：“${name}”的 ${images(total)}中有 ${count} 张，它位列最强的 ${perImage} 张之中` +
      `${several ? '，而且不在任何别的类别的名单里' : ''}。`,
    noAnswer: '没有一个类别有独有的特征图：在一个类别里常出现的，在别的类别里也出现。',
    /** @param {string} title */
    checked: (title) => `“${title}”是一种检验，其中没有东西可找：这里出现的都是偶然。`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? '哪些特征图只在一个类别里常出现？请带来一个文件夹，其中每个类别一个图片子文件夹。'
        : `哪些特征图只在一个类别里常出现？网络看完 ${images(count)}之后，它们会出现在这里。`,
    /** @param {boolean} drawn */
    pictures: (drawn) =>
      drawn
        ? '每一对图是一张特征图：它激活最强的地方，以及它会画出什么（或者激活第二强的地方）。'
        : '每一对图是一张特征图：它激活最强的两个地方。',
    /** @param {number} count @param {number} total */
    countOf: (count, total) => `${total} 张中 ${count} 张`,
    /** @param {number} count */
    moreMaps: (count) => `还有 ${count} 张`,
    overlap: '各个列表的共同之处',
    overlapExplain:
      '每一列是一种类别组合，由下方的圆点标出；柱子表示恰好在这些类别的名单里的特征图有几张。红色：只属于一个类别的特征图，会保留。灰色：共用的特征图，这些类别都会去掉。',
    /** @param {number} count */
    often: (count) => `在 ${images(count)}中进入最强之列`,
    frame: '在网格中框出',
    draw: '画出这些特征图',
    /** @param {string} name @param {number[]} ranks @param {number} count */
    ranks: (name, ranks, count) =>
      ranks.length > 0
        ? `${name}：在这张照片最强的 ${count} 张中排第 ${ranks.join('、')}`
        : `${name}：不在这张照片最强的 ${count} 张之中`,
    /** @param {string} label @param {number} count */
    inGrid: (label, count) => [`${label}：特征图在最强的 ${count} 张中排第`, '位'],
    /** @param {number} rank @param {number} map */
    goToRank: (rank, map) => `转到第 ${rank} 位，特征图 ${map}`,
    /** @param {string} layer */
    elsewhere: (layer) => `这些是层 ${layer} 的特征图，而网格显示的是另一层。`,
    /** @param {string} title */
    otherModel: (title) => `这些是“${title}”的特征图，而网格显示的是另一个模型。`,
    /** @param {number} count */
    shared: (count) => `${count} 张特征图是共用的`,
    /** @param {number} map @param {number} count @param {string[]} alsoIn */
    sharedMap: (map, count, alsoIn) => `#${map} ×${count}，也出现在 ${alsoIn.join('、')}`,
  },
  whatAmISeeing: '我看到的是什么？',

  everywhere: {
    explain:
      '取一个类别的特征图，把它们叠到每张图片上，也包括其他类别的图片。特征图在哪里都找到同样的东西，还是激活在别的东西上？旁边是网络自己对这些图片的回答。',
    images: '图片属于',
    all: '所有类别',
    mapsOf: '特征图属于',
    order: '排序',
    strongest: '最强的在前',
    weakest: '最弱的在前',
    byName: '按文件名',
    choose: '这个类别的特征图，其中一张或几张之和叠加在图片上',
    several: '把几张特征图相加',
    /** @param {number} count */
    sum: (count) => `全部 ${count} 张之和`,
    /** @param {number[]} maps @param {string} name @param {{ images: number, first: number, times: number | null }} standing */
    answer: (maps, name, { images: count, first, times }) =>
      `${subject(maps, name)}${times === null ? '' : `在“${name}”的图片上的激活是其他图片的 ${formatNumber(Math.round(times * 10) / 10)} 倍`}：激活最强的 ${images(count)}中有 ${first} 张属于“${name}”。`,
    /** @param {number[]} maps @param {string} name @param {number} count @param {number} all */
    firesIn: (maps, name, count, all) => `${subject(maps, name)}在“${name}”的 ${images(all)}中的 ${count} 张上激活。`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? '一个类别的特征图在每张图片里都能找到它吗？请带来一个文件夹，其中每个类别一个图片子文件夹。'
        : `一个类别的特征图在每张图片里都能找到它吗？网络看完 ${images(count)}之后，答案会出现在这里。`,
    gallery: '叠加了特征图的图片',
    patches: '什么最能让这张特征图激活',
    /** @param {string} name */
    noMaps: (name) =>
      `${name || '这个类别'}在这里没有独有的特征图，所以没有东西可以叠到图片上。请增加每个类别的特征图数，或选择另一个类别。`,
    /** @param {number[]} maps @param {number} count @param {number} mean @param {string} of */
    lead: (maps, count, mean, of) =>
      `${maps.length === 1 ? `特征图 ${maps[0]}` : `${maps.length} 张特征图之和`}，${of ? `${of} 的` : ''} ${images(count)}：均值 ${formatNumber(mean)}。`,
    /** @param {number} map @param {boolean} limited */
    wall: (map, limited) =>
      `特征图 ${map} 取得最大值的图片局部，不限类别；数字就是这个值。` +
      (limited ? '特征图的一格能看到边长的 40% 以上，所以只截取其中心周围的 40%。' : ''),
  },

  gallery: {
    more: '显示更多',
    /** @param {string} name */
    open: (name) => `${name}：单独查看`,
    scales: {
      map: '每张图片按自己的最大值上色，所以弱的和强的看起来一样强；到底多强，请看数值。',
      layer: '最强的颜色是整层在每张图片上的最大值。',
      /** @param {number} largest @param {number} count */
      set: (largest, count) => `这 ${images(count)}用同一颜色尺度：最强的颜色是其中的最大值 ${formatNumber(largest)}。`,
      /** @param {number} gain */
      article: (gain) => `与文章相同：图片 × 特征图${gain === 1 ? '' : ` × ${formatNumber(gain)}`}，数值原样。`,
    },
  },

  confusion: {
    caption: '网络对这些图片的回答',
    corner: '真实类别',
    other: '其他',
    recall: '召回率',
    precision: '精确率',
    /** @param {number} count @param {string} truth @param {string} said */
    cell: (count, truth, said) => `${truth} 的 ${images(count)}被认作 ${said}`,
    /** @param {string} truth @param {string} said */
    title: (truth, said) => `${truth}，被网络认作 ${said}`,
    explain: '行是真实类别，列是网络的回答。点一下数字，上面会显示对应的图片。',
    /** @param {string[]} names */
    untied: (names) => `还没有人说过这个模型怎么称呼 ${some(names)}，所以无法判断它的回答是对是错。`,
    /** @param {string} name */
    tie: (name) => `说明它怎么称呼 ${name}`,
    /** @param {string[]} names */
    unknown: (names) =>
      `模型没有输出与 ${some(names)} 对应，所以${names.length === 1 ? '它' : '它们'}的图片算作“其他”。`,
  },

  unique: {
    explain:
      '把一个类别的特征图之和当作警报：和达到红线就响。如果这些特征图是这个类别独有的，它的图片就会排在其他所有图片之上。',
    help:
      '每个标记是一张图片：从左到右是它在类别中的位置，向上是特征图均值之和。拖动红线，或用 Tab 键选中它再按方向键，计数会随之变化。' +
      '自动的红线在随机一半图片（空心标记）上取约登指数 J（找到的比例减去误报的比例）最大之处，再在另一半（实心标记）上计数，免得自卖自夸。' +
      '在“划分”里换一个数，会重新随机划分，其他靠抽签决定的东西也会重抽。' +
      '曲线下面积表示这个类别的图片之和大于其他图片的频率：1 是总是，0.5 等于碰运气。',
    /** @param {number[]} maps @param {string} name @param {{ found: number, all: number, falseAlarms: number, others: number, choosing: number }} counts */
    answer: (maps, name, { found, all, falseAlarms, others, choosing }) =>
      `${maps.length === 1 ? `用特征图 ${maps[0]} ` : `用“${name}”的 ${maps.length} 张特征图`}报警：“${name}”的 ${images(all)}中有 ${found} 张报警` +
      `${others > 0 ? `，其他 ${images(others)}中有 ${falseAlarms} 张` : ''}。${choosing > 0 ? `另外 ${choosing} 张用来选定报警线。` : ''}`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? '一个类别的特征图是不是只在它上面激活，因而可以用来报警？请带来一个文件夹，其中每个类别一个图片子文件夹。'
        : `一个类别的特征图是不是只在它上面激活，因而可以用来报警？网络看完 ${images(count)}之后，答案会出现在这里。`,
    statistics: '这个报警有多好？曲线、曲线下面积和检验',
    /** @param {string} name @param {number} count */
    missed: (name, count) => `漏报：“${name}”的 ${images(count)}在线以下`,
    /** @param {number} count */
    alarmedOthers: (count) => `误报：其他 ${images(count)}在线以上`,
    mapsFrom: '特征图来自',
    each: '各个模型自己',
    /** @param {string} title @param {string} from */
    withMapsOf: (title, from) => `${title}，用 ${from} 的特征图`,
    /** @param {number} place @param {number} map */
    place: (place, map) => `各名单的第 ${place} 张（#${map}）`,
    mapsOf: '特征图属于',
    detector: '警报依据',
    allMaps: '它所有特征图之和',
    sameImages:
      '这些特征图正是在这些图片上找到的，结果会偏好。请把一些图片标为“目标”，在没有用来找特征图的图片上检验。',
    legend: '各类别的颜色和形状',
    ownScale: '每个模型用自己的坐标',
    split: '划分',
    counted: '实心：计数',
    choosing: '空心：选自动红线',
    x: '类别中的图片 →',
    y: '↑ 特征图均值之和',
    falseAlarms: '其他图片中的误报 →',
    found: '↑ 找到的比例',
    /** @param {string} name @param {number} count */
    chart: (name, count) => `${name} 的特征图之和，共 ${images(count)}`,
    /** @param {string} name */
    rocChart: (name) => `在每个阈值下，找到 ${name} 的比例与误报的比例`,
    /** @param {string} name */
    slider: (name) => `${name} 警报的阈值`,
    /** @param {number} value */
    thresholdAt: (value) => `到 ${formatNumber(value)} 报警`,
    noAlarm: '不报警',
    automatic: '恢复自动阈值',
    /** @param {number} value @param {boolean} byHand @param {number} scored @param {number} all */
    thresholdLine: (value, byHand, scored, all) =>
      value === Infinity
        ? `在用来选阈值的 ${images(all - scored)}上，没有一个阈值比碰运气更好，所以警报从不响；在另外 ${scored} 张上计数。`
        : byHand
          ? `阈值 ${formatNumber(value)}，手动设定；在全部 ${images(all)}上计数。`
          : `阈值 ${formatNumber(value)}，在 ${images(all - scored)}上选定，在另外 ${scored} 张上计数。`,
    /** @param {string} name */
    noThreshold: (name) => `要有 ${name} 和另一个类别的检验图片，才能定阈值。`,
    /** @param {string} name */
    noAutomatic: (name) =>
      `自动阈值是在一半图片上选的，至少要有 ${name} 和另一个类别各两张图片。可以移动红线来试一个阈值。`,
    /** @param {string} name */
    noMaps: (name) =>
      `${name} 在这里没有独有的特征图，所以没有东西可以求和。请增加每个类别的特征图数，或选择另一个类别。`,
    /** @param {string[]} names */
    leftOut: (names) => `已略去，因为特征图给出的不是数：${some(names)}。`,
    /** @param {string} name */
    table: (name) => `是 ${name} 吗？`,
    /** @param {string} name */
    columns: (name) => ['警报依据', `${name}，找到`, `${name}，漏掉`, '其他，误报', '其他，未报', '精确率', '召回率'],
    byMaps: '特征图',
    byHead: '网络自己的回答',
    /** @param {{ onlyDetector: number, onlyHead: number, p: number }} result @param {number} count */
    mcnemar: ({ onlyDetector, onlyHead, p }, count) =>
      `在 ${images(count)}中，只有特征图判对的有 ${onlyDetector} 张，只有网络的回答判对的有 ${onlyHead} 张。` +
      (onlyDetector + onlyHead === 0
        ? '这里两者不分高下。'
        : `如果两者一样好，偶然出现这么大或更大差距的概率是 ${formatNumber(p)}（McNemar 精确检验）。`),
    /** @param {string} name */
    unknown: (name) => `这个模型没有输出对应 ${name}，所以它自己的回答永远不会是 ${name}，无法与特征图比较。`,
    disagreements: '两者不一致的图片',
    /** @param {number} count @param {string} name */
    disagree: (count, name) =>
      count === 0 ? '没有。' : `${images(count)}。有红框：只有特征图说是 ${name}；没有红框：只有网络的回答说是。`,
    /** @param {number} sum */
    onlyMaps: (sum) => `只有特征图（${formatNumber(sum)}）`,
    /** @param {number} sum */
    onlyHead: (sum) => `只有网络（${formatNumber(sum)}）`,
    alarm: '报警',
    quiet: '未报',
    chooses: '选阈值',
    scored: '计数',
    /** @param {number} auc @param {{ low: number, high: number } | null} interval */
    areaOf: (auc, interval) =>
      `曲线下面积 ${area(auc)}${interval ? `，95% 置信区间 ${between(interval)}（2,000 次重采样）` : ''}。`,
    /** @param {string} name */
    noArea: (name) => `要有 ${name} 和另一个类别的检验图片，才能画曲线。`,
    /** @param {string} name */
    areas: (name) => `曲线下面积，${name} 对其余类别`,
    model: '模型',
    area: '面积',
    interval: '95% 置信区间',
  },

  controls: {
    label: '对照检验',
    why: '这些检验和更多模型是什么？',
    maps: '随机特征图',
    labels: '打乱类别名',
    network: '随机权重',
    explain:
      '如果在本来没有东西可找的地方也出现同样的规律，那就不算发现。随机特征图：从这一层的所有特征图中抽取同样多张。打乱类别名：每个类别图片数不变，但类别是随机分的。随机权重：同一个网络，还什么都没学。',
    titles: {
      /** @param {string} title */
      maps: (title) => `${title}，随机特征图`,
      /** @param {string} title */
      labels: (title) => `${title}，打乱类别名`,
      /** @param {string} title */
      network: (title) => `${title}，随机权重`,
    },
  },

  models: {
    heading: '并排比较模型',
    /** @param {number} most */
    explain: (most) => `最多 ${most} 个模型看同样的图片，各用各的特征图。`,
    add: '添加模型',
    choose: '添加模型…',
    file: '从文件…',
    /** @param {string} title */
    remove: (title) => `移除 ${title}`,
  },

  figure: {
    downloads: '保存图表',
    data: '数值',
    columns: /** @type {Record<string, string>} */ ({
      image: '图片',
      class: '类别',
      index: '在类别中的位置',
      sum: '和',
      head: '网络自己的回答',
      half: '哪一半',
      threshold: '阈值',
      falsePositiveRate: '误报',
      truePositiveRate: '找到',
      classes: '类别',
      maps: '特征图',
    }),
    /** @param {number} count */
    more: (count) => `还有 ${count} 行，在 CSV 文件里`,
  },
  number: formatNumber,
  percent: formatPercent,
  area,
  between,
};
