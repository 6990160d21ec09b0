/* The worker of a lesson. It is a classic script, since modules do not load from file://; the engine's own script stands before it
 * in the same blob and has made Scope, ModelFile, Picture, Task, takeSecondPart and startEngine. */
{
  /**
   * @typedef {import('../../api/engine-types.js').EngineModule} EngineModule
   * @typedef {import('../../api/engine-types.js').EngineTask} EngineTask
   * @typedef {import('../../api/types.js').Recipe} Recipe
   * @typedef {{ wasm: ArrayBuffer, later: ArrayBuffer, graph: ArrayBuffer, card: import('../../api/types.js').Card }} ToOpen
   * @typedef {{ picture: ArrayBuffer, layer: string, recipe: Recipe, article: boolean, patch?: import('../../api/types.js').Patch, erased: import('../../api/types.js').Stroke[],
   *   labels: string[], count: number, size: number }} ToLook
   */

  const engine =
    /** @type {Omit<EngineModule, 'default'> & { startEngine: (parts: { module_or_path: ArrayBuffer }) => Promise<unknown> }} */ (
      /** @type {unknown} */ (self)
    );
  /** @type {import('../../api/engine-types.js').EngineModel | null} */
  let model = null;
  /** @type {import('../../api/engine-types.js').EngineLook | null} */
  let look = null;

  const actions = {
    /** @param {ToOpen} parts */
    async open({ wasm, later, graph, card }) {
      await engine.startEngine({ module_or_path: wasm });
      engine.takeSecondPart(later);
      const scope = await engine.Scope.create();
      const file = new engine.ModelFile(graph.byteLength);
      file.write(0, new Uint8Array(graph));
      model = await withTask((task) => scope.open(file, card, task));
      file.free();
      return {};
    },

    /** @param {ToLook} wish */
    async look({ picture, layer, recipe, article, patch, erased, labels, count, size }) {
      const opened = there(model);
      const decoded = engine.Picture.decode(new Uint8Array(picture));
      const seen = erased.length > 0 ? decoded.erase(erased) : null;
      try {
        const asked = article ? opened.describe().article.recipe : recipe;
        const next = await withTask((task) => opened.look(seen ?? decoded, { layer, recipe: asked, patch }, task));
        look?.free();
        look = next;
      } finally {
        seen?.free();
        decoded.free();
      }
      const predictions = look
        .predictions(5)
        .map(({ index, probability }) => ({ label: labels[index] || `#${index}`, probability }));
      return {
        predictions,
        maps: look.top(count).map(({ map, mean }) => ({ map, mean, overlay: overlay(map, size) })),
      };
    },

    /** @param {{ map: number, size: number }} wish */
    async large({ map, size }) {
      return { overlay: overlay(map, size) };
    },
  };

  /**
   * What an earlier request has made.
   * @template T
   * @param {T | null} made
   */
  function there(made) {
    if (made === null) throw new Error('out of order');
    return made;
  }

  /**
   * @param {number} map
   * @param {number} size of the longer side, in pixels
   */
  function overlay(map, size) {
    const shown = there(look);
    const seen = shown.seen();
    const factor = size / Math.max(seen.width, seen.height);
    const [width, height] = [seen.width, seen.height].map((side) => Math.max(1, Math.round(side * factor)));
    const { data } = shown.overlay(Uint32Array.of(map), {
      width,
      height,
      style: 'glow',
      colormap: 'inferno',
      scale: 'map',
      enlargement: 'bilinear',
    });
    return new ImageData(new Uint8ClampedArray(data), width, height);
  }

  /**
   * @template T
   * @param {(task: EngineTask) => Promise<T>} work
   */
  async function withTask(work) {
    const task = new engine.Task(
      () => {},
      () => Promise.resolve(),
    );
    try {
      return await work(task);
    } finally {
      task.free();
    }
  }

  /** @param {MessageEvent<{ id: number, action: keyof typeof actions } & ToOpen & ToLook & { map: number }>} event of the page in the same file,
   *   with what its action takes */
  self.onmessage = async ({ data: { id, action, ...content } }) => {
    try {
      self.postMessage({ id, result: await actions[action](content) });
    } catch (error) {
      self.postMessage({ id, error: messageOf(error) });
    }
  };

  /** The engine throws plain objects with a message as well. @param {unknown} error */
  function messageOf(error) {
    return String(/** @type {{ message?: unknown } | null} */ (error)?.message ?? error);
  }
}
