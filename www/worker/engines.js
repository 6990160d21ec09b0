import { FeaturescopeError, isPanic, part, toError } from '../api/errors.js';
import { text } from '../api/text.js';
import { download } from './download.js';
import { patiently } from './patience.js';
import { SecondParts } from './second-part.js';

/**
 * @typedef {import('../api/types.js').EngineInfo} EngineInfo
 * @typedef {import('../api/types.js').EngineRequest} EngineRequest
 * @typedef {{ module: import('../api/engine-types.js').EngineModule, scope: import('../api/engine-types.js').EngineScope, info: EngineInfo, folder: string,
 *   exports: import('../api/engine-types.js').EngineExports | null }} Engine
 *   `folder`: its address; `exports`: over a memory that can be shared
 * @typedef {{ signal: AbortSignal, progress: (progress: import('../api/types.js').Progress) => void }} Call
 */

/** The same crate compiled twice: which folder holds which engine. */
const FOLDERS = { webgpu: '../engine/gpu/', cpu: '../engine/cpu/' };

/** Chooses and loads the engines. Each is loaded at most once, and the second only when it is needed. */
export class Engines {
  /** @type {Partial<Record<'webgpu' | 'cpu', Engine>>} */
  #loaded = {};
  /** @type {EngineRequest} */
  request = 'auto';
  /** @type {Engine | null} */
  #chosen = null;
  /** What a first look has no use for. */
  secondParts = new SecondParts();
  /** Without threads. */
  alone = false;
  /** The graphics card has run a network to its end. */
  #hasRun = false;

  /**
   * @param {EngineRequest} request
   * @param {Call} call
   * @returns {Promise<EngineInfo>}
   */
  async start(request, call) {
    this.request = request;
    const reason = request === 'auto' ? await whyNotWebGpu(call) : null;
    if (request === 'cpu' || reason) {
      this.#chosen = await this.cpu(call, reason ?? text.engine.forced);
    } else {
      this.#chosen = await this.#webGpu(call);
    }
    return this.#chosen.info;
  }

  /** The engine that was chosen at the start. */
  any() {
    if (!this.#chosen) throw new FeaturescopeError('internal', text.errors.internal('no engine'));
    return this.#chosen;
  }

  /** The same; null before. */
  get chosen() {
    return this.#chosen;
  }

  /**
   * Runs a network, for the first time perhaps: then the graphics card may never answer, and where the choice is ours it is
   * given up at last.
   * @template T
   * @template {Call} C
   * @param {Engine} engine
   * @param {C} call
   * @param {(call: C) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(engine, call, work) {
    if (engine.info.device !== 'webgpu' || this.#hasRun) return work(call);
    const value = await patiently('run', call, work, this.request === 'auto');
    this.#hasRun = true;
    return value;
  }

  /**
   * The engine for a model that the graphics engine refuses, or leaves without an answer: then no other model is opened there.
   * @param {Call} call
   * @param {FeaturescopeError} error
   */
  async insteadOfWebGpu(call, { code, message }) {
    const isSilent = code === 'no-answer';
    const engine = await this.cpu(
      call,
      isSilent ? text.engine.webGpuFailed(message) : text.engine.unsupported(message),
    );
    // The model is no first one, so it needs all of the engine.
    await this.secondParts.whole(engine, call);
    if (isSilent) this.#chosen = engine;
    return engine;
  }

  /**
   * The CPU engine, with the reason for it.
   * @param {Call} call
   * @param {string} reason
   * @returns {Promise<Engine>}
   */
  async cpu(call, reason) {
    this.#loaded.cpu ??= await loadCpu(call, this.alone);
    const { info } = this.#loaded.cpu;
    const form = info.relaxed ? `${reason} ${text.engine.relaxed}` : reason;
    return { ...this.#loaded.cpu, info: { ...info, reason: form } };
  }

  /** @param {Call} call */
  async #webGpu(call) {
    try {
      this.#loaded.webgpu ??= await loadWebGpu(call, this.request === 'auto');
      return this.#loaded.webgpu;
    } catch (error) {
      // A panic or a failed self-check of the graphics engine must not cost the visitor the page.
      if (this.request !== 'auto' || call.signal.aborted) throw error;
      const why = isPanic(error) ? text.engine.webGpuCrashed : toError(error).message;
      return this.cpu(call, text.engine.webGpuFailed(why));
    }
  }

  /** Those that have been loaded. */
  get loaded() {
    return Object.values(this.#loaded);
  }
}

/**
 * @param {Call} call
 * @param {boolean} alone
 * @returns {Promise<Engine>}
 */
async function loadCpu(call, alone) {
  const { module, ...loaded } = await load('cpu', call, self.crossOriginIsolated && !alone);
  const scope = await module.Scope.create();
  return {
    ...loaded,
    module,
    scope,
    info: { ...scope.info(), relaxed: module.hasRelaxed, reason: text.engine.forced },
  };
}

/**
 * @param {Call} call
 * @param {boolean} givesUp whether a check without an answer ends; one for the device itself always does
 * @returns {Promise<Engine>}
 */
async function loadWebGpu(call, givesUp) {
  const { module, ...loaded } = await load('webgpu', call, false);
  const scope = await patiently('device', call, () => module.Scope.create(), true);
  const { checkOnce } = await import('./self-check.js');
  await patiently('check', call, () => checkOnce(scope), givesUp);
  const info = scope.info();
  return { ...loaded, module, scope, info: { ...info, reason: text.engine.chosen(info.adapter, info.fallback) } };
}

/**
 * @param {'webgpu' | 'cpu'} device
 * @param {Call} call
 * @param {boolean} shared whether its memory is to be one that threads can share, where there is such
 */
async function load(device, { signal, progress }, shared) {
  if (typeof WebAssembly !== 'object') throw new FeaturescopeError('no-webassembly', text.errors.noWebAssembly);
  const folder = new URL(FOLDERS[device], import.meta.url);
  /** @type {import('../api/engine-types.js').EngineModule} */
  let module;
  try {
    module = await import(new URL('featurescope.js', folder).href);
  } catch {
    throw new FeaturescopeError('network', text.errors.engineMissing);
  }
  const [file] = module.files;
  const code = await download(new URL(file, folder).href, {
    stage: 'engine',
    signal,
    progress,
  }).catch((error) => {
    throw toError(error).code === 'network' ? new FeaturescopeError('network', text.errors.engineMissing) : error;
  });
  progress({ stage: 'setup', done: 0 });
  const bytes = new Response(code, { headers: { 'Content-Type': 'application/wasm' } });
  try {
    // Without the script for threads, or a memory for them, it goes without.
    const threads = shared && (await import('./threads.js').catch(() => null));
    const exports = threads ? await threads.overSharedMemory(module, code) : null;
    if (!exports) await module.default({ module_or_path: bytes });
    return { module, folder: folder.href, exports };
  } catch (error) {
    throw isPanic(error) ? error : (await part(import('./not-an-engine.js'))).notAnEngine(error, file);
  }
}

/**
 * Why `auto` does not take WebGPU here; null where it does. A software adapter is many times slower
 * than the CPU engine, so it counts as none.
 * @param {Call} call
 * @returns {Promise<string | null>}
 */
async function whyNotWebGpu(call) {
  const { gpu } = navigator;
  if (!gpu) return text.engine.noWebGpu;
  try {
    const adapter = await patiently(
      'adapter',
      call,
      () => gpu.requestAdapter({ powerPreference: 'high-performance' }),
      true,
    );
    if (!adapter) return text.engine.noAdapter;
    // Where browsers said so before there was `info`.
    const { isFallbackAdapter } = /** @type {{ isFallbackAdapter?: boolean }} */ (adapter);
    return (adapter.info?.isFallbackAdapter ?? isFallbackAdapter) ? text.engine.softwareAdapter : null;
  } catch (error) {
    const { code, message } = toError(error);
    return code === 'no-answer' ? text.engine.webGpuFailed(message) : text.engine.noAdapter;
  }
}
