/** The first line of a sentence, to stand in parentheses.
 * @param {string} sentence */
export function brief(sentence) {
  const [line] = sentence.split('\n');
  return line.length > 140 ? `${line.slice(0, 130)}…` : line.replace(/[.。]$/, '');
}

/** The core says in English what is wrong. Its sentences are many and long, and only the worker hears them: they load there beside the
 * engine, and nothing waits for them. @type {(english: string) => string | null} */
let engineSentence = () => null;
if (!('document' in globalThis)) import('./engine.js').then((engine) => ({ engineSentence } = engine)).catch(() => {});

/** Of words that are no sentence of the core's the kind of failure is told, and they follow in parentheses.
 * @type {Record<string, (node: string) => string>} */
const engineErrors = {
  'bad-model': (node) => `这个模型文件无法读取${node}`,
  'missing-file': () => '模型的权重在另一个文件里，请把它和 .onnx 文件一起拖进来',
  'unsupported-op': (node) => `模型里有引擎不支持的算子${node}`,
  'too-large': (node) => `内容太大，装不下${node}`,
  'no-gpu': () => '这里没有可用的 WebGPU',
  'device-lost': () => '图形设备丢失了',
  'engine-failed': (node) => `引擎没能完成计算${node}`,
  'bad-card': () => '模型卡有误',
  'bad-image': () => '这张图片无法读取',
  'needs-browser': () => '这个页面和这个浏览器都读不了这种图片，请另存为 PNG 或普通的 JPEG',
  'bad-argument': () => '给出的选项或编号不存在',
};

/** The models that lie beside the page, by name.
 * @type {Record<string, string>} */
const models = {
  'squeezenet1.1': 'SqueezeNet 1.1（1000 个 ImageNet 类别）',
  'efficientnet-lite0': 'EfficientNet-Lite0（1000 个 ImageNet 类别）',
  'fer-mini-xception': 'Mini-Xception（7 种表情）',
  'story-plain': '刀或枪，用照片训练',
  'story-augmented': '刀、枪、无害物，用随机风格的照片训练',
  'story-adapted': '刀、枪、无害物，适应了 X 光',
};

export const text = {
  model: {
    /** @param {string} name @param {string} title */
    named: (name, title) => models[name] ?? title,
  },

  engine: {
    forced: '已按要求使用 CPU 引擎。',
    relaxed: '启用了宽松 SIMD。',
    noWebGpu: '这个浏览器没有 WebGPU，所以用 CPU 计算。',
    noAdapter: '浏览器没有提供图形适配器，所以用 CPU 计算。',
    softwareAdapter: '这里的 WebGPU 只是软件模拟，CPU 反而更快。',
    webGpuCrashed: '图形引擎崩溃了',
    /** @param {string} op */
    wrongResults: (op) => `WebGPU 在这块显卡上算错了${op || '自检'}。`,
    /** @param {string} why */
    webGpuFailed: (why) => `WebGPU 在这里用不了（${brief(why)}），所以用 CPU 计算。`,
    /** @param {string} why */
    unsupported: (why) => `图形引擎运行不了这个模型（${brief(why)}），所以用 CPU 计算。`,
    /** @param {import('../api/types.js').Waiting['for']} what @param {number} seconds */
    noAnswer: (what, seconds) => {
      const silent = {
        adapter: `浏览器 ${seconds} 秒没有给出显卡`,
        device: `浏览器 ${seconds} 秒没有交出显卡`,
        check: `显卡自检 ${seconds} 秒没有回音`,
        run: `显卡第一次运行 ${seconds} 秒没有回音`,
      }[what];
      return `${silent}。\n请改用 CPU 引擎，或者重启浏览器后再试。`;
    },
    /** @param {string} adapter @param {boolean} emulated */
    chosen: (adapter, emulated) =>
      `${emulated ? '软件模拟' : '通过浏览器使用显卡'}${adapter ? `（${adapter}）` : ''}。`,
  },

  errors: {
    cancelled: '已取消。',
    closed: '它之前已经关闭，不能再用了。',
    /** @param {string} name @param {string} value @param {string} range */
    badArgument: (name, value, range) => `参数 ${name} 的值是 ${value}，它应当是${range}。`,
    /** @param {number} least @param {number} most */
    wholeFrom: (least, most) => `从 ${least} 到 ${most} 的整数`,
    /** @param {number} least @param {number} most */
    numberFrom: (least, most) =>
      least < -1e9 ? '一个数' : most < 1e9 ? `从 ${least} 到 ${most} 的数` : `不小于 ${least} 的数`,
    /** @param {string[]} choices */
    oneOf: (choices) => `以下之一：${choices.map((choice) => `“${choice}”`).join('、')}`,
    atLeastOne: '一个特征图的编号，或至少有一个编号的列表',
    decoderBroke: '这张图片让解码器出错，所以没有采用。请用图像软件打开它，重新存为 PNG 或 JPEG。',
    badImage: '浏览器和 Featurescope 都读不了这张照片。JPEG、PNG、WebP、GIF 和 BMP 到处都能用。',
    /** @param {string} url */
    offline: (url) => `无法连接 ${url}。请检查网络后再试。`,
    /** @param {string} url */
    cors: (url) =>
      `${new URL(url).host} 不允许其他网页读取它的文件（没有发送 CORS 头），或者连接不上。请先下载文件，再拖到这里。`,
    /** @param {string} url @param {number} status */
    status: (url, status) => `${url} 返回了状态 ${status}。请检查网址。`,
    /** @param {string} url */
    interrupted: (url) => `${url} 的下载中断了。请再试一次。`,
    engineMissing: '引擎加载失败。请检查网络并重新载入页面。',
    /** @param {string} file */
    engineDamaged: (file) =>
      `引擎文件（${file}）不完整，或者是别的文件。请重新载入页面；如果再次出现，需要请网站的维护者重新上传本页。`,
    noWebAssembly:
      '这个浏览器关闭了 WebAssembly，而网络要在其中运行。请打开它（安全设置或“锁定”模式会将其关闭），或换一个浏览器。',
    workerMissing: '引擎的脚本（worker/main.js）启动不了。请重新载入页面；如果再次出现，可能是网站上缺少它。',
    workerInFrame:
      '本页所在的框架不让它启动引擎：框架的 sandbox 属性里缺少“allow-same-origin”。这里显示的是预先录制的结果；请在单独的标签页里打开本页，或者告诉做这个框架的人。',
    /** @param {string} name */
    badCard: (name) => `${name} 不是模型卡：它必须是一个 JSON 对象。`,
    /** @param {number} map @param {number} channels */
    noSuchMap: (map, channels) => `没有特征图 ${map}：这一层的特征图是 0 到 ${channels - 1}。`,
    /** @param {string} detail */
    workerLost: (detail) => `引擎停止了${detail ? `（${detail}）` : ''}。`,
    /** @param {string} detail */
    internal: (detail) => `Featurescope 内部出错了（${detail}）。请重新载入页面；如果再次出现，请反馈给我们。`,
    /** @param {string} code @param {string} message @param {string} [node] */
    engine: (code, message, node) => {
      const sentence = engineSentence(message);
      if (sentence) return `${sentence}。`;
      const known = engineErrors[code];
      return known ? `${known(node ? `：节点“${node}”` : '')}（${brief(message)}）。` : message;
    },
    /** @param {string} name */
    noSuchEngine: (name) => `没有引擎“${name}”：只有“auto”、“webgpu”和“cpu”。`,
    /** @param {string} id */
    noSuchLayer: (id) => `这个模型没有“${id}”这一层。`,
    /** @param {string} detail */
    notSendable: (detail) => `有一个参数无法交给引擎（${detail}）。`,
    noAddress: '这不是网址。网址应以 https:// 开头。',
  },
};
