/**
 * What the Rust core says, sentence by sentence: left as it stands in src/ (`{}` for each value), right in Chinese. $1 is the first
 * value, which is a name, a number, or such a sentence itself; &1 is what another library may have said in its own words:
 * in parentheses these are left out.
 */

/** @type {Record<string, string>} */
export const sentences = {
  // Reading a model.
  'the file is empty': '文件是空的',
  'the file is not an ONNX model ({})': '这个文件不是 ONNX 模型（&1）',
  'byte {} is no field of a model': '第 $1 个字节不是模型的字段',
  'a number is longer than ten bytes': '有一个数超过十个字节',
  'the file ends at least {} bytes too early, so the download or copy is incomplete; fetch it again':
    '文件至少少了 $1 个字节，所以下载或复制并不完整，请重新获取',
  'this is {}, not an ONNX model; {}': '这是$1，不是 ONNX 模型；$2',
  'a Git LFS pointer': '一个 Git LFS 指针',
  "the model itself is still on the server: run git lfs pull, or download it from the project's page":
    '模型本身还在服务器上：请运行 git lfs pull，或从项目网页下载',
  'a PyTorch file': '一个 PyTorch 文件',
  'load it in Python and save it with torch.onnx.export(model, example, "model.onnx")':
    '请在 Python 中载入它，再用 torch.onnx.export(model, example, "model.onnx") 保存',
  'a Keras file': '一个 Keras 文件',
  'an HDF5 file, as Keras writes it': '一个 Keras 所写的 HDF5 文件',
  'convert it with python -m tf2onnx.convert, or in Python with tf2onnx.convert.from_keras':
    '请用 python -m tf2onnx.convert 转换，或在 Python 中用 tf2onnx.convert.from_keras',
  'a ZIP archive': '一个 ZIP 压缩包',
  'a gzip archive': '一个 gzip 压缩包',
  'unpack it and choose the .onnx file in it': '请解压，再选其中的 .onnx 文件',
  'a Python pickle, as older PyTorch writes it': '旧版 PyTorch 所写的一个 Python pickle',
  'a safetensors file': '一个 safetensors 文件',
  'it holds weights without the network; build the network in PyTorch, load them, and save it with torch.onnx.export':
    '它只有权重，没有网络；请在 PyTorch 中建好网络、载入权重，再用 torch.onnx.export 保存',
  'a GGUF file': '一个 GGUF 文件',
  'it holds a language model, which has no feature maps': '里面是语言模型，没有特征图',
  'a TensorFlow Lite model': '一个 TensorFlow Lite 模型',
  'convert it with python -m tf2onnx.convert --tflite model.tflite --output model.onnx':
    '请用 python -m tf2onnx.convert --tflite model.tflite --output model.onnx 转换',
  "a model in onnxruntime's own format": '一个 onnxruntime 自有格式的模型',
  'use the .onnx file that it was made from': '请用生成它的 .onnx 文件',
  'a picture': '一张图片',
  'drop it where the pictures go': '请把它拖到放照片的地方',
  'a PDF document': '一个 PDF 文档',
  'choose a file that ends in .onnx': '请选一个以 .onnx 结尾的文件',
  'a web page': '一个网页',
  'download the model file itself, not the page that links to it': '请下载模型文件本身，而不是链接到它的网页',
  'an XML file': '一个 XML 文件',
  'a JSON file': '一个 JSON 文件',
  'if it describes a TensorFlow.js or Keras model, convert the original with tf2onnx':
    '如果它描述的是 TensorFlow.js 或 Keras 模型，请用 tf2onnx 转换原来的模型',
  'a text file': '一个文本文件',
  'the model holds no graph': '模型里没有计算图',
  'the model uses operator set {}, but sets {} to {} can be read; export it again with opset 17':
    '模型用的是第 $1 版算子集，而能读取的是第 $2 到 $3 版；请用 opset 17 重新导出',
  'in node {}: nothing makes its input {}': '节点“$1”：没有算子产生它的输入“$2”',
  'in node {}: it waits for its own result, since the graph runs in a circle':
    '节点“$1”：计算图成了环，它在等自己的结果',
  'in node {}: the value {} is made twice': '节点“$1”：值“$2”产生了两次',
  'in node {}: {} makes no value': '节点“$1”：$2 不产生任何值',
  'the name {} stands for two inputs or constants': '名称“$1”用在两个输入或常量上',
  'the graph promises an output {} that no node makes': '计算图声明了输出“$1”，却没有节点产生它',
  'the graph has no result': '计算图没有结果',
  'in tensor {}: {}': '张量“$1”：$2',
  'in input {}: {}': '输入“$1”：$2',
  'input {}: {}': '输入“$1”：$2',
  'the weights of this model are in a second file, {}; open both files together':
    '这个模型的权重在另一个文件“$1”里，请把两个文件一起打开',
  'several of the files may be {}; choose the folder that holds the model, so that their paths tell them apart':
    '有好几个文件都可能是“$1”；请选择模型所在的文件夹，这样可以由路径区分它们',
  'the function {} that the file defines cannot be read: {}': '文件里定义的函数 $1 无法读取：$2',
  'its calls make too many nodes': '展开它的调用会产生太多节点',
  'it calls itself': '它调用自己',
  'in node {}: the quantised {} cannot be read: {}': '节点“$1”：量化的 $2 无法读取：$3',
  'the numbers that integers stand for take too much memory': '整数所代表的数占用太多内存',
  'a scale or zero point is computed, and it may be more than one number':
    '有一个缩放系数或零点是算出来的，可能不止一个数',
  'a zero point is computed, and its type is not known': '有一个零点是算出来的，类型未知',
  'a computed value has a list of zero points': '一个算出来的值带有一串零点',
  'all results of the model are texts or tables of texts; export it with its scores as a result':
    '模型的结果全是文字或文字表；请重新导出，让得分也成为结果',
  'a constant of the kind {} cannot be read': '无法读取类型为 $1 的常量',
  'the dimension {} is impossible': '维度 $1 不可能存在',
  'complex number': '复数',
  '8-bit float': '8 位浮点数',
  '4-bit integer': '4 位整数',
  '4-bit float': '4 位浮点数',
  'number {}': '编号 $1',
  'the shape {} is impossible': '形状 $1 不可能存在',
  'its values or their places are missing': '缺少它的值或值的位置',
  'the places of its values are outside of it': '它的值的位置超出了范围',
  'it has {} places': '它有 $1 个位置',
  'the shape {} is impossibly large': '形状 $1 大得不可能',
  'the shape {} needs {} values, but the file holds {}': '形状 $1 需要 $2 个值，而文件里有 $3 个',
  'values of the type {} cannot be read': '无法读取类型为“$1”的值',
  'the shape {} needs {} values of {} bytes, but the file holds {} bytes':
    '形状 $1 需要 $2 个 $3 字节的值，而文件里有 $4 个字节',
  'it names no file for its values': '没有写明值在哪个文件里',
  'the {} {} is not a number': '$1“$2”不是数',
  'it is impossibly large': '它大得不可能',
  'the shape {} needs {} bytes, but {} are said to be in the file': '形状 $1 需要 $2 个字节，而据称文件里有 $3 个',
  'it reaches beyond the end of {}': '它超出了“$1”的末尾',

  // Opening a model, and asking it.
  'drawing at {} pixels takes about {} MB; {}': '画 $1 像素的图约需 $2 MB；$3',
  'no size fits': '没有装得下的尺寸',
  'up to {} pixels fit': '最多装得下 $1 像素',
  'a drawing cannot have {} pixels a side: the smallest has {}': '图的边长不能是 $1 像素：最小是 $2',
  'at {} pixels the layer {} is not yet two cells high and wide: draw it larger':
    '$1 像素时，层“$2”的高和宽还不到两格：请画大一些',
  'this network gives no class scores (its result {} has the shape {}), so there are no classes to ask about':
    '这个网络不给出类别得分（结果“$1”的形状是 $2），所以没有类别可问',
  'the results of this network cannot be computed here, since nobody has the operators of {}':
    '这个网络的结果在这里算不出来，因为没有谁会这些节点的算子：$1',
  'the network computes infinity, or what is no number, of this picture in {}':
    '网络对这张图片在“$1”里算出了无穷大或不是数的值',
  'it is not known what the values of {} are; say whether they are logits or probabilities':
    '不知道“$1”的值是什么；请指明是 logits 还是概率',
  'the model has no layer {}': '模型没有“$1”这一层',
  'there is no class {}: there are {}, numbered from 0': '没有类别 $1：共有 $2 个，从 0 开始编号',
  'there is no box {}: there are {}, numbered from 0': '没有框 $1：共有 $2 个，从 0 开始编号',
  'the network found nothing in this picture, so there is no box to ask about':
    '网络在这张图片里什么也没找到，所以没有可以询问的框',
  'there is no class {}: the model has {}, numbered from 0': '没有类别 $1：模型有 $2 个，从 0 开始编号',
  'there is no map {}: the layer has {}, numbered from 0': '没有特征图 $1：这一层有 $2 张，从 0 开始编号',
  'there is no feature map {}: the layer has {}, numbered from 0': '没有特征图 $1：这一层有 $2 张，从 0 开始编号',
  'this network takes no stack of pictures, so it is looked at with one at a time':
    '这个网络不接收一叠图片，只能一张一张地看',
  'the pictures of a stack have more than {} million pixels together; make them smaller or give fewer':
    '一叠图片合计超过 $1 百万像素；请缩小图片或减少张数',
  'the layer {} is no attention, so there is no patch to choose': '“$1”这一层不是注意力，没有图块可选',
  'there is no patch in row {}, column {}: there are {} × {}, numbered from 0':
    '第 $1 行第 $2 列没有图块：共有 $3 × $4 块，从 0 开始编号',
  'there is no image {}: there are {}, numbered from 0': '没有图片 $1：共有 $2 张，从 0 开始编号',
  'there is no position {}, {} in a map of {}×{}': '$3×$4 的特征图里没有位置 $1, $2',
  'the images of a set must all be looked at in one layer: the first was in {}, this one is in {}':
    '一组图片必须都在同一层里看：第一张在“$1”，这一张在“$2”',
  'the engine gave no gradient': '引擎没有给出梯度',
  '{} values were asked for, {} came': '要了 $1 个值，得到 $2 个',
  'a value of the model should have {} elements, but has {}': '模型的一个值应有 $1 个元素，却有 $2 个',
  'the model takes {} inputs, and none of them could be a picture': '模型有 $1 个输入，其中没有一个像图片',
  'the model promises no output': '模型没有声明输出',
  'the model has no feature maps: no convolution, activation or pooling with height and width':
    '模型没有特征图：没有带高和宽的卷积、激活或池化',
  'a field of the model card cannot be read ({})': '模型卡里有一个字段无法读取（&1）',
  'the model card does not fit: {}': '模型卡与模型不符：$1',
  'the model has no value {} of one number for each class': '模型里没有给每个类别一个数的值“$1”',
  "the recipe's {} is {}, but the model takes {}": '预处理的$1是 $2，而模型要的是 $3',
  size: '尺寸',
  'number of channels': '通道数',
  "its layout is not the model's": '它的排列方式与模型不同',
  'the class has {} weights, but the layer has {} feature maps': '类别有 $1 个权重，而这一层有 $2 张特征图',
  "the model's input has the shape {}. One with four dimensions is needed: batch, channels, height and width":
    '模型输入的形状是 $1，而需要四个维度：批、通道、高、宽',
  "the model's input has the shape {}. Pictures have 1 to 16 channels": '模型输入的形状是 $1，而图片有 1 到 16 个通道',
  "the model's input has the shape {}. Its sides have to be from 1 to {}":
    '模型输入的形状是 $1，而边长必须在 1 到 $2 之间',
  'no feature map is chosen': '没有选择特征图',
  'an overlay of {} × {} pixels is outside 1 to {}': '叠加图的 $1 × $2 像素不在 1 到 $3 的范围内',
  "the recipe's size of {} × {} is outside 1 to {}": '预处理的尺寸 $1 × $2 不在 1 到 $3 的范围内',
  "the recipe's {} has {} values, but there are {} channels": '预处理的 $1 有 $2 个值，而通道有 $3 个',
  "the recipe's {} of {} cannot be used": '预处理的 $1 不能是 $2',
  "the recipe's {} {} is not known": '预处理的 $1 不能是“$2”',
  "the card's output {} is not known: use logits, softmax or sigmoid":
    '模型卡里的 output 不能是“$1”：请用 logits、softmax 或 sigmoid',
  "the card's band {} is not known: use red, green, blue or null":
    '模型卡里的波段“$1”不认识：请用 red、green、blue 或 null',
  'there is no output {}: use logits, softmax or sigmoid': '没有输出“$1”：请用 logits、softmax 或 sigmoid',
  "the file's {} is not the JSON of a recipe": '文件里的“$1”不是预处理的 JSON',
  'there is no preset {}': '没有预设“$1”',
  'there is no replacement {}': '没有替代方式“$1”',
  'there is no colour map {}': '没有配色“$1”',
  'there is no {} {}': '没有$1“$2”',
  'overlay style': '叠加样式',
  'colour map': '配色',
  'the option {} is {}; it has to be a number from 0': '选项 $1 是 $2；它必须是不小于 0 的数',
  'the drawing is at a step already, or has not begun': '绘制正在进行一步，或者还没有开始',
  'no external file {} was added': '没有加入过外部文件“$1”',
  "the file of {} MB does not fit into this browser's memory for one page":
    '这个 $1 MB 的文件超过了浏览器给一个页面的内存',
  'a slice reaches beyond the end of its file': '片段超出了文件的末尾',

  // Pictures.
  'this file is empty': '这个文件是空的',
  '{} could not be read: neither Featurescope nor this browser can decode it. Save it as PNG or as a common JPEG first':
    '$1无法读取：Featurescope 和这个浏览器都解不了码。请先另存为 PNG 或普通的 JPEG',
  'this file': '这个文件',
  'this {} picture': '这张 $1 图片',
  '12-bit JPEG': '12 位 JPEG',
  'unusually sampled JPEG': '采样方式少见的 JPEG',
  'not interleaved JPEG': '非交错 JPEG',
  'unusually coloured JPEG': '颜色方式少见的 JPEG',
  'arithmetically coded JPEG': '算术编码的 JPEG',
  'lossless JPEG': '无损 JPEG',
  'hierarchical JPEG': '分层 JPEG',
  'this picture is too large: {} × {} pixels of {} bytes. The limits are {} million pixels and {} million bytes':
    '这张图片太大：$1 × $2 像素，每像素 $3 字节。上限是 $4 百万像素和 $5 百万字节',
  'this {} file is too large: it needs more memory than its decoder may use':
    '这个 $1 文件太大：需要的内存超过了解码器的上限',
  'there is nothing to look at in a picture of {} × {} pixels: each side needs at least {}':
    '$1 × $2 像素的图片里没有可看的：每边至少要 $3 像素',
  'this {} file is cut off: the end of the picture is missing. Copy or download it again':
    '这个 $1 文件不完整：缺了图片的末尾。请重新复制或下载',
  'this {} file is damaged ({})': '这个 $1 文件已损坏（解码器：&2）',
  'the palette is no whole number of colours': '调色板里的颜色不是整数个',
  '{} × {} pixels of {} bytes do not make {} bytes': '每个 $3 字节的 $1 × $2 像素不等于 $4 字节',
  'this is a PDF, not a picture. Save the page you mean as PNG or JPEG':
    '这是 PDF，不是图片。请把要用的那一页存为 PNG 或 JPEG',
  'this is an SVG drawing, which has no pixels of its own. Export it as PNG':
    '这是 SVG 图形，本身没有像素。请导出为 PNG',
  'this is a web page, not a picture. Save the picture itself': '这是网页，不是图片。请保存图片本身',
  'this is a text file, not a picture': '这是文本文件，不是图片',
  'this is a packed archive, not a picture. Unpack it first': '这是压缩包，不是图片。请先解压',

  // Engines.
  'in node {}: the operator {} is not supported ({})': '节点“$1”：算子 $2 不受支持（&3）',
  'the model cannot be run: {}': '模型无法运行：&1',
  'the input {} {}': '输入“$1”$2',
  'is missing': '缺失',
  'has the shape {}, but the model takes {}': '的形状是 $1，而模型要的是 $2',
  'cannot be read: {}': '无法读取：&1',
  'the input {} has no fixed shape': '输入“$1”没有固定的形状',
  'the engine gave {} in the shape {}, where the model says {}': '引擎给出的“$1”形状是 $2，而模型说的是 $3',
  'the model is too large for this device: {}': '模型对这台设备来说太大：&1',
  'no usable GPU: {}': '没有可用的 GPU：&1',
  'the GPU device was lost: {}': 'GPU 设备丢失了：&1',
  'the engine failed: {}': '引擎出错：&1',
  'the shape of {} is not known': '“$1”的形状未知',
  'it returned {} values instead of {}': '它返回了 $1 个值，而不是 $2 个',
  'the graph has no value {}': '计算图里没有值“$1”',
  'an output consists neither of floats nor of whole numbers': '有一个输出既不是浮点数也不是整数',
  'its input is of a kind that it does not take': '它的输入是它不接受的类型',
  'its result has no shape': '它的结果没有形状',
  'SAME_LOWER would be taken for SAME_UPPER': 'SAME_LOWER 会被当成 SAME_UPPER',
  'windows that are narrower than their stride would be padded by less than nothing': '比步幅窄的窗口会得到负的填充',
  'only values of up to four dimensions are resized': '最多只能缩放四维的值',
  'only one or two dimensions of maps have windows': '特征图最多只有两个维度上有窗口',
  'only one or two dimensions of maps are pooled': '特征图只能在一维或二维上池化',
  'only the last two dimensions are padded with other than a number': '除了用一个数，只能填充最后两个维度',
  'the policy for the aspect ratio would be left out': '长宽比的策略会被忽略',
  'in node {}: {}': '节点“$1”：$2',
  'input {} does not consist of floats': '输入 $1 不是浮点数',
  'the inputs do not have the same shape': '各输入的形状不同',
  'the inputs do not fit its operations': '输入与它的运算不符',
  'the maps have no values': '特征图没有数值',
  'the input has the shape {}': '输入的形状是 $1',
  'the slices do not fit the input of {}': '切片与形状为 $1 的输入不符',
  'the window does not fit the input of {}×{}×{}×{}': '窗口与 $1×$2×$3×$4 的输入不符',
  'no node makes the output {}': '没有节点产生输出“$1”',
  'the value {} has no shape': '值“$1”没有形状',
  '{} has {} values, and no more than {} can be computed in one step': '“$1”有 $2 个值，而一步最多能算 $3 个',
  '{} has {} MB, but this GPU takes no more than {} MB at once': '“$1”有 $2 MB，而这块 GPU 一次最多接受 $3 MB',
  '{} needs more workgroups than a dispatch may have': '“$1”需要的工作组超过一次调度的上限',
  'needs {} to be a constant of floats': '要求“$1”是浮点常量',
  'needs one picture of two dimensions': '要求一张二维图片',
  'has {} groups for {} channels': '把 $2 个通道分成 $1 组',
  'is not known': '未知',
  'does not fit its input': '与输入不符',
  'needs four dimensions': '要求四个维度',
  'has operands that do not fit': '的操作数互不相符',
  'joins the channels of more than one picture': '合并了不止一张图片的通道',
  'needs constant scales': '要求缩放倍数是常量',
  'has no input {}': '没有输入 $1',
  'has negative {}': '的 $1 是负数',
  'has {} {}': '的 $1 是 $2',
  'in node {}: operator {} {}': '节点“$1”：算子 $2 $3',
  'is not in the core set': '不在核心算子集里',
  'has {} inputs and {} outputs': '有 $1 个输入和 $2 个输出',
  'has no {}': '没有 $1',
  'has an auto_pad attribute': '有 auto_pad 属性',
  'has no group attribute': '没有 group 属性',
  'needs a constant kernel of 4 dimensions and a constant bias': '要求卷积核是四维常量，偏置是常量',
  'has ceil_mode or odd dilations': '有 ceil_mode 或不寻常的膨胀',
  'has ceil_mode or dilations': '有 ceil_mode 或膨胀',
  'does not say what it sums': '没有说明对什么求和',
  'has bounds that are not constant numbers': '的上下限不是常数',
  'is not along the channels': '不在通道方向上',
  'has scales {}': '的缩放倍数是 $1',
  'has no perm': '没有 perm',
  'needs a constant shape': '要求形状是常量',
  'a tensor of shape {} needs {} values, but {} were given': '形状为 $1 的张量需要 $2 个值，得到 $3 个',
  'a tensor of shape {} is too large': '形状为 $1 的张量太大',
  'expected a tensor of shape [1, channels, height, width], but got {}': '需要形状为 [1, 通道, 高, 宽] 的张量，得到 $1',

  // Gradients and lowering.
  'the model has no value {}': '模型里没有值“$1”',
  '{} is a constant of the model, not a layer': '“$1”是模型的常量，不是层',
  '{} does not depend on {}': '“$1”与“$2”无关',
  '{} has the shape {}, which is not that of maps': '“$1”的形状是 $2，不是特征图的形状',
  '{} has the shape {}': '“$1”的形状是 $2',
  'in node {}: there is no gradient of {}: {}': '节点“$1”：算不出 $2 的梯度：$3',
  'the gradient is not in the core set: {}': '梯度不在核心算子集里：$1',
  'its adjoint cannot be seen as {}': '它的伴随不能看作 $1',
  'its adjoint has {} channels in place of {}': '它的伴随有 $1 个通道，而不是 $2 个',
  'from the shape {} to {}': '从形状 $1 到 $2',
  'from shape {} to {}': '从形状 $1 到 $2',
  'its kernel is not a constant': '它的卷积核不是常量',
  'its kernel is not a constant of four dimensions': '它的卷积核不是四维常量',
  'its kernel has the shape {}': '它的卷积核形状是 $1',
  'its kernel has shape {}': '它的卷积核形状是 $1',
  'its kernel does not hold floats': '它的卷积核不是浮点数',
  'its bias is not a constant': '它的偏置不是常量',
  'its kernel_shape is not two numbers': '它的 kernel_shape 不是两个数',
  'its perm is {}': '它的 perm 是 $1',
  'its output has shape {}': '它的输出形状是 $1',
  'input {} holds whole numbers': '输入“$1”是整数',
  'its axis is not known': '它的轴未知',
  'its values or axis are not known': '它的值或轴未知',
  'what is there already takes part': '已有的值也参与计算',
  'its indices are computed and not for every row': '它的下标是算出来的，而且不是每行都有',
  'its diagonal is not known': '它的对角线未知',
  'there is no rule for it': '没有针对它的规则',
  'an operand is missing': '缺少一个操作数',
  'it takes slices that are not there': '它取了不存在的切片',
  'in node {}: operator {} is not supported: {}': '节点“$1”：算子 $2 不受支持：$3',
  'in node {}: a tensor of shape {} is larger than the limit of {} bytes':
    '节点“$1”：形状为 $2 的张量超过 $3 字节的上限',
  'in node {}: what is made up for it and the nodes before it is more than the limit of {} bytes':
    '节点“$1”：为它和之前的节点生成的数超过 $2 字节的上限',
  'lowering left something that is not in the core set: {}': '改写之后仍有不在核心算子集里的东西：$1',
  'a second Softmax at the end': '结尾有第二个 Softmax',
  'its result of shape {} is empty': '它的结果（形状 $1）是空的',
  'there is no lowering for it': '没有针对它的改写',
  'it belongs to the operator set {}': '它属于算子集“$1”',
  'its bounds are not constants': '它的上下限不是常量',
  'nothing is left of its input': '它的输入什么也没剩下',
  'it has a mode that is not known': '它的模式（mode）未知',
  '{} positions in a value of shape {} are too many': '在形状为 $2 的值里有 $1 个位置，太多了',
  '{} of {} values in {} rows are too many': '在 $3 行里从 $2 个值中取 $1 个，太多了',
  'it has no ranks': '它没有名次',
  'it has no updates': '它没有要写入的值',
  'it has a place that is not there': '它有一个不存在的位置',
  'reduction {}': '归约方式（reduction）$1',
  '{} updates for one place': '同一个位置要写入 $1 次',
  'it takes no elements': '它不取任何元素',
  'its inputs do not fit each other': '它的各个输入互不相配',
  'a grid of shape {} for a value of shape {}': '形状为 $1 的网格对形状为 $2 的值',
  'its size is missing': '缺少它的尺寸（size）',
  'the grid': '网格',
  'theta of shape {} for a size of {}': '尺寸为 $2，而 theta 的形状为 $1',
  'weights of shape {} for a value of shape {}': '形状为 $1 的权重对形状为 $2 的值',
  'weights of shape {} in {} groups, with offsets for {}, for {} channels':
    '形状为 $1 的权重分成 $2 组，偏移为 $3 组，而通道有 $4 个',
  'offsets of shape {} for {} places at {}': '形状为 $1 的偏移，对 $3 处的 $2 个位置',
  'a bias of shape {} for {} maps': '形状为 $1 的偏置对 $2 张特征图',
  'a mask of shape {} for {} places at {}': '形状为 $1 的掩码，对 $3 处的 $2 个位置',
  'a value of shape {} as one of {}': '把形状为 $1 的值当作 $2',
  'its base is not positive': '它的底不是正数',
  'it has {} operands': '它有 $1 个操作数',
  'it has no computed operand': '它的操作数没有一个是算出来的',
  'an operand does not hold numbers': '有一个操作数不是数',
  'an operand does not hold floats': '有一个操作数不是浮点数',
  'its operands do not broadcast to {}': '它的操作数无法广播成 $1',
  'its operands do not broadcast': '它的操作数无法广播',
  'an operand of shape {} does not broadcast': '形状为 $1 的操作数无法广播',
  '{} numbers as a constant of shape {}': '把 $1 个数当作形状为 $2 的常量',
  'a constant of shape {} does not broadcast to {}': '形状为 $1 的常量无法广播成 $2',
  'input {} is missing': '缺少输入 $1',
  'a value of shape {} is not one picture or set of maps': '形状为 $1 的值不是一张图片或一组特征图',
  'a value of shape {} does not consist of maps': '形状为 $1 的值不是由特征图组成',
  'a kernel of shape {} for {} channels': '用于 $2 个通道的卷积核形状是 $1',
  'of several pictures by a kernel that is computed': '用算出来的卷积核处理多张图片',
  'of several pictures by a kernel or bias that is computed': '用算出来的卷积核或偏置处理多张图片',
  'stride {} and dilation {}': '步长 $1 和膨胀 $2',
  '{} channels in {} groups': '$1 个通道分成 $2 组',
  '{} are {}': '$1 为 $2',
  'group is {}': 'group 为 $1',
  'pads are {}': 'pads 为 $1',
  'auto_pad is {}': 'auto_pad 为 $1',
  'a window of {} that makes {} pixels': '$1 的窗口产生 $2 像素',
  'a kernel of shape {} with group {} does not fit {} channels': '形状为 $1、group 为 $2 的卷积核与 $3 个通道不符',
  'a kernel of shape {} with its bias': '形状为 $1 的卷积核和它的偏置',
  'a BatchNormalization of another size follows it': '后面跟着大小不同的 BatchNormalization',
  'strides {} and a kernel of {}': '步长 $1 和 $2 的卷积核',
  'both of its operands are constants': '它的两个操作数都是常量',
  'a value of shape {} with {} rows': '形状为 $1、有 $2 行的值',
  'its addend does not hold floats': '它的加数不是浮点数',
  'a constant of shape {} as matrix': '把形状为 $1 的常量当作矩阵',
  'a matrix of shape {}, which is empty': '形状为 $1 的空矩阵',
  'a vector cannot be transposed': '向量不能转置',
  'its rows are not along the channels': '它的行不在通道方向上',
  'its matrix does not hold floats': '它的矩阵不是浮点数',
  'a number is no matrix': '一个数不是矩阵',
  'a product of {} and {}': '$1 与 $2 的乘积',
  'a constant of shape {} for {} products': '用于 $2 个乘积的常量形状是 $1',
  'it has no operands': '它没有操作数',
  'all of its operands are constants': '它的操作数都是常量',
  'a constant cannot be rearranged': '有一个常量无法重新排列',
  'dimensions {} of {}': '$2 的维度 $1',
  'its elements would have to move in a way that is not known': '它的元素要以未知的方式移动',
  'channels of something that is not an image': '不是图像，却要取通道',
  'of something that is not an image': '对象不是图像',
  'its statistics are used': '它的统计量被用到',
  'statistics for each pixel, or of the batch': '逐像素的统计量，或整批的统计量',
  'axis {} of a value of shape {}': '形状为 $2 的值的第 $1 轴',
  'axes {} of a value of shape {}': '形状为 $2 的值的轴 $1',
  'axis {} of a value with {} dimensions': '有 $2 个维度的值的第 $1 轴',
  'axes beyond the {} dimensions of its input': '轴超出了输入的 $1 个维度',
  'its scale or bias is not a constant': '它的缩放或偏置不是常量',
  'its parameters are not constants': '它的参数不是常量',
  'its parameters differ in length': '它的参数长度不一',
  '{} parameters for a value of shape {}': '形状为 $2 的值有 $1 个参数',
  '{} groups of a value of shape {}': '把形状为 $2 的值分成 $1 组',
  'its pads are not constants': '它的 pads 不是常量',
  'its value is not a constant': '它的值不是常量',
  'its axes are not constants': '它的轴不是常量',
  'its indices are not constants': '它的下标不是常量',
  'its {} are not constants': '它的 $1 不是常量',
  'pads of {} and {} for {} elements': '给 $3 个元素填充 $1 和 $2',
  'mode {}': 'mode 为“$1”',
  'nearest_mode {}': 'nearest_mode 为“$1”',
  'coordinate_transformation_mode {}': 'coordinate_transformation_mode 为“$1”',
  'its indices are used': '它的下标被用到',
  'its windows overlap': '它的窗口互相重叠',
  'its output_shape is computed': '它的 output_shape 是算出来的',
  'output_shape is {}': 'output_shape 是 $1',
  'of a value of shape {}': '值的形状是 $1',
  'auto_pad in more than two dimensions': '在两维以上使用 auto_pad',
  'a window of {} pixels that makes {} of them': '$1 个像素的窗口得出 $2 个像素',
  'windows over {} pixels': '窗口覆盖 $1 个像素',
  'as a value of shape {}': '结果的形状为 $1',
  'a kernel of shape {} over {}': '形状为 $1 的卷积核用于形状为 $2 的值',
  'a volume of {} slices of {} rows': '体数据有 $1 层，每层 $2 行',
  'to element type {}': '转为元素类型 $1',
  'the order {} of {} dimensions': '$2 个维度的顺序 $1',
  'it has no inputs': '它没有输入',
  'it has no bounds': '它没有上下限',
  'an index is out of range': '有一个下标超出范围',
  'along a dimension that is not on the channels': '所沿的维度不在通道上',

  // Shapes.
  'in node {}: the shape of operator {} is not known': '节点“$1”：算子 $2 的形状未知',
  'in node {}: the shape of {} depends on the picture: {}': '节点“$1”：$2 的形状取决于图片：$3',
  'in node {}: {} is not valid: {}': '节点“$1”：$2 无效：$3',
  'in node {}: {} would make a value of shape {}, which is too large': '节点“$1”：$2 会产生形状为 $3 的值，太大了',
  'in node {}: with {} the model takes {} billion multiplications for one picture, which is too many':
    '节点“$1”：到 $2 为止，模型处理一张图片要做 $3 十亿次乘法，太多了',
  'at node {} the model needs {} MB for one picture, which is too much':
    '在节点“$1”处，模型处理一张图片需要 $2 MB，太多了',
  'the size of dimension {} is left open by the file ({}) and must be given':
    '文件没有写明第 $1 维的大小（“$2”），必须给出',
  'its result is too large': '它的结果太大',
  'the result is too large': '结果太大',
  'it is not computed in this form': '无法以这种形式计算它',
  'the model takes {} dimensions, but {} was given': '模型要 $1 个维度，给的却是 $2',
  'a value of shape {} is empty or too large': '形状为 $1 的值是空的或太大',
  'nothing makes its input {}': '没有算子产生它的输入“$1”',
  'input {} must hold integers': '输入 $1 必须是整数',
  'input {} must hold floats': '输入 $1 必须是浮点数',
  'its input {} is not a constant': '它的输入 $1 不是常量',
  'input {} is not one number': '输入 $1 不是一个数',
  'a size of {} is too large': '大小 $1 太大',
  '{} would be {}': '$1会是 $2',
  '{} is {}': '$1为 $2',
  'a dimension': '某个维度',
  'a part': '某一部分',
  'a pad': '某个填充',
  'a size': '某个大小',
  'an index': '某个下标',
  'the output': '输出',
  'the number of outputs': '输出的个数',
  'its length': '它的长度',
  'its depth': '它的深度',
  'kernel size': '卷积核大小',
  'axis {} does not exist in a value of {} dimensions': '$2 个维度的值没有第 $1 轴',
  'axis {} is named twice': '第 $1 轴写了两次',
  'its input has shape {}, which has no channels': '它的输入形状是 $1，没有通道',
  'input {} has shape {}, but there are {} channels': '输入 $1 的形状是 $2，而通道有 $3 个',
  'its slope of shape {} does not broadcast to {}': '它的斜率（形状 $1）无法广播成 $2',
  'the shapes {} do not broadcast': '形状 $1 无法广播',
  'input {} has shape {}, which is no matrix': '输入 $1 的形状是 $2，不是矩阵',
  '{}×{} and {}×{} cannot be multiplied': '$1×$2 与 $3×$4 不能相乘',
  '{} and {} cannot be multiplied': '$1 与 $2 不能相乘',
  'the addend of shape {} does not broadcast to {}': '加数（形状 $1）无法广播成 $2',
  'its first input is a scalar': '它的第一个输入是标量',
  'its second input is a scalar': '它的第二个输入是标量',
  'it has no equation': '它没有等式',
  '{} has {} terms': '“$1”有 $2 项',
  '{} does not fit an input of {} dimensions': '“$1”与 $2 维的输入不符',
  'the result {} has no ellipsis': '结果“$1”没有省略号',
  '{} has other signs than letters': '“$1”含有字母以外的符号',
  'axis {} is both {} and {}': '轴 $1 既是 $2 又是 $3',
  'axis {} of the result is in no term, or twice in the result': '结果的轴 $1 不在任何一项里，或在结果里出现两次',
  'it has no axis': '它没有轴',
  'it has no axes': '它没有轴',
  'it has no k': '它没有 k',
  'it has no shape': '它没有形状',
  'it has no pads': '它没有 pads',
  'it has no repeats': '它没有重复次数',
  'it has no starts or no ends': '它没有起点或终点',
  '{} and {} cannot be joined along axis {}': '$1 与 $2 不能沿第 $3 轴合并',
  'num_outputs is {}, but there are {} outputs': 'num_outputs 为 $1，而输出有 $2 个',
  '{} cannot be split into {} equal parts': '$1 不能等分成 $2 份',
  '{} sizes are given for {} outputs': '给了 $1 个大小，而输出有 $2 个',
  'parts of {} do not make {}': '$1 各部分之和不是 $2',
  'it takes slices that an input of shape {} does not have': '它取的切片在形状为 $1 的输入里不存在',
  'starts, ends, axes and steps differ in length': '起点、终点、轴和步长的个数不一',
  'a step is 0': '有一个步长是 0',
  '{} pads do not fit {} axes': '$1 个填充与 $2 个轴不符',
  'a pad is {}': '有一个填充为 $1',
  'a scale is {}': '有一个缩放倍数为 $1',
  'indices of shape {} do not fit {}': '形状为 $1 的下标与 $2 不符',
  'the {} largest of {} do not exist': '$2 个里取不出最大的 $1 个',
  'dimension {} of {} does not exist': '$2 没有第 $1 维',
  'dimension {} of {} is not 1': '$2 的第 $1 维不是 1',
  '{} is too large': '$1 太大',
  '{} cannot become {}': '$1 不能变成 $2',
  '{} has {} elements, {} has {}': '$1 有 $2 个元素，$3 有 $4 个',
  'perm {} does not fit {} dimensions': 'perm $1 与 $2 个维度不符',
  '{} repeats do not fit {} dimensions': '$1 个重复次数与 $2 个维度不符',
  'its input of shape {} does not have four dimensions': '它的输入（形状 $1）不是四维',
  '{} channels do not make {}×{} blocks': '$1 个通道组不成 $2×$3 的块',
  '{}×{} is not made of {}×{} blocks': '$1×$2 不是由 $3×$4 的块组成',
  '{}×{} blocks are too large': '$1×$2 的块太大',
  'it crops by a region that is given when it runs': '它按运行时才给出的区域裁剪',
  '{} scales do not fit {} axes': '$1 个缩放倍数与 $2 个轴不符',
  '{} sizes do not fit {} axes': '$1 个大小与 $2 个轴不符',
  'it has neither scales nor sizes': '它既没有缩放倍数也没有大小',
  'keep_aspect_ratio_policy {} does not exist': '没有 keep_aspect_ratio_policy“$1”',
  'auto_pad {} does not exist': '没有 auto_pad“$1”',
  'it goes from {} to {} by {}': '它从 $1 到 $2，步长 $3',
  'it counts elements that are not zero': '它数的是不为零的元素',
  'its depth is not one number': '它的深度不是一个数',
  'its depth is not a constant': '它的深度不是常量',
  '{} has {} numbers instead of {}': '$1 有 $2 个数，而不是 $3 个',
  'kernel_shape is {}, but the weights have {}': 'kernel_shape 为 $1，而权重是 $2',
  'kernel_shape is missing': '缺少 kernel_shape',
  'a window of {} does not fit into {} elements with {} + {} of padding': '$1 的窗口放不进 $2 个元素加 $3 + $4 的填充',
  'its input of shape {} has no height and width': '它的输入（形状 $1）没有高和宽',
  'weights of shape {} do not fit an input with {} spatial axes': '形状为 $1 的权重与有 $2 个空间轴的输入不符',
  'a bias of shape {} does not fit {} channels': '形状为 $1 的偏置与 $2 个通道不符',
  'weights for {} maps from {} channels in {} groups do not fit {} channels':
    '从 $2 个通道分 $3 组得到 $1 张特征图的权重，与 $4 个通道不符',
  'weights for {} channels in {} groups do not fit {} channels': '用于 $1 个通道、分 $2 组的权重，与 $3 个通道不符',
  'output_padding has {} numbers': 'output_padding 有 $1 个数',
  'output_shape has too few numbers': 'output_shape 的数太少',
  'its values have the shape {} and its windows {}': '它的值形状是 $1，窗口是 $2',
};

/** A sentence with fewer letters of its own could be anybody's: "… is too large" has ten, "in node …: operator …" fourteen. */
const SAYING = 14;

/** The sentences that are most their own words first, so that one which is hardly more than values comes last. `weak`: with fewer letters
 * of its own than SAYING, so that others say such a thing as well.
 * @type {{ pattern: RegExp, chinese: string, weak: boolean }[]} */
const patterns = Object.entries(sentences)
  .sort(([one], [other]) => other.replaceAll('{}', '').length - one.replaceAll('{}', '').length)
  .map(([english, chinese]) => ({
    pattern: new RegExp(
      `^${english
        .split('{}')
        .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'))
        .join('("[^"]*"|.*?)')}$`,
      'is',
    ),
    chinese,
    weak: english.includes('{}') && english.replace(/[^A-Za-z]/g, '').length < SAYING,
  }));

/** No sentence of the core is longer, but for names that a hostile file gives. */
const LONGEST = 2000;

/** So deep are sentences within sentences: a function's node, whose dimension is too large, say. */
const DEEPEST = 4;

/** So many different texts are looked up for one sentence; those of the core need fewer than twenty. A hostile file can give names that
 * look like sentences in many ways, each with names of the same kind. */
const MOST = 100;

const WORDS = /[A-Za-z]{2,} [A-Za-z]{2,}/;

/** What a value of the core looks like, where it is no sentence: a name in quotes, numbers, a shape. */
const VALUE = /^("[^"]*"|[-\d[\]., ×?]+)$/s;

/**
 * A sentence of the core in Chinese, without the full stop.
 * @param {string} english
 * @returns {string | null} null for what is none of its sentences
 */
export function engineSentence(english) {
  if (english.length > LONGEST) return null;
  /** @type {Map<string, string | null>} */
  const known = new Map();
  /** @param {string} text @param {number} depth @param {boolean} ours within a sentence of the core, which says so itself @returns {string | null} */
  const told = (text, depth, ours) => {
    const key = `${depth} ${ours} ${text}`;
    const before = known.get(key);
    if (before !== undefined || depth > DEEPEST || known.size >= MOST) return before ?? null;
    // What stands for itself is no sentence.
    known.set(key, null);
    const found = VALUE.test(text) ? null : inChinese(text, ours, (value, inner) => told(value, depth + 1, inner));
    known.set(key, found);
    return found;
  };
  return told(english.trim().replace(/\.$/, ''), 0, false);
}

/**
 * @param {string} sentence
 * @param {boolean} ours
 * @param {(value: string, ours: boolean) => string | null} told
 */
function inChinese(sentence, ours, told) {
  for (const { pattern, chinese, weak } of patterns) {
    const values = pattern.exec(sentence);
    if (!values) continue;
    const own = new Set(Array.from(chinese.matchAll(/\$(\d)/g), ([, place]) => Number(place)));
    const parts = values.map((value, place) =>
      place === 0 ? '' : (/^"(.*)"$/s.exec(value)?.[1] ?? told(value, own.has(place)) ?? value),
    );
    // Words that nobody here knows, where a sentence of ours would stand, or anything in one that could be anybody's: so this is none of ours.
    const foreign = [...own].some(
      (place) =>
        parts[place] === values[place] && (WORDS.test(parts[place]) || (weak && !ours && !VALUE.test(parts[place]))),
    );
    if (foreign) continue;
    return chinese
      .replace(/（[^（）]*&(\d)）/g, (whole, place) => (parts[place] === values[place] ? '' : whole))
      .replace(/[$&](\d)/g, (_, place) => parts[place]);
  }
  return null;
}
