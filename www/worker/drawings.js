import { withTask } from './task.js';

/**
 * Makes all steps of a drawing. Each is a turn of its own, so that what the visitor does meanwhile comes between two of them.
 * @param {import('../engine-types.js').EngineModule} module
 * @param {import('../engine-types.js').EngineDrawingHandle} drawing
 * @param {import('../worker.js').Call} call
 * @returns {Promise<import('../types.js').EngineDrawing>}
 */
export async function drawAll(module, drawing, { signal, progress, gate, turn }) {
  const { total } = drawing;
  const { sizes } = drawing.result();
  // A step takes as long as its picture is large.
  const work = sizes.reduce((sum, size) => sum + (size * size * total) / sizes.length, 0);
  let [worked, milliseconds] = [0, 0];
  const setUp = (/** @type {import('../types.js').Progress} */ now) => {
    if (now.stage === 'setup') progress(now);
  };
  for (let done = 1; ; done++) {
    await gate.passed(signal);
    const step = await turn(async () => {
      const begun = performance.now();
      const { value } = await withTask(module, { signal, progress: setUp }, (task) => drawing.step(task));
      milliseconds += performance.now() - begun;
      return value;
    });
    if (!step) return turn(async () => drawing.result());
    const { size, activation, image } = step;
    worked += size * size;
    const secondsLeft = (milliseconds / 1000) * (work / worked - 1);
    progress({
      stage: 'run', done, total, secondsLeft, size, activation,
      ...(image ? { image: new ImageData(image.data, image.width, image.height) } : {}),
    });
  }
}
