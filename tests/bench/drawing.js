// What a step of a drawing costs: the time of whole steps, with all that is done to the picture, beside that of the network's
// forward pass alone, which is the same graph up to the same layer at the same size on the same engine. In turns, so that
// whatever else the machine does hits both.

/** Maps to draw: the first ones whose drawing needs no cure at the counted size, so that a step is one run. */
const MAPS = 8;

/**
 * @param {{ module: any, model: any, layer: string, preset: 'article' | 'modern', size: number, runs: number }} given
 * @returns {Promise<{ size: number, step: number[], forward: number[] }>} milliseconds
 */
export async function stepCost({ module, model, layer, preset, size, runs }) {
  for (let map = 0; map < MAPS; map++) {
    const options = { preset, layer, map, size, steps: runs + 2, seed: 1, blur: 0, totalVariation: 0, l2: 0 };
    const drawing = model.draw(options);
    const { sizes } = drawing.result();
    const last = sizes[sizes.length - 1];
    const task = new module.Task(() => {}, () => Promise.resolve());
    const [step, forward] = [[], []];
    let helpedBefore = 0;
    /** Steps that took two runs. */
    const helped = () => drawing.result().cured + drawing.result().saturated;
    for (let done = 0; done < drawing.total; done++) {
      const begun = performance.now();
      await drawing.step(task);
      const time = performance.now() - begun;
      // The first step of a size prepares it, the second is the first that runs on compiled code.
      const place = done - (sizes.length - 1) * options.steps;
      if (place < 0) continue;
      if (place === 1) helpedBefore = helped();
      const before = performance.now();
      await drawing.forward();
      const alone = performance.now() - before;
      if (place < 2) continue;
      step.push(time);
      forward.push(alone);
    }
    const oneRun = helped() === helpedBefore;
    task.free();
    drawing.free();
    if (oneRun) return { size: last, step, forward };
  }
  throw new Error(`each of the first ${MAPS} maps of ${layer} needs the cure at ${size} pixels`);
}
