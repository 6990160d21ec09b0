// One run of a graph from a file.

const ROOT = new URL('../../../', location.href);

/** The bytes of a file by its path in the repository. */
export async function read(path) {
  const response = await fetch(new URL(path, ROOT));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export async function readJson(path) {
  return JSON.parse(new TextDecoder().decode(await read(path)));
}

/**
 * Runs a model on inputs `[{ name, shape, data }]`. `values` are in the order of `outputs`, or of the graph's own where
 * those are `[]`; a softmax that lowering left out is applied to those that `scores` names, all where it is left out.
 */
export async function evaluate({ module, scope }, model, inputs, outputs, scores = outputs) {
  const file = new module.ModelFile(model.byteLength);
  file.write(0, new Uint8Array(model));
  const { values, form, softmaxLeftOut } = await scope.evaluate(file, inputs, outputs).finally(() => file.free());
  if (softmaxLeftOut) {
    values.forEach((value, place) => {
      if (outputs.length === 0 || scores.includes(outputs[place])) softmax(value.data);
    });
  }
  return { values, form };
}

/** In place, over all values. */
function softmax(values) {
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] = Math.exp(values[i] - highest);
  for (let i = 0; i < values.length; i++) values[i] /= total;
}

/** Infinite where the lengths differ or a value is not a number, so that no comparison lets it pass. */
export function largestDifference(ours, theirs) {
  if (ours.length !== theirs.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}
