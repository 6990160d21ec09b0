// onnxruntime-web's side of a case.

/** Which build has which execution provider, and its name there. */
const BUILDS = {
  webgpu: { file: 'ort.webgpu.min.mjs', provider: 'webgpu' },
  cpu: { file: 'ort.wasm.min.mjs', provider: 'wasm' },
};

export class Theirs {
  #ort;
  #provider;
  #session;
  #feeds;

  /**
   * Loads the runtime, which a visit does once.
   * @param {string} root
   * @param {'webgpu' | 'cpu'} device
   * @param {number} threads
   */
  static async start(root, device, threads) {
    const begun = performance.now();
    const theirs = new Theirs();
    const folder = `${root}node_modules/onnxruntime-web/dist/`;
    const { file, provider } = BUILDS[device];
    const ort = await import(folder + file);
    ort.env.wasm.wasmPaths = folder;
    ort.env.wasm.numThreads = threads;
    ort.env.logLevel = 'error';
    theirs.#ort = ort;
    theirs.#provider = provider;
    // The runtime and its device start with the first session: one of a single operator, so that the set-up of the
    // model is that of the model alone, as on our side.
    const session = await theirs.#create(`${root}tests/ops/relu/model.onnx`);
    await session.release();
    theirs.startTime = performance.now() - begun;
    return theirs;
  }

  /**
   * @param {Uint8Array} bytes of the model
   * @param {{ data: Float32Array, shape: number[] }} input
   * @returns {Promise<{ setUp: number, first: number }>} milliseconds
   */
  async open(bytes, { data, shape }) {
    const begun = performance.now();
    this.#session = await this.#create(bytes);
    const setUp = performance.now() - begun;
    this.#feeds = { [this.#session.inputNames[0]]: new this.#ort.Tensor('float32', data, shape) };
    return { setUp, first: await this.run() };
  }

  /** Milliseconds of one more run: the network and the way of its output (the scores alone) back to us. */
  async run() {
    const begun = performance.now();
    const outputs = await this.#session.run(this.#feeds);
    this.scores = await outputs[this.#session.outputNames[0]].getData();
    return performance.now() - begun;
  }

  /** @param {string | Uint8Array} model */
  #create(model) {
    return this.#ort.InferenceSession.create(model, { executionProviders: [this.#provider] });
  }
}
