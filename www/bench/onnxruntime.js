/** What a worker answers with onnxruntime-web. */

/**
 * What is used of its module.
 * @typedef {object} Module
 * @property {{ wasm: { wasmPaths: string, numThreads: number }, logLevel: string }} env
 * @property {new (type: 'float32', data: Float32Array, shape: number[]) => object} Tensor
 * @property {{ create: (bytes: Uint8Array, options: { executionProviders: string[] }) => Promise<Session> }} InferenceSession
 */

/**
 * @typedef {object} Session
 * @property {string[]} inputNames
 * @property {string[]} outputNames
 * @property {(feeds: Record<string, object>) => Promise<Record<string, { getData: () => Promise<Float32Array> }>>} run
 */

/** Which of its files has which execution provider, and its name there. */
const BUILDS = {
  webgpu: { file: 'ort.webgpu.min.mjs', provider: 'webgpu' },
  cpu: { file: 'ort.wasm.min.mjs', provider: 'wasm' },
};

/** @type {Module} */
let runtime;
let provider = '';
/** @type {Session} */
let session;
/** @type {Record<string, object>} */
let feeds;

/** @param {import('./runtimes.js').Question} question */
export async function answer(question) {
  if ('load' in question) return load(question.load);
  if ('open' in question) return open(question.open);
  const begun = performance.now();
  const outputs = await session.run(feeds);
  const scores = await outputs[session.outputNames[0]].getData();
  return { milliseconds: performance.now() - begun, scores };
}

/** @param {{ address: string, device: keyof typeof BUILDS }} wanted */
async function load({ address, device }) {
  const folder = `${address}dist/`;
  const build = BUILDS[device];
  runtime = await import(folder + build.file);
  runtime.env.wasm.wasmPaths = folder;
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  provider = build.provider;
}

/** @param {Extract<import('./runtimes.js').Question, { open: unknown }>['open']} network */
async function open({ bytes, data, shape }) {
  session = await runtime.InferenceSession.create(bytes, { executionProviders: [provider] });
  feeds = { [session.inputNames[0]]: new runtime.Tensor('float32', data, shape) };
}
