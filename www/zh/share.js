import { formatBytes, formatNumber, formatPercent } from '../api/numbers.js';

const meanings = {
  text: '一段文字',
  name: '一个名字',
  address: '一个网址',
  sha256: '十六进制的 SHA-256',
  bundledModel: '附带模型的名字',
  bundledPhoto: '附带照片的名字',
  picture: 'base64url 形式的图片',
  date: '形如 2026-11-24 的日期',
  path: '一个路径',
};

export const text = {
  unnamed: '未命名文件',

  errors: {
    newer: '它由比这里更新的 Featurescope 制作。请重新载入页面；如果仍然出现这条提示，请在制作它的网址打开。',
    /** @param {string} path @param {string} expected */
    field: (path, expected) => `Featurescope 读不了这个发现：“${path}”应该是${expected}。请向制作者再要一份。`,
    unreadableFinding: 'Featurescope 读不了这个发现。请向制作者再要一份。',
    damagedLink: '这个链接已损坏：缺了一部分，或被改动过。请重新复制完整的链接，或请发送者改发文件。',
    linkTooLarge: '这个链接里的内容超过了 Featurescope 会放进链接的上限，所以没有打开。',
    /** @param {string} host @param {number} most */
    remoteTooLarge: (host, most) => `${host} 上的文件超过 ${formatBytes(most)}，这是链接可以加载的上限。`,
    /** @param {string} address @param {number} most */
    tooMuchInAll: (address, most) => `没有加载 ${address}：一个链接总共最多加载 ${formatBytes(most)}。`,
    /** @param {string} address @param {number} status */
    remoteStatus: (address, status) =>
      `${address} 返回了状态 ${status}。文件可能已经不在了；请向发送链接的人要这个文件。`,
    /** @param {string} host */
    remote: (host) =>
      `${host} 连接不上，或者不允许其他网页读取它的文件（没有发送 CORS 头）。请用别的办法取得文件，再拖到这里。`,
    /** @param {string} host */
    notFollowed: (host) => `${host} 要把请求转到另一个地址，而你选择了不跟过去。请用别的办法取得文件，再拖到这里。`,
    /** @param {string} address */
    stopped: (address) => `已停止：${address} 没有加载。`,
    notReady: '还没有可以分享的内容：网络还没有看这张照片。请等结果出来再试。',
    volume: '由多张图片组成的体数据还不能分享。恢复为单张图片，就可以分享网络对其中一张的结果。',
    noHash: '浏览器只在 https 页面上计算散列值。要分享自己的文件，请用以 https:// 开头的网址打开本页。',
    /** @param {string} name */
    unreadable: (name) => `${name} 读不出来了，可能被移动或改动过；请再拖入一次。`,
    /** @param {string} name */
    noBundled: (name) => `附带的照片“${name}”加载失败。请检查网络后再试。`,
  },

  expected: {
    /** @param {number} least @param {number} most */
    whole: (least, most) => `${least} 到 ${most} 的整数`,
    /** @param {number} least @param {number} most */
    real: (least, most) => `${least} 到 ${most} 的数`,
    /** @param {keyof typeof meanings} meaning @param {number} most */
    string: (meaning, most) => `${meanings[meaning]}，最多 ${most} 个字符`,
    truth: () => 'true 或 false（真或假）',
    /** @param {string} values */
    oneOf: (values) => `${values} 之一`,
    /** @param {number} least @param {number} most */
    list: (least, most) => `有 ${least === most ? least : `${least} 到 ${most}`} 项的列表`,
    object: () => '一组字段',
    /** @param {string} name */
    withoutField: (name) => `没有“${name}”字段的一组字段`,
    /** @param {string} kinds */
    kind: (kinds) => `${kinds} 之中的一种`,
    /** @param {number} count */
    image: (count) => `${count} 张图片之一`,
    counts: () => '每张特征图各一个次数',
  },

  /** @type {Record<string, ((name: string, maps: number) => string) | undefined>} */
  captions: {
    classes: (name, maps) => `${maps} 张特征图属于“${name}”中最常出现的，而不属于其他类别中最常出现的。`,
    everywhere: (name, maps) => `“${name}”的 ${maps} 张特征图在哪里都找得到它吗？`,
    unique: (name, maps) => `“${name}”的 ${maps} 张特征图是它独有的吗？`,
  },

  differs: {
    /** @param {string} address */
    file: (address) => `${address} 已经不是制作链接时的那个文件了。`,
    /** @param {number} map @param {number} mean */
    noMap: (map, mean) => `在链接中特征图 ${map} 属于最强之列（均值 ${formatNumber(mean)}），在这里不是。`,
    /** @param {number} map @param {number} claimed @param {number} here */
    mean: (map, claimed, here) =>
      `特征图 ${map}：链接说均值是 ${formatNumber(claimed)}，在这里是 ${formatNumber(here)}。`,
    /** @param {string} label @param {number} probability */
    noPrediction: (label, probability) =>
      `“${label}”在链接中是 ${formatPercent(probability)}，在这里不在前几个回答之中。`,
    /** @param {string} label @param {number} claimed @param {number} here */
    prediction: (label, claimed, here) =>
      `“${label}”：链接说是 ${formatPercent(claimed)}，在这里是 ${formatPercent(here)}。`,
    /** @param {string} name */
    noClass: (name) => `类别“${name}”在这里没有特征图。`,
    /** @param {string} name @param {number} same @param {number} claimed @param {number} here */
    classMaps: (name, same, claimed, here) =>
      `类别“${name}”：链接中有 ${claimed} 张特征图，其中 ${same} 张在这里出现次数相同；这里共有 ${here} 张。`,
  },

  panel: {
    heading: '分享你看到的',
    intro: '模型、层、照片、特征图、类别和设置都会一起带上。打开的人会在自己的浏览器里重新算出来。',
    privacy: '不上传任何东西。链接中 # 之后的部分就是这个发现，浏览器不会把它发给任何服务器。',
    preparing: '正在生成链接…',
    close: '关闭',
  },

  link: {
    heading: '链接',
    label: '这个发现的链接',
    copy: '复制',
    copied: '已复制',
    /** @param {number} length */
    length: (length) => `${length} 个字符。`,
    chat: '许多聊天软件会截断超过 2,000 个字符的链接。请用邮件发送，或改发文件。',
    browser: '这超过了 32,000 个字符，有些浏览器和邮件软件不接受。请改为分享文件，或不要把图片放进链接。',
    qr: '链接的二维码',
    qrTooLong: '链接太长，放不进二维码（最多 2,953 个字符）。',
    /** @param {string} name */
    model: (name) =>
      `链接里没有你的模型 ${name}，只有它的名字和散列值。打开链接的人会被要求提供这个文件；在那之前，他们看到的是你的数值，并注明没有重新计算。`,
    /** @param {number} count */
    pictures: (count) => `链接里没有你的 ${count} 张图片，只有名字和散列值。`,
    /** @param {number} count */
    warning: (count) => `这个链接包含你的 ${count} 张图片，拿到链接的人都能看到。`,
    /** @param {string} host */
    address: (host) => `链接里有一个 ${host} 上的网址。打开的人会先被询问，然后才从那里加载。`,
    /** @param {number} length */
    tooLong: (length) => `这个发现会让链接长达 ${length} 个字符，超过了能打开的长度。请不要放入图片，或改为分享文件。`,
  },

  choice: {
    /** @param {number} count */
    question: (count) => `你的 ${count} 张图片只在这台设备上。要一起带上吗？`,
    /** @param {number} _count */
    without: (_count) => '不带图片',
    /** @param {number} _count */
    withoutMeans: (_count) => '打开链接的人会看到最强特征图的亮处和你的数值；要重新计算，需要向你要图片。',
    /** @param {number} _count */
    with: (_count) => '带上图片',
    /** @param {number} _count @param {number | null} bytes */
    withMeans: (_count, bytes) =>
      `${bytes === null ? '' : `${formatBytes(bytes)}：`}每张一个缩小版。拿到链接的人都能看到，并会在那里重新计算；数值是对缩小版算出的。`,
  },

  kept: {
    /** @param {number} files @param {number} bytes */
    line: (files, bytes) =>
      `为了让你自己的链接以后还能打开，这个浏览器里保存了 ${files} 个文件（${formatBytes(bytes)}，在这台设备上本站的私有存储中）。`,
    forget: '清除它们',
    forgotten: '已清除：你自己的链接会要求提供这些文件。',
    notForgotten: '浏览器没有让这些文件被清除。请再试一次，或在浏览器设置里清除本站的数据。',
    failed: '这个浏览器没有空间保存你的文件，或者处于隐私窗口：你自己的链接会要求提供它们。',
  },

  ask: {
    heading: '这个链接想加载一些内容',
    /** @param {'model' | 'image'} what @param {string} host */
    line: (what, host) => `这个链接想从 ${host} 加载${what === 'model' ? '一个模型' : '一张图片'}：`,
    /** @param {number} files @param {number} hosts @param {number} most */
    inAll: (files, hosts, most) =>
      `${hosts} 台主机上的 ${files} 个文件，总共最多 ${formatBytes(most)}；关闭这个发现就会停止。`,
    note: '那台主机会知道你的网络地址，以及你打开了这个链接。你的任何内容都不会发送：没有 Cookie，没有图片。',
    passedOnHeading: '请求被转到了别处',
    /** @param {string} host */
    passedOn: (host) => `${host} 没有直接给出文件，而是把请求转到另一个地址：`,
    passedOnNote: '浏览器不会事先说出是哪里。那边随后也会知道你的互联网地址；之后本页会说明是谁。',
    load: '加载',
    refuse: '不加载',
  },

  open: {
    heading: '来自链接的发现',
    close: '关闭这个发现',
    /** @param {{ model: string, layer: string | null, photo: string | null, date: string }} about */
    made: ({ model, layer, photo, date }) =>
      `制作于 ${date}，使用模型 ${model}${layer ? `、层 ${layer}` : ''}${photo ? `、图片 ${photo}` : ''}。`,
    /** @param {string[]} models */
    beside: (models) => `旁边还有 ${models.join('、')}。`,
    loading: '正在加载链接所指的文件……',
    computing: '正在这里重新计算；在那之前显示的是链接中的数值。',
    /** @param {string[]} names */
    missing: (names) =>
      names.length === 0
        ? '没有重新计算：计算所需的内容这里没有。'
        : names.length > 3
          ? `没有重新计算：这里缺少所需的 ${names.length} 个文件。`
          : `没有重新计算：这里没有 ${names.join('、')}。`,
    details: '具体缺少什么',
    /** @param {number} map */
    still: (map) => `特征图 ${map} 激活的地方`,
    stillAlone: '链接里没有这张图片本身；显示的是特征图在上面激活的地方。',
    broken: '没有重新计算：这些是链接中的数值。',
    failed: '没有重新计算：这些是链接中的数值。在这里算不出来，原因见上面的提示。',
    same: '已在这里重新计算：数值与链接一致。',
    differs: '已在这里重新计算，有些地方与链接不一致：',
    /** @param {number} count */
    more: (count) => `……还有 ${count} 处。`,
    /** @param {string[]} names */
    furtherNeeds: (names) =>
      `旁边原来还有这里没有的模型：${names.join('、')}。拖入或选择文件就能一起看到；上面的数字不需要它。`,
    /** @param {string} name @param {number} bytes */
    file: (name, bytes) => `${name}（${formatBytes(bytes)}），SHA-256 `,
    /** @param {string} address */
    address: (address) => `没有加载：${address}`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} 把请求转走了，文件来自 ${from}。`,
    choose: '选择文件',
    load: '还是从那里加载',
    /** @param {string[]} names */
    wrong: (names) => `${names.join('、')} 不是制作链接时的文件：名字相同，内容不同。`,
    /** @param {string[]} names */
    notWanted: (names) => `${names.join('、')}：不是链接需要的文件。`,
    /** @param {string} name */
    noModel: (name) => `这个页面没有附带模型“${name}”。`,
    /** @param {string} name */
    noPhoto: (name) => `这个页面没有附带照片“${name}”。`,
    maps: '最强的特征图',
    /** @param {number} map @param {number} mean */
    map: (map, mean) => `特征图 ${map}：${formatNumber(mean)}`,
    predictions: '预测',
    /** @param {string} label @param {number} probability */
    prediction: (label, probability) => `${label}：${formatPercent(probability)}`,
    /** @param {string} name @param {number} maps */
    class: (name, maps) => `类别“${name}”：${maps} 张特征图`,
    /** @param {number} map @param {number} count */
    classMap: (map, count) => `特征图 ${map}，在 ${count} 张图片中`,
    claim: '链接中的数值',
  },
};
