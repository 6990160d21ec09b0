/** What may be measured beside Featurescope: packages of others, from an address that the visitor sees and agrees to. */

/**
 * `address`: of the package's folder on the CDN; `bytes`: of what is loaded of it on the graphics card, which is the most; `worker`: the module that runs it.
 * bench.html's policy names the same addresses.
 * @typedef {{ name: 'onnxruntime' | 'litert', title: string, version: string, address: string, bytes: number, worker: URL }} Runtime
 */

/** @type {Runtime[]} */
export const RUNTIMES = [
  {
    name: 'onnxruntime',
    title: 'onnxruntime-web',
    version: '1.30.0',
    address: 'https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/',
    bytes: 27e6,
    worker: new URL('onnxruntime.js', import.meta.url),
  },
  {
    name: 'litert',
    title: 'LiteRT.js',
    version: '2.5.3',
    address: 'https://cdn.jsdelivr.net/npm/@litertjs/core@2.5.3/',
    bytes: 10e6,
    worker: new URL('litert.js', import.meta.url),
  },
];

/**
 * What a worker is asked: to load a runtime from its address, to open a network there (an ONNX file, and what it gets), to run it once.
 * @typedef {{ load: { address: string, device: 'cpu' | 'webgpu' } } | { open: { bytes: Uint8Array<ArrayBuffer>, data: Float32Array<ArrayBuffer>, shape: number[] } } | { run: true }} Question
 */

/** One run: its time and the network's scores. @typedef {{ milliseconds: number, scores: Float32Array }} Run */

/** A runtime in a worker of its own, so that no case finds memory or compiled code of another. */
export class Other {
  #worker;
  #signal;
  #bootstrap;

  /** @param {Runtime} runtime @param {AbortSignal} signal */
  constructor({ worker }, signal) {
    this.#signal = signal;
    // A worker with an address has the policy that came with its file, and one that is a blob has that of the page.
    const script = `const module = import('${worker.href}');
onmessage = async ({ data }) => postMessage(await module.then(({ answer }) => answer(data)).catch((error) => ({ error: String(error?.message ?? error) })));`;
    this.#bootstrap = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    this.#worker = new Worker(this.#bootstrap);
  }

  /** @param {string} address @param {'cpu' | 'webgpu'} device */
  load(address, device) {
    return this.#ask({ load: { address, device } });
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes of an ONNX file @param {{ data: Float32Array<ArrayBuffer>, shape: number[] }} input */
  open(bytes, { data, shape }) {
    return this.#ask({ open: { bytes, data, shape } });
  }

  /** @returns {Promise<Run>} */
  run() {
    return this.#ask({ run: true });
  }

  end() {
    this.#worker.terminate();
    URL.revokeObjectURL(this.#bootstrap);
  }

  /** @param {Question} question @returns {Promise<any>} `any`, since each question has its own answer */
  #ask(question) {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.#signal.reason);
      this.#signal.addEventListener('abort', stop, { once: true });
      const settled = (/** @type {() => void} */ settle) => {
        this.#signal.removeEventListener('abort', stop);
        settle();
      };
      this.#worker.onmessage = ({ data }) =>
        settled(() => (data?.error === undefined ? resolve(data) : reject(new Error(data.error))));
      this.#worker.onerror = ({ message }) => settled(() => reject(new Error(message)));
      this.#worker.postMessage(question);
    });
  }
}
