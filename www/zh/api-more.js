export const text = {
  /** @param {{ name: string, shape: number[] }[]} results */
  noScores: (results) =>
    `这个网络不给出类别得分，而是给出${results.map(({ name, shape }) => `形状为 ${shape.join(' × ') || '1'} 的“${name}”`).join('、')}，所以没有类别可问。`,
  canvasReads:
    '为了防止你被识别，这个浏览器会改动网页从画布读取的像素，而这种图片只能这样读取。请把它存为 PNG 或 JPEG，或在浏览器设置里允许这个页面读取画布。',
  canvasWrites:
    '为了防止你被识别，这个浏览器会改动网页生成的图片，文件里会出现噪点。请在浏览器设置里允许这个页面读取画布，或改用截屏。',
  /** @param {number} width @param {number} height */
  tooManyPixels: (width, height) => `这张图片有 ${width}×${height} 像素，装不下。请缩小后再试。`,
  /** @param {number} count */
  whichModel: (count) =>
    count > 1
      ? '这里有好几个 .onnx 文件。请一次只给一个模型，连同它的数据文件和模型卡。'
      : '这里面没有 .onnx 文件。请把模型本身也加上。',
  /** @param {string} name @param {string[]} names */
  noSuchClass: (name, names) => `没有类别“${name}”。现有的类别：${names.join('、')}。`,
  /** @param {string} name */
  sameClassTwice: (name) => `有两个类别都叫“${name}”。请给每个类别取不同的名字。`,
  /** @param {string} host */
  redirected: (host) => `${host} 把请求转到了另一个网址，而你选择了不跟随。请用别的办法下载文件，再拖到这里。`,
  /** @param {string} url */
  downloadTooLarge: (url) => `${url} 超过 2 GB，引擎装不下。请用小一点的模型。`,
  /** @param {string} labels */
  unknownLabels: (labels) => `模型卡把“${labels}”写成标签，而本页旁边没有这个列表。请把标签本身写进模型卡。`,
  /** @param {string} shape */
  listOf: (shape) => `${shape} 的列表`,
  place: '两个数，分别从左和从上算起',
  ofMask: '空的，因为这个网络不在图片里标出类别',
  otherOrigin:
    '这张图片来自另一个网站，那个网站不允许其他网页读取它。它的主机必须允许 CORS，<img> 也要带上 crossorigin 属性。',
};
