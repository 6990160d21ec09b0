/** What a worker answers with LiteRT.js, which gets the same networks in its own format. */

import { readOnnx } from './networks/onnx.js';
import { tfliteFile } from './networks/tflite.js';

/**
 * What is used of its module.
 * @typedef {object} Module
 * @property {(folder: string) => Promise<unknown>} loadLiteRt
 * @property {(file: Uint8Array, options: { accelerator: 'wasm' | 'webgpu', cpuOptions: { numThreads: number }, gpuOptions: { precision: 'fp32' } }) => Promise<Model>} loadAndCompile
 * @property {new (data: Float32Array, shape: number[]) => Tensor} Tensor
 */

/** @typedef {{ run: (input: Tensor) => Promise<Tensor[]>, isFullyAccelerated: boolean }} Model */

/** @typedef {{ data: () => Promise<Float32Array>, moveTo: (place: 'wasm' | 'webgpu') => Promise<Tensor>, delete: () => void }} Tensor */

/** @type {Module} */
let runtime;
/** @type {'wasm' | 'webgpu'} */
let accelerator;
/** @type {Model} */
let model;
/** @type {() => Promise<Tensor>} */
let input;

/** @param {import('./runtimes.js').Question} question */
export async function answer(question) {
  if ('load' in question) return load(question.load);
  if ('open' in question) return open(question.open);
  // What runs reads its input where it is, and the way there belongs to the run, as it does elsewhere.
  const begun = performance.now();
  const given = await input();
  const [output] = await model.run(given);
  const scores = (await output.data()).slice();
  const milliseconds = performance.now() - begun;
  given.delete();
  output.delete();
  return { milliseconds, scores };
}

/** @param {{ address: string, device: 'cpu' | 'webgpu' }} wanted */
async function load({ address, device }) {
  // The CDN's own form of the module, in which what it imports has an address.
  runtime = await import(`${address}+esm`);
  accelerator = device === 'cpu' ? 'wasm' : 'webgpu';
  const folder = `${address}wasm/`;
  // Its script looks for its other files beside the worker's, unless it is told, and reports what it does as if all of it were errors.
  const locateFile = (/** @type {string} */ file) => folder + file;
  Object.assign(globalThis, { Module: { locateFile, printErr: console.debug } });
  await runtime.loadLiteRt(folder);
}

/** @param {Extract<import('./runtimes.js').Question, { open: unknown }>['open']} network */
async function open({ bytes, data, shape }) {
  const file = tfliteFile(readOnnx(bytes));
  model = await runtime.loadAndCompile(file, {
    accelerator,
    cpuOptions: { numThreads: 1 },
    gpuOptions: { precision: 'fp32' },
  });
  if (!model.isFullyAccelerated && accelerator === 'webgpu') throw new Error('it runs on the processor');
  const [, channels, height, width] = shape;
  const last = channelsLast(data, channels);
  input = async () => {
    const tensor = new runtime.Tensor(last, [1, height, width, channels]);
    return accelerator === 'webgpu' ? tensor.moveTo('webgpu') : tensor;
  };
}

/** @param {Float32Array} planes @param {number} channels */
function channelsLast(planes, channels) {
  const pixels = planes.length / channels;
  return Float32Array.from(planes, (_, index) => planes[(index % channels) * pixels + Math.floor(index / channels)]);
}
