export const text = {
  heading: '使用自己的模型',
  intro: '任何 ONNX 格式的图像分类模型都可以：拖到这个页面上，或在这里选择。它不会离开你的电脑。',
  choose: '选择 .onnx 文件（连同它的数据文件和模型卡）',
  url: '或给出网址',
  open: '打开',
  pytorch: '从 PyTorch 导出',
  keras: '从 Keras 导出',
  copy: '复制',
  copied: '已复制',
  card: '脚本还会写出一张模型卡：一个 JSON 文件，记录类别名和像素怎样变成数值。请把它和模型一起拖进来；没有它，页面会推测预处理，把推测给你看，你可以改正它，也可以给类别起名字。',
  missing: '脚本加载失败。',
};
