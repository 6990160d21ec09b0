// The CPU engine with relaxed SIMD beside the one without.

import { evaluate, largestDifference, read, readJson } from './evaluate.mjs';
import { openPlain } from './open.mjs';
import { inputFor } from './recipe.mjs';

let plain;

/**
 * Every recorded layer of a model for one picture, by both forms: the largest difference, as a part of the layer's largest value.
 */
export async function compareForms(engine, name, picture) {
  plain ??= await openPlain();
  const { input: { png, recipe, ...input }, layers, output, model: file } = await readJson(`tests/goldens/${name}/${picture}.json`);
  const [model, pixels] = await Promise.all([read(`models/${file}`), read(`tests/goldens/${png}`)]);
  const inputs = [{ name: input.name, shape: input.shape, data: inputFor(engine.module, pixels, recipe) }];
  const outputs = [...new Set([...layers.map(({ id }) => id), output.name])];
  const run = (which) => evaluate(which, model, inputs, outputs, [output.name]);
  const [relaxed, exact] = [await run(engine), await run(plain)];
  const differences = exact.values.map(({ data }, index) => {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return { id: outputs[index], difference: largestDifference(relaxed.values[index].data, data) / largest };
  });
  return { hasRelaxed: engine.module.hasRelaxed, differences };
}
