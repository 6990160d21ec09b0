import { withTask } from './task.js';
import { TimeLeft } from './time-left.js';

/**
 * Makes all steps of a drawing. Each is a turn of its own, so that what the visitor does meanwhile comes between two of them.
 * @param {import('../api/engine-types.js').EngineModule} module
 * @param {import('../api/engine-types.js').EngineDrawingHandle} drawing
 * @param {import('./main.js').Call} call
 * @param {Run} run does what may be the first run of a network on its engine
 * @returns {Promise<import('../api/types.js').EngineDrawing>}
 * @typedef {<T>(call: import('./engines.js').Call, work: (call: import('./engines.js').Call) => Promise<T>) => Promise<T>} Run
 */
export async function drawAll(module, drawing, { signal, progress, gate, turn }, run) {
  const { total } = drawing;
  const { sizes } = drawing.result();
  const timeLeft = new TimeLeft(sizes, total / sizes.length);
  for (let done = 1; ; done++) {
    await gate.passed(signal);
    let [begun, running] = [0, 0];
    const watch = (/** @type {import('../api/types.js').Progress} */ now) => {
      if (now.stage === 'setup' || now.waiting) progress(now);
      else running = performance.now();
    };
    const step = await turn(async () => {
      begun = running = performance.now();
      const { value } = await run({ signal, progress: watch }, (watched) =>
        withTask(module, watched, (task) => drawing.step(task)),
      );
      if (value) timeLeft.add(value.size, running - begun, performance.now() - running);
      return value;
    });
    if (!step) return turn(async () => drawing.result());
    const { size, activation, image } = step;
    progress({
      stage: 'run',
      done,
      total,
      secondsLeft: timeLeft.seconds,
      size,
      activation,
      ...(image ? { image: new ImageData(image.data, image.width, image.height) } : {}),
    });
  }
}
