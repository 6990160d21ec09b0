/** A worker with onnxruntime-web, loaded from the address that the visitor agreed to. */

/**
 * What is used of its module.
 * @typedef {object} Runtime
 * @property {{ wasm: { wasmPaths: string }, logLevel: string }} env
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

/** @typedef {{ open: { address: string, device: keyof typeof BUILDS, bytes: Uint8Array, data: Float32Array, shape: number[] } } | { run: true }} Question */

/** What a worker has of its own. @type {{ postMessage: (answer: unknown) => void, addEventListener: typeof addEventListener }} */
const here = /** @type {any} `any`, since the page's scripts are checked as those of a document */ (globalThis);
/** @type {Session | null} */
let session = null;
/** @type {Record<string, object>} */
let feeds = {};

here.addEventListener('message', async ({ data }) => {
  const question = /** @type {Question} */ (data);
  try {
    if ('open' in question) await open(question.open);
    here.postMessage(await run());
  } catch (error) {
    here.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});

/** @param {Extract<Question, { open: unknown }>['open']} model */
async function open({ address, device, bytes, data, shape }) {
  const { file, provider } = BUILDS[device];
  const runtime = /** @type {Runtime} */ (await import(address + file));
  runtime.env.wasm.wasmPaths = address;
  runtime.env.logLevel = 'error';
  session = await runtime.InferenceSession.create(bytes, { executionProviders: [provider] });
  feeds = { [session.inputNames[0]]: new runtime.Tensor('float32', data, shape) };
}

/** One run: the network, and the way of its scores back here. */
async function run() {
  if (!session) throw new Error('nothing is open');
  const begun = performance.now();
  const outputs = await session.run(feeds);
  const scores = await outputs[session.outputNames[0]].getData();
  return { milliseconds: performance.now() - begun, scores };
}

export {};
