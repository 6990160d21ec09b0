import { formatBytes, formatNumber, formatPercent } from '../numbers.js';

export const text = {
  unnamed: '未命名文件',

  errors: {
    newer: '这是用更新版本的 Featurescope 制作的。请重新加载页面；如果仍然看到这条消息，请到制作它的网址打开。',
    /** @param {string} path @param {string} expected */
    field: (path, expected) => `Featurescope 读不懂这份发现：“${path}”应为 ${expected}。请向制作者要一份新的。`,
    damagedLink: '这个链接已损坏：有一部分缺失或被改动。请重新复制完整的链接，或请发送者改发文件。',
    linkTooLarge: '这个链接里的内容比 Featurescope 会放进去的还多，因此没有打开。',
    /** @param {string} host @param {number} most */
    remoteTooLarge: (host, most) => `来自 ${host} 的文件超过 ${formatBytes(most)}，这是链接最多可以加载的大小。`,
    /** @param {string} address @param {number} status */
    remoteStatus: (address, status) => `${address} 返回了状态码 ${status}。文件可能已不存在；请向发送链接的人要这个文件。`,
    /** @param {string} host */
    remote: (host) => `无法连接 ${host}，或者它不允许其他网页读取它的文件（没有发送 CORS 标头）。请用别的办法取得文件，再拖到这里。`,
    notReady: '还没有可以分享的内容：网络还没看过这张照片。请等结果出来再试。',
    noHash: '浏览器只在 https 页面上计算哈希值。要分享你自己的文件，请用 https:// 开头的网址打开本页。',
    /** @param {string} name */
    unreadable: (name) => `${name} 已无法读取，可能被移动或修改过；请再拖入一次。`,
    /** @param {string} name */
    noBundled: (name) => `无法加载自带的照片“${name}”。请检查网络连接后再试。`,
  },

  /** 按问题说明在一个类别里发现了什么。 @type {Record<string, ((name: string, maps: number) => string) | undefined>} */
  captions: {
    classes: (name, maps) => `有 ${maps} 张特征图在“${name}”里最常出现，而不属于其他类别。`,
    everywhere: (name, maps) => `“${name}”的 ${maps} 张特征图在哪里都能找到它吗？`,
    unique: (name, maps) => `“${name}”的 ${maps} 张特征图是它独有的吗？`,
  },

  differs: {
    /** @param {string} address */
    file: (address) => `${address} 现在的文件与制作链接时的不同。`,
    /** @param {number} map @param {number} mean */
    noMap: (map, mean) => `特征图 ${map} 在链接里属于最强的（均值 ${formatNumber(mean)}），在这里却不是。`,
    /** @param {number} map @param {number} claimed @param {number} here */
    mean: (map, claimed, here) => `特征图 ${map}：链接里的均值是 ${formatNumber(claimed)}，这里是 ${formatNumber(here)}。`,
    /** @param {string} label @param {number} probability */
    noPrediction: (label, probability) => `“${label}”在链接里是 ${formatPercent(probability)}，在这里却不在前几个答案中。`,
    /** @param {string} label @param {number} claimed @param {number} here */
    prediction: (label, claimed, here) => `“${label}”：链接里是 ${formatPercent(claimed)}，这里是 ${formatPercent(here)}。`,
    /** @param {string} name */
    noClass: (name) => `类别“${name}”在这里没有特征图。`,
    /** @param {string} name @param {number} same @param {number} claimed @param {number} here */
    classMaps: (name, same, claimed, here) => `类别“${name}”：链接里的 ${claimed} 张特征图中有 ${same} 张在这里次数相同；这里共有 ${here} 张。`,
  },

  panel: {
    heading: '分享你看到的',
    intro: '模型、层、照片、特征图、类别和设置都会带上。打开的人会在自己的浏览器里重新算一遍。',
    privacy: '什么都不会上传。发现保存在链接中 # 之后的部分；浏览器不会把它发给任何服务器。',
    preparing: '正在生成链接…',
    close: '关闭',
  },

  link: {
    heading: '链接',
    label: '这份发现的链接',
    copy: '复制',
    copied: '已复制',
    /** @param {number} length */
    length: (length) => `${length} 个字符。`,
    chat: '许多聊天软件会截断超过 2,000 个字符的链接。请用邮件发送，或改发文件。',
    browser: '超过了 32,000 个字符，有些浏览器和邮件软件不接受。请改为分享文件，或不要把图片放进链接。',
    qr: '链接的二维码',
    qrTooLong: '链接太长，放不进二维码（最多 2,953 个字符）。',
    /** @param {string} name */
    model: (name) => `链接里没有你的模型 ${name}，只有它的名称和哈希值。打开链接的人会被要求提供这个文件；在此之前，他们看到的是你的数字，并标明未重新计算。`,
    /** @param {number} count */
    pictures: (count) => `链接里没有你的 ${count} 张图片，只有名称和哈希值。`,
    /** @param {number} count */
    inside: (count) => `把我的 ${count} 张图片的缩小版放进链接`,
    /** @param {number} count */
    warning: (count) => `这个链接会包含你的 ${count} 张图片；拿到链接的人都能看到。`,
    small: '网络在缩小版里看到的像素略有不同，因此链接里的数字是按缩小版算的。',
    /** @param {string} host */
    address: (host) => `链接里有 ${host} 上的网址。打开链接的人会先被询问，然后才从那里加载。`,
    /** @param {number} length */
    tooLong: (length) => `这份发现的链接会有 ${length} 个字符，超过能打开的长度。请不要放入图片，或改为分享文件。`,
  },

  kept: {
    /** @param {number} files @param {number} bytes */
    line: (files, bytes) => `为了让你自己的链接以后还能用，此浏览器保存了 ${files} 个文件（${formatBytes(bytes)}，存放在本设备上本站的私有存储里）。`,
    forget: '删除它们',
    forgotten: '已删除：你自己的链接会要求提供这些文件。',
    failed: '此浏览器没有空间保存你的文件，或正处于无痕窗口：你自己的链接会要求提供这些文件。',
  },

  ask: {
    heading: '这个链接想加载文件',
    /** @param {'model' | 'image'} what @param {string} host */
    line: (what, host) => `这个链接想从 ${host} 加载${what === 'model' ? '一个模型' : '一张图片'}：`,
    note: '那台主机会知道你的网络地址，以及你打开了这个链接。不会发送你的任何内容：没有 Cookie，没有图片。',
    load: '加载',
    refuse: '不加载',
  },

  open: {
    heading: '来自链接的发现',
    close: '关闭这份发现',
    /** @param {string} date */
    made: (date) => `制作于 ${date}。`,
    computing: '正在这里重新计算；在此之前显示的是链接里的数字。',
    missing: '未重新计算：这些是链接里的数字，而制作它们所需的某个文件这里没有。页面的其余部分显示的是别的内容。',
    failed: '未重新计算：这些是链接里的数字。这里无法计算，原因见上面的消息。',
    same: '已在这里重新计算：数字与链接一致。',
    differs: '已在这里重新计算，但与链接不完全一致：',
    /** @param {number} count */
    more: (count) => `……还有 ${count} 处。`,
    needs: '要在这里计算，请拖入或选择：',
    /** @param {string} name @param {number} bytes */
    file: (name, bytes) => `${name}（${formatBytes(bytes)}），SHA-256 `,
    /** @param {string} address */
    address: (address) => `未加载：${address}`,
    choose: '选择文件',
    load: '仍从那里加载',
    /** @param {string[]} names */
    wrong: (names) => `${names.join('、')} 与制作链接时的文件不同：名称相同，内容不同。`,
    /** @param {string[]} names */
    notWanted: (names) => `${names.join('、')}：不是链接要的文件。`,
    /** @param {string} name */
    noModel: (name) => `本页没有自带的模型“${name}”。`,
    /** @param {string} name */
    noPhoto: (name) => `本页没有自带的照片“${name}”。`,
    maps: '最强的特征图',
    /** @param {number} map @param {number} mean */
    map: (map, mean) => `特征图 ${map}：${formatNumber(mean)}`,
    predictions: '预测',
    /** @param {string} label @param {number} probability */
    prediction: (label, probability) => `${label}：${formatPercent(probability)}`,
    /** @param {string} name @param {number} maps */
    class: (name, maps) => `类别“${name}”：${maps} 张特征图`,
    /** @param {number} map @param {number} count */
    classMap: (map, count) => `特征图 ${map}，出现在 ${count} 张图片里`,
    claim: '链接里的数字',
  },
};
