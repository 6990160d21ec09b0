import { formatMegabytes } from '../api/numbers.js';

/** @type {typeof import('../bench/text.js').text} */
export const text = {
  pageTitle: 'Featurescope：在这里有多快？',
  title: '在这里有多快？',
  lead: (runs, warmUp) =>
    `四个网络在这台机器的这个浏览器里看同一张照片。先运行 ${warmUp} 次不计，再取 ${runs} 次运行时间的中位数。`,
  back: '回到 Featurescope',
  start: '开始测量',
  stop: '停止',
  beside: '同时测量其他运行库',
  from: (address, bytes) => `来自 ${address}，最多 ${formatMegabytes(bytes)}`,
  consent:
    '它们不属于本站。按下“开始测量”后，勾选的才会从它的网址载入；该网址的主机会知道这里有人请求了它。照片和网络都留在这里。',
  network: '网络',
  on: '设备',
  runtime: '运行库',
  median: '中位数',
  ratio: '我们的 / 它的',
  ours: 'Featurescope',
  device: (device) => (device === 'cpu' ? '处理器' : '显卡'),
  random: '随机权重',
  time: (milliseconds) => `${milliseconds} 毫秒`,
  none: '未测量',
  starting: (device) => `${device}：引擎正在启动……`,
  working: (network, device) => `${network}，${device}：正在载入和测量……`,
  done: '测量完毕。这台机器上的其他程序会使时间变长；再测一次就知道长多少。',
  stopped: '已停止。测到的结果保留。',
  noGpu: '这个浏览器没有 WebGPU，或者它在处理器上运行，所以不测量显卡。',
  noNetwork: (network, message) => `本站没有 ${network}（${message}），所以不测量它。`,
  unloaded: (runtime, host) => `无法从 ${host} 载入 ${runtime}，所以不测量它。`,
  refused: (runtime, message) => `${runtime} 不能运行这个网络：${message}`,
  differs: '结果相差超过千分之一，所以时间没有意义',
  copy: '复制为 Markdown',
  copied: '已复制',
  notCopied: '浏览器不让这个页面复制。表格在下方，已选中。',
  machine: (browser, system, cores, adapter) =>
    `${browser}，${system}；${cores} 个核心${adapter ? `；显卡：${adapter}` : ''}`,
  how: '比值小于 1 时，我们的更快。各运行库轮流运行，得到同样的数字，在处理器上各用一个核心。时间从得到数字算到给出分数；我们的还给出一层的特征图。ResNet-18 和 MobileNetV2 用随机权重，因为时间只取决于结构。LiteRT.js 得到的是用它自己的格式写成的同样的网络。',
};
