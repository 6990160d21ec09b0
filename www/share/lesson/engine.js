/* The worker of a lesson. It is a classic script, since modules do not load from file://; the engine's own script stands before it
 * in the same blob and has made Scope, ModelFile, Picture, Task, takeSecondPart and startEngine. */
(() => {
  /** @type {any} */
  const engine = self;
  /** @type {any} */
  let model = null;
  /** @type {any} */
  let look = null;

  const actions = {
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

    async look({ picture, layer, recipe, article, erased, labels, count, size }) {
      const decoded = engine.Picture.decode(new Uint8Array(picture));
      const seen = erased.length > 0 ? decoded.erase(erased) : null;
      try {
        const next = await withTask((task) =>
          model.look(seen ?? decoded, { layer, recipe: article ? model.describe().article.recipe : recipe }, task),
        );
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

    async large({ map, size }) {
      return { overlay: overlay(map, size) };
    },
  };

  function overlay(map, size) {
    const seen = look.seen();
    const factor = size / Math.max(seen.width, seen.height);
    const [width, height] = [seen.width, seen.height].map((side) => Math.max(1, Math.round(side * factor)));
    const { data } = look.overlay(Uint32Array.of(map), {
      width,
      height,
      style: 'alpha',
      colormap: 'viridis',
      scale: 'map',
      enlargement: 'bilinear',
    });
    return new ImageData(new Uint8ClampedArray(data), width, height);
  }

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

  self.onmessage = async ({ data: { id, action, ...content } }) => {
    try {
      self.postMessage({ id, result: await actions[action](content) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.message ?? error) });
    }
  };
})();
