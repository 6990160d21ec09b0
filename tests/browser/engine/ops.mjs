// The single-operator cases; tests/ops/generate.py describes them.

import { evaluate, largestDifference, read, readJson } from './evaluate.mjs';

/** The largest error of a gradient as a part of its largest number, and what counts as zero. */
const OF_LARGEST = 1e-3;
const SMALLEST = 1e-6;

/**
 * Runs each case and returns what is wrong, in sentences, and how many ran in which form. Cases that lowering has to refuse are
 * refused on WebGPU; on the CPU only those in `refused`, since that engine runs the original graph.
 */
export async function runCases(engine, root, names, refused) {
  const { device } = engine.scope.info();
  const failures = [];
  const forms = { original: 0, lowered: 0, refused: 0 };
  for (const name of names) {
    const folder = `${root}/${name}`;
    const [found, model] = await Promise.all([readJson(`${folder}/case.json`), read(`${folder}/model.onnx`)]);
    const { row, note } = found;
    const refuses = device === 'webgpu' ? !found.lowered : refused.includes(name);
    const { wrong, form } = await runCase(engine, found, refuses, model, folder);
    forms[form] += 1;
    if (wrong) failures.push(`${name} (${row}; ${note}): ${wrong}`);
  }
  return { failures, forms };
}

async function runCase(engine, { row, inputs, outputs, tolerance, unsupported }, refuses, model, folder) {
  const values = async ({ name, shape, file }) => ({ name, shape, data: new Float32Array(await read(`${folder}/${file}`)) });
  const [given, expected] = await Promise.all([inputs, outputs].map((list) => Promise.all(list.map(values))));
  let result;
  try {
    result = await evaluate(engine, model, given, expected.map(({ name }) => name));
  } catch (error) {
    if (error instanceof Error) throw error;
    const fits = refuses && error.code === 'unsupported-op' && error.node && error.message.includes(unsupported);
    return { form: 'refused', wrong: fits ? null : `${error.code}, node ${error.node}: ${error.message}` };
  }
  const { form } = result;
  if (refuses) return { form, wrong: `was run (${form}) although it has to be refused` };
  for (const [place, { name, data }] of expected.entries()) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const difference = largestDifference(result.values[place].data, data) / largest;
    if (!(difference <= tolerance)) return { form, wrong: `${name} differs by ${difference} (${form})` };
    // Of a gradient, what is small is judged by its own largest number.
    const own = largestDifference(result.values[place].data, data) / data.reduce((most, value) => Math.max(most, Math.abs(value)), SMALLEST);
    if (row === 'gradient' && !(own <= OF_LARGEST)) return { form, wrong: `${name} differs by ${own} of its largest number (${form})` };
  }
  return { form, wrong: null };
}
