import { FeaturescopeError, isPanic, toError } from '../errors.js';
import { text } from '../text.js';
import { download } from './download.js';

/**
 * @typedef {import('../types.js').EngineInfo} EngineInfo
 * @typedef {import('../types.js').EngineRequest} EngineRequest
 * @typedef {{ module: import('../engine-types.js').EngineModule, scope: import('../engine-types.js').EngineScope, info: EngineInfo, folder: string }} Engine
 *   `folder`: its address
 * @typedef {{ signal: AbortSignal, progress: (progress: import('../types.js').Progress) => void }} Call
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

  /**
   * @param {EngineRequest} request
   * @param {Call} call
   * @returns {Promise<EngineInfo>}
   */
  async start(request, call) {
    this.request = request;
    const reason = request === 'auto' ? await whyNotWebGpu() : null;
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

  /**
   * The CPU engine, with the reason for it.
   * @param {Call} call
   * @param {string} reason
   * @returns {Promise<Engine>}
   */
  async cpu(call, reason) {
    this.#loaded.cpu ??= await load('cpu', call);
    return { ...this.#loaded.cpu, info: { ...this.#loaded.cpu.info, reason } };
  }

  /** @param {Call} call */
  async #webGpu(call) {
    try {
      this.#loaded.webgpu ??= await load('webgpu', call);
      return this.#loaded.webgpu;
    } catch (error) {
      // A panic or a failed self-check of the graphics engine must not cost the visitor the page.
      if (this.request !== 'auto' || call.signal.aborted) throw error;
      const why = isPanic(error) ? text.engine.webGpuCrashed : toError(error).message;
      return this.cpu(call, text.engine.webGpuFailed(why));
    }
  }

  /** What all loaded engines hold together.
   * @returns {import('../types.js').Memory} */
  memory() {
    const [first, ...others] = Object.values(this.#loaded).map(({ scope }) => scope.memory());
    const sum = { ...first };
    for (const memory of others) {
      for (const key of /** @type {(keyof import('../types.js').Memory)[]} */ (Object.keys(memory))) sum[key] += memory[key];
    }
    return sum;
  }

  destroyDevice() {
    this.#loaded.webgpu?.scope.destroyDevice();
  }
}

/**
 * @param {'webgpu' | 'cpu'} device
 * @param {Call} call
 * @returns {Promise<Engine>}
 */
async function load(device, { signal, progress }) {
  const folder = new URL(FOLDERS[device], import.meta.url);
  /** @type {import('../engine-types.js').EngineModule} */
  let module;
  try {
    module = await import(new URL('featurescope.js', folder).href);
  } catch {
    throw new FeaturescopeError('network', text.errors.engineMissing);
  }
  const code = await download(new URL('featurescope_bg.wasm', folder).href, { stage: 'engine', signal, progress });
  progress({ stage: 'setup', done: 0 });
  const bytes = new Response(code, { headers: { 'Content-Type': 'application/wasm' } });
  await module.default({ module_or_path: bytes });
  const scope = await module.Scope.create();
  if (device === 'webgpu') await (await import('./self-check.js')).checkOnce(scope);
  const info = scope.info();
  const reason = device === 'cpu' ? text.engine.forced : text.engine.chosen(info.adapter, info.fallback);
  return { module, scope, info: { ...info, reason }, folder: folder.href };
}

/**
 * Why `auto` does not take WebGPU here; null where it does. A software adapter is many times slower
 * than the CPU engine, so it counts as none.
 * @returns {Promise<string | null>}
 */
async function whyNotWebGpu() {
  const gpu = /** @type {any} */ (navigator).gpu;
  if (!gpu) return text.engine.noWebGpu;
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return text.engine.noAdapter;
    return (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter) ? text.engine.softwareAdapter : null;
  } catch {
    return text.engine.noAdapter;
  }
}
