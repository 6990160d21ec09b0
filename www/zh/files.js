/** @param {number} count */
const images = (count) => `${count} 张图片`;

export const text = {
  /** @param {string} name @param {number} done @param {number} total */
  listing: (name, done, total) => `正在 ${name} 里寻找图片：${total} 个文件中的第 ${done} 个`,
  /** @param {string} name @param {number} done @param {number} total */
  reading: (name, done, total) => `正在解压 ${name}：${images(total)}中的第 ${done} 张`,
  /** @param {number} count */
  stopped: (count) =>
    count === 0
      ? '在解压出第一张图片之前就停止了。'
      : `已停止解压；已解压的${images(count)}保留在这里。要全部图片，请再拖入一次 .zip。`,
  /** @param {string} name */
  empty: (name) => `${name} 里没有图片。可以读取 JPEG、PNG、WebP、GIF 和 BMP；模型要先解压出来。`,
  /** @param {string} name */
  damaged: (name) => `${name} 已损坏，或者不是 .zip 文件。请重新下载或打包，或解压后拖入文件夹。`,
  /** @param {string} name */
  encrypted: (name) => `${name} 有密码保护。请用密码解压后拖入文件夹。`,
  /** @param {string} name */
  unknownMethod: (name) => `${name} 的压缩方式不常见。请解压后拖入文件夹。`,
  /** @param {string} name */
  tooMany: (name) => `${name} 里的图片超过 5,000 张。请解压后只拖入一部分文件夹。`,
  /** @param {string} name @param {string} path @param {number} limit */
  tooLargeFile: (name, path, limit) =>
    `${name} 中的 ${path} 解压后超过 ${Math.round(limit / 2 ** 20)} MB。请把它从压缩包里拿掉，或缩小它。`,
  /** @param {string} name @param {number} limit */
  tooLarge: (name, limit) => `${name} 解压后超过 ${Math.round(limit / 2 ** 30)} GB。请解压后只拖入一部分文件夹。`,
  /** @param {string} name @param {string} path */
  bomb: (name, path) => `${name} 中的 ${path} 解压后超过原来的 200 倍，照片不会这样，所以什么都没有解压。`,
  /** @param {string} name */
  bombs: (name) => `${name} 里的图片解压后超过原来的 200 倍，照片不会这样，所以什么都没有解压。`,
  /** @param {string} name */
  heic: (name) => `${name} 是 HEIC 照片，Featurescope 和这个浏览器都读不了。请先把它存为 JPEG。`,
  /** @param {number} count */
  heics: (count) =>
    `${count} 张 HEIC 照片没有加入：Featurescope 和这个浏览器都读不了这种格式。请先把它们存为 JPEG。` +
    '在 iPhone 上，依次打开“设置”“相机”“格式”，选择“兼容性最佳”，以后拍的照片就是 JPEG。',
};
