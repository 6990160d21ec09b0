// How many pipelines a graph takes when several of its values are read.

import { evaluate, read } from './evaluate.mjs';

/** Runs a model on an input of noise with each list of outputs: `[{ nodes, pipelines }]`. */
export async function countPipelines(engine, path, input, lists) {
  const model = await read(path);
  const size = input.shape.reduce((all, length) => all * length, 1);
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  const counts = [];
  for (const outputs of lists) {
    await evaluate(engine, model, [{ ...input, data }], outputs);
    const { preparedNodes, preparedPipelines } = engine.scope.memory();
    counts.push({ outputs: outputs.length, nodes: preparedNodes, pipelines: preparedPipelines });
  }
  return counts;
}
