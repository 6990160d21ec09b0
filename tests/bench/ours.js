// Our side of a case: what www/worker/ does for a look, without its messages.

import { callsSince, stepCost } from './drawing.js';

const FOLDERS = { webgpu: 'gpu', cpu: 'cpu' };

export class Ours {
  #module;
  #scope;
  #model;
  #picture;
  #look;

  /**
   * Loads the engine, which a visit does once.
   * @param {string} root
   * @param {'webgpu' | 'cpu'} device
   * @param {{ plain?: boolean, threads?: number }} [form] `plain`: as browsers without relaxed SIMD have it; `threads`: so many of them
   */
  static async start(root, device, { plain = false, threads = 1 } = {}) {
    const begun = performance.now();
    const ours = new Ours();
    const folder = `${root}dist/engine/${FOLDERS[device]}/`;
    // With another address it is another module, beside the first.
    const module = await import(`${folder}featurescope.js${plain ? '?plain' : threads > 1 ? '?threads' : ''}`);
    ours.#module = module;
    if (threads > 1) {
      const { overSharedMemory, startThreads } = await import(`${root}dist/worker/threads.js`);
      const [first, second] = await Promise.all(module.files.slice(0, 2).map(async (file) => (await fetch(folder + file)).blob()));
      const exports = await overSharedMemory(module, first);
      if (!exports) throw new Error('there is no memory that threads can share');
      module.takeSecondPart(await WebAssembly.compile(module.prepared(await second.arrayBuffer())));
      await startThreads({ module, folder, exports }, () => false, threads);
    } else if (plain) {
      await ours.#module.default({ module_or_path: `${folder}featurescope_bg.plain.wasm` });
      const later = await fetch(`${folder}featurescope_later.plain.wasm`);
      ours.#module.takeSecondPart(await WebAssembly.compileStreaming(later));
    } else {
      await ours.#module.default();
    }
    ours.#scope = await ours.#module.Scope.create();
    ours.startTime = performance.now() - begun;
    return ours;
  }

  /** Milliseconds of the check that a visit makes once of each graphics card and driver. */
  async selfCheck() {
    const begun = performance.now();
    await this.#scope.selfCheck();
    return performance.now() - begun;
  }

  /**
   * Opens a model and looks at a photo for the first time.
   * @param {Uint8Array} bytes of the model
   * @param {{ title: string, recipe: object, defaultLayer: string, output: string }} card
   * @param {Uint8Array} photo
   * @returns {Promise<{ setUp: number, first: number }>} milliseconds from the model's bytes in memory to a graph that is
   *   ready, and of the first run
   */
  async open(bytes, { title, recipe, defaultLayer, output }, photo) {
    this.#picture = this.#module.Picture.decode(photo);
    const begun = performance.now();
    const file = new this.#module.ModelFile(bytes.length);
    file.write(0, bytes);
    const task = this.#task(() => {});
    this.#model = await this.#scope.open(file, { title, recipe, defaultLayer, output }, task);
    task.free();
    file.free();
    const opened = performance.now() - begun;
    // The first look prepares the graph of its layer.
    const { prepare, run } = await this.#stages();
    this.recipe = this.#model.describe().recipe;
    return { setUp: opened + prepare, first: run };
  }

  /** Milliseconds of one more run: the network and the way of its outputs (the layer's maps and the scores) back to us. */
  async run() {
    const { run } = await this.#stages();
    return run;
  }

  get graph() {
    return this.#look.form;
  }

  get seen() {
    return this.#look.seen();
  }

  /** The probability of each class. */
  probabilities() {
    const list = this.#look.predictions(0xffff_ffff);
    const found = new Float32Array(list.length);
    for (const { index, probability } of list) found[index] = probability;
    return found;
  }

  /**
   * Milliseconds for the overlays of the maps that fire most.
   * @param {number} count
   * @param {number} side in pixels
   */
  overlays(count, side) {
    const maps = this.#look.top(count);
    const begun = performance.now();
    for (const { map } of maps) this.#look.overlay(Uint32Array.of(map), { width: side, height: side });
    return performance.now() - begun;
  }

  /**
   * What a step of a drawing costs in the model's default layer.
   * @param {{ preset: 'article' | 'modern', size: number, runs: number }} given
   */
  stepCost(given) {
    return stepCost({ module: this.#module, scope: this.#scope, model: this.#model, layer: this.#model.describe().defaultLayer, ...given });
  }

  /**
   * Milliseconds of runs that give a thumbnail of every layer that the page's strip shows, and of looks, in turns.
   * @param {string} root
   * @param {number} runs
   * @returns {Promise<{ layers: number, depth: number[], forward: number[] }>}
   */
  async depthCost(root, runs) {
    const { shownLayers } = await import(`${root}dist/questions/look/depth-layers.js`);
    const layers = shownLayers(this.#model.describe().layers).map(({ id }) => id);
    const [depth, forward] = [[], []];
    for (let round = -1; round < runs; round++) {
      const { run } = await this.#timed((task) => this.#model.depth(this.#picture, { layers }, task));
      const alone = await this.run();
      // The first run prepares.
      if (round < 0) continue;
      depth.push(run);
      forward.push(alone);
    }
    return { layers: layers.length, depth, forward };
  }

  memory() {
    return this.#scope.memory();
  }

  /**
   * What some work asks of the GPU; nothing on the CPU.
   * @param {() => Promise<unknown>} work
   * @returns {Promise<import('./drawing.js').Calls>}
   */
  async calls(work) {
    const before = this.memory();
    await work();
    return callsSince(before, this.memory());
  }

  /** A look, with the milliseconds of each of its stages. */
  async #stages() {
    const { value, ...times } = await this.#timed((task) => this.#model.look(this.#picture, undefined, task));
    this.#look?.free();
    this.#look = value;
    return times;
  }

  /** What a call gives, with the milliseconds of each of its stages. @param {(task: any) => Promise<any>} call */
  async #timed(call) {
    const times = { prepare: 0, run: 0 };
    const begun = {};
    const task = this.#task((stage, done, total) => {
      if (done === 0) begun[stage] = performance.now();
      if (done === total) times[stage] = performance.now() - begun[stage];
    });
    const value = await call(task);
    task.free();
    return { value, ...times };
  }

  /** @param {(stage: string, done: number, total: number) => void} onProgress */
  #task(onProgress) {
    return new this.#module.Task(onProgress, () => Promise.resolve());
  }
}
