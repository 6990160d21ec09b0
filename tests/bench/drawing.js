// What a step of a drawing costs: the time of whole steps, with all that is done to the picture, beside that of the network's
// forward pass alone, which is the same graph up to the same layer at the same size on the same engine. In turns, so that
// whatever else the machine does hits both.

/** The map that is drawn; SqueezeNet's is alive at both sizes. */
const MAP = 281;

/** @typedef {{ dispatches: number, submissions: number, readbacks: number, errorScopes: number }} Calls what was asked of the GPU */

/**
 * @param {Calls} before
 * @param {Calls} after
 * @returns {Calls}
 */
export function callsSince(before, after) {
  const { dispatches, submissions, readbacks, errorScopes } = after;
  return {
    dispatches: dispatches - before.dispatches,
    submissions: submissions - before.submissions,
    readbacks: readbacks - before.readbacks,
    errorScopes: errorScopes - before.errorScopes,
  };
}

/**
 * @param {{ module: any, scope: any, model: any, layer: string, preset: 'article' | 'modern', size: number, runs: number }} given
 * @returns {Promise<{ size: number, step: number[], forward: number[], helped: number, calls: Calls }>} milliseconds of each step and
 *   of each forward pass; `calls` of the step with the most error scopes; `helped`: how many steps ascended the value before the activation, since the map was dead or at
 *   the limit of it
 */
export async function stepCost({ module, scope, model, layer, preset, size, runs }) {
  const options = { preset, layer, maps: [[MAP, 1]], size, steps: runs + 2, seed: 1, blur: 0, totalVariation: 0, l2: 0 };
  const drawing = model.draw(options);
  const { sizes } = drawing.result();
  const task = new module.Task(() => {}, () => Promise.resolve());
  const helpedSoFar = () => drawing.result().cured + drawing.result().saturated;
  const [step, forward] = [[], []];
  let helped = 0;
  /** @type {Calls | null} */
  let calls = null;
  for (let done = 0; done < drawing.total; done++) {
    const before = helpedSoFar();
    const memory = scope.memory();
    const begun = performance.now();
    await drawing.step(task);
    const time = performance.now() - begun;
    const asked = callsSince(memory, scope.memory());
    const place = done - (sizes.length - 1) * options.steps;
    if (place < 0) continue;
    const alone = performance.now();
    await drawing.forward();
    // The first step of a size prepares it, the second is the first that runs on compiled code.
    if (place < 2) continue;
    step.push(time);
    if (!calls || asked.errorScopes > calls.errorScopes) calls = asked;
    forward.push(performance.now() - alone);
    helped += helpedSoFar() - before;
  }
  task.free();
  drawing.free();
  return { size: sizes[sizes.length - 1], step, forward, helped, calls };
}
