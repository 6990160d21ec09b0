/** Graphs as files of LiteRT (.tflite), whose pictures have their channels last. */

import { FlatBuffer } from './flatbuffer.js';

/** @typedef {import('./onnx.js').Graph} Graph */
/** @typedef {import('./onnx.js').Node} Node */
/** @typedef {import('./flatbuffer.js').Part} Part */
/** @typedef {import('./flatbuffer.js').Field} Field */

/** Version of the format's schema. */
const VERSION = 3;

/** Numbers of the schema: operators, kinds of options, fused activations, ways to pad, types. */
const OPERATOR = {
  add: 0,
  concatenation: 2,
  conv: 3,
  depthwise: 4,
  dense: 9,
  maxPool: 17,
  reshape: 22,
  softmax: 25,
  pad: 34,
  mean: 40,
};
const OPTIONS = {
  conv: 1,
  depthwise: 2,
  pool: 5,
  dense: 8,
  softmax: 9,
  concatenation: 10,
  add: 11,
  reshape: 17,
  pad: 22,
  reducer: 27,
};
const FUSED = { none: 0, Relu: 1, Clip: 3 };
const SAME = 0;
const VALID = 1;
const FLOAT32 = 0;
const INT32 = 2;

/** Bytes of a file beside the weights, for each node: far more than any takes. */
const ROOM = 2048;

/**
 * The same network: operators and weights, with an activation within the operator before it, as LiteRT's own converters leave it.
 * @param {Graph} graph whose Clips are between 0 and 6
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {Error} for an operator, or a form of one, that networks here do not have
 */
export function tfliteFile(graph) {
  const writer = new Writer(graph);
  for (const node of graph.nodes) writer.node(node);
  return writer.file();
}

/** @param {number[]} values @returns {Part} */
const ints = (values) => ({ ints: values });
/** @param {Field[]} fields @returns {Part} */
const table = (...fields) => ({ table: fields });

class Writer {
  #graph;
  /** Of each of the graph's values, its tensor here and its shape, channels last. @type {Map<string, { tensor: number, shape: number[] }>} */
  #values = new Map();
  /** @type {Part[]} */
  #tensors = [];
  /** The first is that of tensors without content. @type {Part[]} */
  #buffers = [table()];
  /** @type {Part[]} */
  #operators = [];
  /** The operators that occur, by number. @type {number[]} */
  #codes = [];
  /** Values that an activation within their operator made of others. @type {Map<string, string>} */
  #fused = new Map();
  #bytes = 0;

  /** @param {Graph} graph */
  constructor(graph) {
    this.#graph = graph;
    const [, channels, height, width] = graph.input.shape;
    this.#value(graph.input.name, [1, height, width, channels]);
  }

  /** @param {Node} node */
  node(node) {
    if (this.#fused.has(node.output)) return;
    const { op, output } = node;
    if (op === 'Conv') this.#conv(node);
    else if (op === 'MaxPool') this.#maxPool(node);
    else if (op === 'Add')
      this.#activated(node, OPERATOR.add, node.inputs.map(this.#tensor), this.#shape(node), OPTIONS.add, (fused) => [
        fused,
      ]);
    else if (op === 'Concat') this.#concat(node);
    else if (op === 'GlobalAveragePool') {
      const inputs = [this.#tensor(node.inputs[0]), this.#whole([1, 2])];
      const shape = [1, 1, 1, this.#shape(node)[3]];
      this.#operator(OPERATOR.mean, inputs, this.#value(output, shape), OPTIONS.reducer, [{ byte: 1 }]);
    } else if (op === 'Flatten') {
      const shape = [1, this.#shape(node).reduce((product, size) => product * size, 1)];
      const inputs = [this.#tensor(node.inputs[0]), this.#whole(shape)];
      this.#operator(OPERATOR.reshape, inputs, this.#value(output, shape), OPTIONS.reshape, [ints(shape)]);
    } else if (op === 'Gemm') {
      const [from, weights, bias] = node.inputs;
      const { shape, data } = this.#weights(weights);
      const inputs = [
        this.#tensor(from),
        this.#content(shape, data),
        this.#content([shape[0]], this.#weights(bias).data),
      ];
      this.#operator(OPERATOR.dense, inputs, this.#value(output, [1, shape[0]]), OPTIONS.dense, [{ byte: FUSED.none }]);
    } else if (op === 'Softmax') {
      const inputs = [this.#tensor(node.inputs[0])];
      this.#operator(OPERATOR.softmax, inputs, this.#value(output, this.#shape(node)), OPTIONS.softmax, [{ float: 1 }]);
    } else throw new Error(`${op} is not written`);
  }

  /** @returns {Uint8Array<ArrayBuffer>} */
  file() {
    const { name, input, output, nodes } = this.#graph;
    const subgraph = table(
      { tables: this.#tensors },
      ints([this.#tensor(input.name)]),
      ints([this.#tensor(output.name)]),
      { tables: this.#operators },
      { text: name },
    );
    const codes = this.#codes.map((code) => table({ byte: code }, undefined, { int: 1 }, { int: code }));
    const model = table(
      { int: VERSION },
      { tables: codes },
      { tables: [subgraph] },
      { text: name },
      { tables: this.#buffers },
    );
    return new FlatBuffer(this.#bytes + ROOM * (nodes.length + 1)).file(model, 'TFL3');
  }

  /** @param {Node} node */
  #conv(node) {
    const { kernel_shape: kernel, strides, pads, group = 1 } = /** @type {Record<string, any>} */ (node.attributes);
    const [from, weightsName, biasName] = node.inputs;
    const { shape, data } = this.#weights(weightsName);
    const outputs = shape[0];
    const { tensor, shape: seen, padding } = this.#padded(from, kernel, strides, pads);
    const isDepthwise = group > 1;
    if (isDepthwise && (shape[1] !== 1 || outputs !== group)) throw new Error('a Conv in groups is not written');
    const [area, inputs] = [kernel[0] * kernel[1], shape[1]];
    const last = new Float32Array(data.length);
    for (let output = 0; output < outputs; output++) {
      for (let input = 0; input < inputs; input++) {
        for (let tap = 0; tap < area; tap++) {
          const to = isDepthwise ? tap * outputs + output : (output * area + tap) * inputs + input;
          last[to] = data[(output * inputs + input) * area + tap];
        }
      }
    }
    const weights = this.#content(isDepthwise ? [1, ...kernel, outputs] : [outputs, ...kernel, inputs], last);
    const tensors = [tensor, weights, this.#content([outputs], this.#weights(biasName).data)];
    const result = [1, ...sizesAfter(seen, kernel, strides, padding), outputs];
    const stride = [{ int: strides[1] }, { int: strides[0] }];
    if (isDepthwise) {
      this.#activated(node, OPERATOR.depthwise, tensors, result, OPTIONS.depthwise, (fused) => [
        { byte: padding },
        ...stride,
        { int: 1 },
        fused,
      ]);
    } else {
      this.#activated(node, OPERATOR.conv, tensors, result, OPTIONS.conv, (fused) => [
        { byte: padding },
        ...stride,
        fused,
      ]);
    }
  }

  /** @param {Node} node */
  #maxPool(node) {
    const { kernel_shape: kernel, strides, pads = [0, 0, 0, 0] } = /** @type {Record<string, any>} */ (node.attributes);
    // Padding with zeros changes no maximum of values that are none below zero.
    if (pads.some(Boolean) && this.#maker(node.inputs[0])?.op !== 'Relu')
      throw new Error('a padded MaxPool is not written');
    const { tensor, shape, padding } = this.#padded(node.inputs[0], kernel, strides, pads);
    const result = this.#value(node.output, [1, ...sizesAfter(shape, kernel, strides, padding), shape[3]]);
    const options = [
      { byte: padding },
      ...[strides[1], strides[0], kernel[1], kernel[0]].map((int) => ({ int })),
      { byte: FUSED.none },
    ];
    this.#operator(OPERATOR.maxPool, [tensor], result, OPTIONS.pool, options);
  }

  /** @param {Node} node */
  #concat(node) {
    const shapes = node.inputs.map((name) => this.#found(name).shape);
    const channels = shapes.reduce((sum, shape) => sum + shape[3], 0);
    const output = this.#value(node.output, [...shapes[0].slice(0, 3), channels]);
    this.#operator(OPERATOR.concatenation, node.inputs.map(this.#tensor), output, OPTIONS.concatenation, [
      { int: 3 },
      { byte: FUSED.none },
    ]);
  }

  /**
   * A value with the border that an operator wants around it: the operator's own where the format has that, or as a node before it.
   * @param {string} name @param {number[]} kernel @param {number[]} strides @param {number[]} pads top, left, bottom, right
   * @returns {{ tensor: number, shape: number[], padding: number }}
   */
  #padded(name, kernel, strides, pads) {
    const { tensor, shape } = this.#found(name);
    if (!pads.some(Boolean)) return { tensor, shape, padding: VALID };
    const same = [0, 1].map((axis) => {
      const size = shape[1 + axis];
      return Math.max((Math.ceil(size / strides[axis]) - 1) * strides[axis] + kernel[axis] - size, 0);
    });
    const before = same.map((all) => all >> 1);
    if ([...before, same[0] - before[0], same[1] - before[1]].every((pad, index) => pad === pads[index])) {
      return { tensor, shape, padding: SAME };
    }
    const [top, left, bottom, right] = pads;
    const wider = [1, shape[1] + top + bottom, shape[2] + left + right, shape[3]];
    const border = this.#constant([4, 2], INT32, Int32Array.of(0, 0, top, bottom, left, right, 0, 0));
    const padded = this.#add(wider, FLOAT32, 0, `${name}.padded`);
    this.#operator(OPERATOR.pad, [tensor, border], padded, OPTIONS.pad, []);
    return { tensor: padded, shape: wider, padding: VALID };
  }

  /**
   * An operator that computes the activation behind it as well, where that is all that reads it.
   * @param {Node} node @param {number} code @param {number[]} inputs @param {number[]} shape of what it gives @param {number} kind
   * @param {(fused: Field) => Field[]} options
   */
  #activated(node, code, inputs, shape, kind, options) {
    const readers = this.#graph.nodes.filter(({ inputs }) => inputs.includes(node.output));
    const [{ op, output } = node] = readers.length === 1 ? readers : [];
    const isFused = op === 'Relu' || op === 'Clip';
    if (isFused) this.#fused.set(output, op);
    const result = this.#value(isFused ? output : node.output, shape);
    this.#operator(code, inputs, result, kind, options({ byte: isFused ? FUSED[op] : FUSED.none }));
  }

  /** @param {number} code @param {number[]} inputs @param {number} output @param {number} kind of the options @param {Field[]} options */
  #operator(code, inputs, output, kind, options) {
    if (!this.#codes.includes(code)) this.#codes.push(code);
    this.#operators.push(
      table({ int: this.#codes.indexOf(code) }, ints(inputs), ints([output]), { byte: kind }, table(...options)),
    );
  }

  /** @param {string} name @param {number[]} shape @returns {number} its tensor */
  #value(name, shape) {
    const tensor = this.#add(shape, FLOAT32, 0, name);
    this.#values.set(name, { tensor, shape });
    return tensor;
  }

  /** @param {number[]} values @returns {number} their tensor */
  #whole(values) {
    return this.#constant([values.length], INT32, Int32Array.from(values));
  }

  /** @param {number[]} shape @param {Float32Array} data @returns {number} its tensor */
  #content(shape, data) {
    return this.#constant(shape, FLOAT32, data);
  }

  /** @param {number[]} shape @param {number} type @param {Float32Array | Int32Array} data */
  #constant(shape, type, data) {
    this.#buffers.push(table({ bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }));
    this.#bytes += data.byteLength;
    return this.#add(shape, type, this.#buffers.length - 1, `constant${this.#tensors.length}`);
  }

  /** @param {number[]} shape @param {number} type @param {number} buffer @param {string} name */
  #add(shape, type, buffer, name) {
    this.#tensors.push(table(ints(shape), { byte: type }, { int: buffer }, { text: name }));
    return this.#tensors.length - 1;
  }

  /** @param {string} name */
  #found(name) {
    const value = this.#values.get(name);
    if (!value) throw new Error(`${name} is computed by nothing that is written`);
    return value;
  }

  #tensor = (/** @type {string} */ name) => this.#found(name).tensor;

  /** The shape of what a node reads first. @param {Node} node */
  #shape({ inputs }) {
    return this.#found(inputs[0]).shape;
  }

  /** @param {string} name */
  #weights(name) {
    const found = this.#graph.weights.get(name);
    if (!found) throw new Error(`${name} is no constant`);
    return found;
  }

  /** @param {string} name */
  #maker(name) {
    return this.#graph.nodes.find(({ output }) => output === name);
  }
}

/** Height and width of what windows give. @param {number[]} shape @param {number[]} kernel @param {number[]} strides @param {number} padding */
function sizesAfter(shape, kernel, strides, padding) {
  return [0, 1].map((axis) => {
    const size = shape[1 + axis];
    return padding === SAME ? Math.ceil(size / strides[axis]) : Math.floor((size - kernel[axis]) / strides[axis]) + 1;
  });
}
