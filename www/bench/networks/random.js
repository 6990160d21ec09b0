/**
 * ResNet-18 and MobileNetV2 with random weights, written by whoever measures them: what a runtime's time depends on is the architecture,
 * and the trained weights, 47 and 14 MB, would have to come from somewhere.
 */

/** @typedef {import('./onnx.js').Graph} Graph */

/** Side of the picture that they take. */
const SIDE = 224;

/** As many as ImageNet has. */
const CLASSES = 1000;

/** MobileNetV2's stages: by how much a block widens its channels, how many it gives, how many blocks, the first one's stride. */
const INVERTED = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** Adds nodes to a graph, and gives the names of their values. */
class Builder {
  /** @type {Graph} */
  graph;
  #random;

  /** @param {string} name @param {number} seed */
  constructor(name, seed) {
    this.graph = {
      name,
      input: { name: 'input', shape: [1, 3, SIDE, SIDE] },
      output: { name: 'output', shape: [1, CLASSES] },
      nodes: [],
      weights: new Map(),
    };
    this.#random = uniform(seed);
  }

  /**
   * @param {string} op @param {string[]} inputs @param {string} output
   * @param {import('./onnx.js').Node['attributes']} [attributes]
   */
  node(op, inputs, output, attributes) {
    this.graph.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /**
   * Weights of the variance that keeps what an activation leaves as large as it was, times `gain` squared.
   * @param {string} name @param {number[]} shape the first is the number of outputs @param {number} gain
   */
  weights(name, shape, gain) {
    const [outputs, ...each] = shape;
    const limit = gain * Math.sqrt(6 / each.reduce((product, size) => product * size, 1));
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let index = 0; index < data.length; index++) data[index] = limit * this.#random();
    this.graph.weights.set(`${name}.weight`, { shape, data });
    // Small, as those of trained networks, and not zero, which a runtime might leave out.
    const bias = Float32Array.from({ length: outputs }, () => 0.1 * this.#random());
    this.graph.weights.set(`${name}.bias`, { shape: [outputs], data: bias });
    return [`${name}.weight`, `${name}.bias`];
  }

  /**
   * A Conv that its BatchNormalization was folded into, as exporters do.
   * @param {string} from @param {string} name
   * @param {{ inputs: number, outputs: number, side?: number, stride?: number, groups?: number, gain?: number }} sizes
   */
  conv(from, name, { inputs, outputs, side = 1, stride = 1, groups = 1, gain = 1 }) {
    const weights = this.weights(name, [outputs, inputs / groups, side, side], gain);
    return this.node('Conv', [from, ...weights], name, {
      kernel_shape: [side, side],
      strides: [stride, stride],
      pads: Array(4).fill(side >> 1),
      group: groups,
    });
  }

  /** The scores, of the mean of each channel. @param {string} from @param {number} channels @returns {Graph} */
  end(from, channels) {
    const means = this.node('GlobalAveragePool', [from], 'pool');
    const row = this.node('Flatten', [means], 'features', { axis: 1 });
    const weights = this.weights('classifier', [CLASSES, channels], 1);
    this.node('Gemm', [row, ...weights], this.graph.output.name, { transB: 1 });
    return this.graph;
  }
}

/** @returns {Graph} */
function resnet18() {
  const net = new Builder('ResNet-18', 18);
  const relu = (/** @type {string} */ from) => net.node('Relu', [from], `${from}.relu`);
  const stem = relu(net.conv('input', 'conv1', { inputs: 3, outputs: 64, side: 7, stride: 2 }));
  let value = net.node('MaxPool', [stem], 'maxpool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let inputs = 64;
  for (const [index, outputs] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const name = `layer${index + 1}.${block}`;
      const stride = index > 0 && block === 0 ? 2 : 1;
      const inner = relu(net.conv(value, `${name}.conv1`, { inputs, outputs, side: 3, stride }));
      // With half the gain the sums of eight blocks grow little.
      const branch = net.conv(inner, `${name}.conv2`, { inputs: outputs, outputs, side: 3, gain: 0.5 });
      const skip = stride === 1 ? value : net.conv(value, `${name}.downsample`, { inputs, outputs, stride, gain: 0.7 });
      value = relu(net.node('Add', [branch, skip], `${name}.sum`));
      inputs = outputs;
    }
  }
  return net.end(value, inputs);
}

/** @returns {Graph} */
function mobilenetV2() {
  const net = new Builder('MobileNetV2', 2);
  net.graph.weights.set('zero', { shape: [], data: Float32Array.of(0) });
  net.graph.weights.set('six', { shape: [], data: Float32Array.of(6) });
  const relu6 = (/** @type {string} */ from) => net.node('Clip', [from, 'zero', 'six'], `${from}.relu6`);
  let value = relu6(net.conv('input', 'stem', { inputs: 3, outputs: 32, side: 3, stride: 2 }));
  let inputs = 32;
  let number = 0;
  for (const [widening, outputs, blocks, firstStride] of INVERTED) {
    for (let block = 0; block < blocks; block++) {
      const name = `block${number++}`;
      const stride = block === 0 ? firstStride : 1;
      const inner = widening * inputs;
      const wide = widening === 1 ? value : relu6(net.conv(value, `${name}.expand`, { inputs, outputs: inner }));
      const depthwise = { inputs: inner, outputs: inner, side: 3, stride, groups: inner };
      const seen = relu6(net.conv(wide, `${name}.depthwise`, depthwise));
      const narrow = net.conv(seen, `${name}.project`, { inputs: inner, outputs, gain: 0.7 });
      value = block > 0 ? net.node('Add', [narrow, value], `${name}.sum`) : narrow;
      inputs = outputs;
    }
  }
  return net.end(relu6(net.conv(value, 'head', { inputs, outputs: 1280 })), 1280);
}

/** Numbers between -1 and 1, the same ones for a seed everywhere (xorshift of 32 bits). @param {number} seed */
function uniform(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

/** How torchvision prepares pictures for them. @type {import('../../api/types.js').Recipe} */
const recipe = {
  size: SIDE,
  resize: 'crop',
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  layout: 'nchw',
};

/** What the page knows of such a network, beside its graph. */
const card = {
  recipe,
  labels: Array.from({ length: CLASSES }, (_, index) => `${index}`),
  output: /** @type {const} */ ('logits'),
};

/** The networks by name, each made when it is asked for. */
export const RANDOM = {
  resnet18: { make: resnet18, card: { ...card, title: 'ResNet-18', defaultLayer: 'layer4.1.sum.relu' } },
  mobilenetv2: { make: mobilenetV2, card: { ...card, title: 'MobileNetV2', defaultLayer: 'head.relu6' } },
};
