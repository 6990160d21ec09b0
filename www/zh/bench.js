import { formatNumber } from '../api/numbers.js';

/** @type {typeof import('../bench/text.js').text} */
export const text = {
  title: '在这里有多快？',
  lead: '四个网络在这台机器上看同一张照片，各看几次。取一次运行时间的中位数。',
  back: '回到 Featurescope',
  start: '开始测量',
  stop: '停止',
  compare: '同时测量 onnxruntime-web',
  consent: (host) => `这时会从 ${host} 载入它的文件，约 25 MB；对方会知道这里有人请求了这些文件。`,
  address: '它的文件所在的网址',
  noAddress: '这不是一个以 https:// 开头、以斜杠结尾的文件夹网址。',
  network: '网络',
  ours: (device) => (device === 'cpu' ? '处理器' : '显卡（WebGPU）'),
  theirs: 'onnxruntime-web',
  ratio: '我们的 / 它的',
  time: (milliseconds) => `${formatNumber(milliseconds)} 毫秒`,
  waiting: '…',
  none: '–',
  working: (network, device) => `${network}，${device}：正在载入和测量……`,
  done: '测量完毕。这台机器上的其他程序会使时间变长；再测一次就知道长多少。',
  stopped: '已停止。测到的结果保留。',
  noGpu: '这个浏览器没有 WebGPU，或者它在处理器上运行，所以不测量显卡。',
  failed: (runtime, message) => `${runtime}：${message}`,
  differs: '结果相差超过千分之一，所以时间没有意义',
  copy: '复制为 Markdown',
  copied: '已复制。',
  notCopied: '浏览器不让这个页面复制。内容如下：',
  machine: (browser, cores, adapter) => `${browser}；${cores} 个核心${adapter ? `；显卡：${adapter}` : ''}`,
  how: (runs) =>
    `前两次不计，取之后 ${runs} 次的中位数；比较两个运行库时轮流运行。我们的给出一层的特征图和分数，另一个只给出分数。看一张照片时 Featurescope 用一个核心。`,
};
