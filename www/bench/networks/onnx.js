/** Graphs as plain data, and as ONNX files. */

import { bytesOf, fieldsOf, joined, message, string, textsOf, whole, wholesOf } from './protobuf.js';

/**
 * A node: `op` is an operator of ONNX, `inputs` and `output` name values. An attribute is a whole number or several.
 * @typedef {{ op: string, inputs: string[], output: string, attributes?: Record<string, number | number[]> }} Node
 */

/** @typedef {{ shape: number[], data: Float32Array<ArrayBuffer> }} Weights */

/** @typedef {{ name: string, shape: number[] }} Value */

/**
 * A network with one input and one output, whose nodes stand in the order in which they are computed.
 * @typedef {{ name: string, input: Value, output: Value, nodes: Node[], weights: Map<string, Weights> }} Graph
 */

/** Versions of the format and of its operators that all runtimes read. */
const IR = 8;
const OPERATOR_SET = 13;

/** Numbers that the format gives to types. */
const ATTRIBUTE = { int: 2, ints: 7 };
const FLOAT32 = 1;

/** @param {Graph} graph @returns {Uint8Array<ArrayBuffer>} */
export function onnxFile({ name, input, output, nodes, weights }) {
  const graph = [
    ...nodes.flatMap((node) => message(1, nodeMessage(node))),
    ...string(2, name),
    ...[...weights].flatMap(([name, tensor]) => message(5, tensorMessage(name, tensor))),
    ...message(11, valueMessage(input)),
    ...message(12, valueMessage(output)),
  ];
  return joined([
    ...whole(1, IR),
    ...string(2, 'featurescope'),
    ...message(7, graph),
    ...message(8, whole(2, OPERATOR_SET)),
  ]);
}

/** @param {Node} node */
function nodeMessage({ op, inputs, output, attributes = {} }) {
  return [
    ...inputs.flatMap((input) => string(1, input)),
    ...string(2, output),
    ...string(3, output),
    ...string(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attributeMessage(name, value))),
  ];
}

/** @param {string} name @param {number | number[]} value */
function attributeMessage(name, value) {
  return typeof value === 'number'
    ? [...string(1, name), ...whole(3, value), ...whole(20, ATTRIBUTE.int)]
    : [...string(1, name), ...value.flatMap((one) => whole(8, one)), ...whole(20, ATTRIBUTE.ints)];
}

/** @param {string} name @param {Weights} weights */
function tensorMessage(name, { shape, data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [...shape.flatMap((size) => whole(1, size)), ...whole(2, FLOAT32), ...string(8, name), ...message(9, [bytes])];
}

/** @param {Value} value */
function valueMessage({ name, shape }) {
  const sizes = shape.flatMap((size) => message(1, whole(1, size)));
  return [...string(1, name), ...message(2, message(1, [...whole(1, FLOAT32), ...message(2, sizes)]))];
}

/**
 * What a file has of what is written here: nodes with whole numbers as attributes, weights in floats, the first input and output.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Graph}
 */
export function readOnnx(bytes) {
  const [graph] = bytesOf(fieldsOf(bytes), 7).map(fieldsOf);
  const [input, output] = [11, 12].map((field) => readValue(bytesOf(graph, field)[0]));
  return {
    name: textsOf(graph, 2)[0] ?? '',
    input,
    output,
    nodes: bytesOf(graph, 1).map(readNode),
    weights: new Map(bytesOf(graph, 5).map(readWeights)),
  };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Node} */
function readNode(bytes) {
  const node = fieldsOf(bytes);
  const attributes = bytesOf(node, 5).map((bytes) => {
    const fields = fieldsOf(bytes);
    const isList = wholesOf(fields, 20)[0] === ATTRIBUTE.ints;
    return [textsOf(fields, 1)[0], isList ? wholesOf(fields, 8) : (wholesOf(fields, 3)[0] ?? 0)];
  });
  const [op, output] = [4, 2].map((field) => textsOf(node, field)[0]);
  return { op, inputs: textsOf(node, 1), output, attributes: Object.fromEntries(attributes) };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {[string, Weights]} */
function readWeights(bytes) {
  const tensor = fieldsOf(bytes);
  // Copied, since floats have to lie at a multiple of four.
  const raw = bytesOf(tensor, 9)[0].slice();
  return [textsOf(tensor, 8)[0], { shape: wholesOf(tensor, 1), data: new Float32Array(raw.buffer) }];
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Value} */
function readValue(bytes) {
  const value = fieldsOf(bytes);
  const [type] = bytesOf(value, 2).map(fieldsOf);
  const [tensor] = bytesOf(type, 1).map(fieldsOf);
  const [shape] = bytesOf(tensor, 2).map(fieldsOf);
  return { name: textsOf(value, 1)[0], shape: bytesOf(shape, 1).map((size) => wholesOf(fieldsOf(size), 1)[0]) };
}
