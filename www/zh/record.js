import { formatBytes, formatNumber, formatPercent } from '../api/numbers.js';

export const text = {
  figures: {
    seen: '网络看到的图',
    /** @param {string} name */
    seenCaption: (name) => `${name}，已缩放或裁剪成网络的输入大小。`,
    /** @param {string} photo */
    seenAlt: (photo) => `网络看到的照片“${photo}”`,
    maps: '激活最强的特征图',
    /** @param {number} count @param {string} layer */
    mapsCaption: (count, layer) =>
      `一张特征图就是网络的一个探测器。这里是 ${layer} 层在这张图片上激活最强的 ${count} 张，从强到弱；亮处就是它激活的地方。`,
    /** @param {number} map */
    large: (map) => `特征图 ${map}`,
    /** @param {number} map @param {number} mean */
    largeCaption: (map, mean) =>
      `特征图 ${map} 是网络的一个探测器。越亮的地方，它激活得越强（均值 ${formatNumber(mean)}）。`,
    /** @param {number} map @param {number} mean */
    tile: (map, mean) => `#${map}，均值 ${formatNumber(mean)}`,
    /** @param {number} map @param {number} mean */
    tileAlt: (map, mean) => `特征图 ${map} 激活的地方，均值 ${formatNumber(mean)}`,
    predictions: '网络的回答',
    /** @param {string} label @param {number} probability */
    predictionsCaption: (label, probability) => `最可能的是：${label}（${formatPercent(probability)}）。`,
    classes: '每个类别的特征图',
    /** @param {string[]} names */
    classesCaption: (names) => `在 ${names.join('、')} 的图片里最常排在最强之列的特征图，去掉了也在别的类别名单里的。`,
    /** @param {number} images */
    ofImages: (images) => `${images} 张图片`,
    /** @param {number} map @param {number} count @param {number} images */
    classMap: (map, count, images) => `#${map}（${images} 张中的 ${count} 张）`,
    noMaps: '没有自己的特征图',
    means: '每张特征图的均值，按名次排列',
    meansCaption: '每张特征图一个点，最强的在最左边：开头很陡，说明少数几张做了大部分工作。',
    chart: '图表',
    drawing: '特征图在找什么',
    confusionCaption: '行是真实的类别，列是网络的回答。',
    /** @param {number} threshold @param {boolean} byHand */
    threshold: (threshold, byHand) =>
      `到 ${formatNumber(threshold)} 就报警，${byHand ? '由人设定' : '在一半图片上选定，在另一半上计数'}。`,
    /** @param {string} label */
    cam: (label) => `什么支持“${label}”（Grad-CAM）`,
    ablation: '关掉会怎样？',
    ablationColumns: ['类别', '全部特征图', '关掉之后', '关掉随机的几张'],
  },

  snapshot: {
    heading: '快照',
    about: '一个文件，在哪里都能看到这些，即使那里不能运行网络',
    explain:
      '一个文件，里面有图片、结果和设置。它可以在这里或任何一个 Featurescope 页面打开，即使那里不能运行网络，也能看到当时的发现。',
    withModel: '把模型也放进去',
    /** @param {number} bytes */
    withModelNote: (bytes) => `会大 ${formatBytes(bytes)}。只有当您可以转交这个模型时才放。`,
    holds: '文件里有您的图片，拿到它的人都能看到。',
    make: '保存快照',
    making: '正在写快照……',
    /** @param {number} bytes */
    made: (bytes) => `已保存：${formatBytes(bytes)}。`,
    notReady: '网络还没有看过任何图片。等它看完再保存。',
  },

  view: {
    heading: '记录下来的结果',
    /** @param {string} date */
    recorded: (date) => `记录于 ${date}。只按文件显示，没有在这台设备上重新计算。`,
    model: '模型',
    layer: '层',
    engine: '由谁计算',
    /** @param {string} id @param {number} channels @param {number} height @param {number} width */
    layerLine: (id, channels, height, width) => `${id}：${channels} 张 ${height}×${width} 的特征图`,
    recompute: '在这里重算并比较',
    /** @param {string} host */
    fetches: (host) => `重算时会从 ${host} 下载模型。`,
    stop: '停止',
    computing: '正在计算……',
    /** @param {string} bytes */
    loadingModel: (bytes) => `正在加载模型：${bytes}……`,
    /** @param {string} host */
    loadingFrom: (host) => `正在从 ${host} 加载模型……`,
    close: '关闭快照',
    goOn: '在页面里继续',
    needsModel: '这个快照里没有模型。要重算，请给出它的文件：',
    chooseModel: '选择模型……',
    /** @param {string} name @param {number} bytes @param {string} sha256 */
    wants: (name, bytes, sha256) => `${name}，大小 ${formatBytes(bytes)}，SHA-256 ${sha256.slice(0, 16)}…`,
    otherModel: '这个模型不是记录时的那个文件：SHA-256 不同。这里的数值是用这另一个文件算出的。',
    /** @param {string} name */
    notBundled: (name) => `快照把里面的模型叫作“${name}”，但它不是本页以这个名字附带的文件。它的数值与“${name}”无关。`,
    /** @param {string} name */
    otherPicture: (name) => `快照里的图片 ${name} 不是那些数值所说的那张：SHA-256 不同。`,
    /** @param {string} address */
    changed: (address) => `${address} 在快照制作之后已经改变。`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} 把请求转走了，模型来自 ${from}。`,
    /** @param {number} maps @param {number} difference @param {number} largest */
    same: (maps, difference, largest) =>
      `这里也一样：全部 ${maps} 张特征图的均值相差不超过 ${formatNumber(difference)}（最大的均值是 ${formatNumber(largest)}）。`,
    /** @param {number} count @param {number} maps */
    differs: (count, maps) => `这里不一样：${maps} 个均值中有 ${count} 个与记录的不同。`,
    /** @param {number} count */
    continuedDiffers: (count) => `页面重新算过，有 ${count} 处数值与快照不同。`,
    otherCount: '这里不一样：这一层的特征图数目与记录的不同。',
    /** @param {{ map: number, recorded: number, here: number }} entry */
    mapDiffers: ({ map, recorded, here }) =>
      `特征图 ${map}：记录为 ${formatNumber(recorded)}，这里为 ${formatNumber(here)}`,
    /** @param {{ label: string, recorded: number, here: number }} entry */
    predictionDiffers: ({ label, recorded, here }) =>
      `${label}：记录为 ${formatPercent(recorded)}，这里为 ${formatPercent(here)}`,
    /** @param {string} engine */
    computedBy: (engine) => `由 ${engine} 在这里计算。`,
    noPicture: '图片不在其中，所以不能重算。',
    noLayer: '这个模型里没有这个名字的层，所以不能比较。',
  },

  open: {
    /** @param {string} host */
    question: (host) => `这个链接要打开来自 ${host} 的快照。要加载吗？`,
    note: '加载时不带 cookie。除了请求本身，不会把您的任何东西发到那里。',
    /** @param {string} host */
    passedOn: (host) => `${host} 要把请求转到另一个地址。跟过去吗？`,
    passedOnNote: '浏览器不会事先说出是哪里。那边随后也会知道你的互联网地址。',
    load: '加载',
    refuse: '不加载',
    loading: '正在加载快照……',
    /** @param {number} done @param {number | null} total */
    bytes: (done, total) =>
      total === null ? `已有 ${formatBytes(done)}` : `${formatBytes(done)}，共 ${formatBytes(total)}`,
    stopped: '已停止：快照没有加载。',
    notAnAddress: '链接里没有可以打开快照的网址。网址必须以 https:// 或 http:// 开头。',
    /** @param {string} host */
    notEncrypted: (host) =>
      `这个链接要通过 http:// 打开 ${host} 上的快照，途中任何人都能读取和改动它，所以本页不加载。请索取以 https:// 开头的网址，或者下载文件再拖到这个页面上。`,
    dismiss: '关闭这条提示',
    /** @param {string} host */
    failed: (host) =>
      `无法从 ${host} 加载快照。可能是那台主机不在线、文件已不在，或者主机不允许别的页面读取（CORS）。请下载文件，再拖到这个页面上。`,
    /** @param {string} host @param {number} limit */
    tooLarge: (host, limit) =>
      `${host} 上的文件大于 ${formatBytes(limit)}，超过了链接里的快照可以有的大小。请下载文件，再拖到这个页面上。`,
  },

  errors: {
    /** @param {string} name */
    damaged: (name) => `${name} 已损坏，或者不是 Featurescope 的快照。请重新索取或重新下载。`,
    /** @param {string} name */
    tooLarge: (name) => `${name} 解压后超过快照可以有的大小，所以没有打开。`,
    /** @param {string} name */
    path: (name) => `${name} 里有一个文件的路径指向快照之外，所以没有打开。不要信任它的来源。`,
    /** @param {string} name @param {string} missing */
    missing: (name, missing) => `${name} 不完整：里面没有 ${missing}。请重新索取。`,
    noHash: '课件需要一个校验和，浏览器只在 https 页面上计算它。请用 https 打开 Featurescope。',
    engine: '这个页面的引擎形式与预期不同，做不了互动部分。请不带互动部分保存课件。',
    modelForLive: '互动部分需要单个 .onnx 文件的模型。请不带互动部分保存课件。',
    /** @param {string} address */
    modelUnreachable: (address) => `无法从 ${address} 再次读取模型。请检查网络连接，或者不带模型保存。`,
  },

  lesson: {
    heading: '课件',
    about: '一个带有您自己文字的页面，没有互联网也能打开',
    explain: '一个网页文件，里面是您写的文字和记录下来的图。不用上网，从优盘或学习平台就能打开。',
    title: '标题',
    defaultTitle: '网络在看什么？',
    newHeading: '小标题',
    newParagraph: '段落',
    headingLabel: '课件的小标题',
    paragraphLabel: '课件的段落',
    addFigures: '加入页面现在显示的内容',
    up: '上移',
    down: '下移',
    remove: '删除',
    live: '互动部分：学生用自己的图片运行网络',
    /** @param {number} bytes */
    liveNote: (bytes) => `会大 ${formatBytes(bytes)}：引擎和模型都放进文件里。`,
    liveNeedsFigures: '请先加入页面现在显示的内容：互动部分在那张图片上运行网络。',
    heavy: '这超过了 5 MB，有些邮件软件和学习平台不接受。请去掉一些图，或者分成两个课件。',
    preview: '预览',
    edit: '返回编辑',
    save: '保存课件',
    /** @param {number} bytes */
    weighs: (bytes) => `文件大小将是 ${formatBytes(bytes)}。`,
    working: '正在处理……',
    empty: '课件里还没有内容。先加入页面现在显示的内容，再在图之间写文字。',
    madeWith: '用 Featurescope 制作。这一页的一切都在这个文件里；不加载任何东西，也不发送任何东西。',
  },

  live: {
    heading: '自己试试',
    explain: '网络在这台设备上运行，什么都不会传出去。',
    start: '启动网络',
    pick: '选一张自己的图片',
    starting: '正在启动……',
    running: '正在看……',
    failed: '没有成功：',
    prediction: '网络的回答：',
    maps: '激活最强的特征图。选一张放大看。',
  },

  embed: {
    heading: '嵌入',
    about: '放在您自己网站或博客里的活的图',
    explain:
      '把结果作为一张图放进您自己的网页：先显示记录下来的图，有人要求时才运行网络。要么用这个结果的链接，要么把保存的快照放到您的网站上（那里要允许别的页面读取：CORS），再把它的网址写在这里。',
    address: '快照的网址；空着就用链接',
    show: '显示什么',
    shows: [
      ['', '最强的八张特征图'],
      ['map', '照片旁边的一张特征图'],
      ['map grid', '一张特征图，加上最强的八张'],
      ['grid answer', '最强的八张，加上网络的回答'],
      ['drawing', '特征图在找什么（来自快照）'],
      ['alarm', '警报的图表（来自快照）'],
    ],
    theme: '颜色',
    themes: [
      ['auto', '跟随所在的网页'],
      ['light', '浅色'],
      ['dark', '深色'],
    ],
    element: '作为元素，高度和颜色自动适应您的网页',
    iframe: '作为 iframe，用于不允许脚本的地方',
    copy: '复制',
    copied: '已复制',
    run: '在这里运行',
    /** @param {number} bytes */
    costs: (bytes) => `会加载网络，大约 ${formatBytes(bytes)}。`,
    /** @param {number | null} bytes */
    load: (bytes) => `加载这张图${bytes === null ? '' : `（${formatBytes(bytes)}）`}`,
    /** @param {string} host @param {number} bytes @param {boolean} exactly */
    inOnePiece: (host, bytes, exactly) =>
      `这张图是一个${exactly ? '' : '大于'} ${formatBytes(bytes)} 的文件，${host} 只能整个发送。您要求之后才会加载。`,
    whole: '在 Featurescope 中打开',
    own: '试一张自己的图片',
    title: 'Featurescope 的图',
    nothing:
      '这个嵌入没有说明要显示什么。它的网址要以 ?open= 加上 .featurescope.zip 的网址结尾，或者以页面给出的链接结尾。',
    unreadable: '无法显示这张图：',
    /** @param {string} host */
    notEncrypted: (host) =>
      `它在 ${host} 的 http:// 地址上，路上的任何人都能看到并改动，所以没有加载。制作这个网页的人可以改用 https:// 开头的地址。`,
    photo: '照片',
    lost: '网络停下了：启动它的那张图离开页面时就会这样。请再运行一次。',
    fullScreen: '全屏',
    leaveFullScreen: '退出全屏',
    /** @param {string} credit */
    credit: (credit) => `${credit}。`,
    /** @param {string} title */
    network: (title) => `网络：${title}。`,
    /** @param {string} date */
    made: (date) => `${date} 用 Featurescope 制作。`,
  },
};
