// What happens to a run when something else happens meanwhile.

import { evaluate, largestDifference, read } from './evaluate.mjs';

const noise = ({ shape, ...input }, seed) => ({
  ...input,
  shape,
  data: Float32Array.from({ length: shape.reduce((all, length) => all * length, 1) }, (_, i) => Math.sin(seed * i)),
});

/**
 * Takes the device away once the first work of a run has reached it. Returns how that run and another one after it ended:
 * an error's code, or null.
 */
export async function loseDevice(engine, path, input) {
  const model = await read(path);
  const outcome = (run) => run.then(() => null, (error) => (error instanceof Error ? `${error}` : error.code));
  let over = false;
  const before = engine.scope.memory().dispatches;
  const during = outcome(evaluate(engine, model, [noise(input, 1)], [])).finally(() => (over = true));
  while (!over && engine.scope.memory().dispatches === before) await new Promise((resolve) => setTimeout(resolve));
  const running = !over;
  engine.scope.destroyDevice();
  return { running, during: await during, after: await outcome(evaluate(engine, model, [noise(input, 1)], [])) };
}

/** Runs a model on two inputs at a time and one after another; returns the largest difference. */
export async function runTogether(engine, path, input) {
  const model = await read(path);
  const run = async (seed) => (await evaluate(engine, model, [noise(input, seed)], [])).values[0].data;
  const together = await Promise.all([run(1), run(2)]);
  const alone = [await run(1), await run(2)];
  if (largestDifference(alone[0], alone[1]) === 0) throw new Error('The two inputs are not told apart');
  return Math.max(...alone.map((values, place) => largestDifference(together[place], values)));
}
