// Every recorded layer of a model for one picture; tests/goldens/README.md describes the recordings.

import { evaluate, largestDifference, read, readJson } from './evaluate.mjs';
import { inputFor } from './recipe.mjs';

/** How many of the strongest maps have to come in the same order. */
const TOP = 25;

/**
 * Returns what there is to judge: per layer `error` (the largest, as a part of the layer's largest value) and `swaps` (places
 * with another map than the recorded one, with the distance of their recorded means, in the same unit), and the same for the
 * probabilities, whose errors are absolute.
 */
export async function compareWithGolden(engine, name, picture) {
  const folder = `tests/goldens/${name}`;
  const [manifest, numbers] = await Promise.all([readJson(`${folder}/${picture}.json`), read(`${folder}/${picture}.bin`)]);
  const { input: { png, recipe, ...input }, layers, output } = manifest;
  const floats = ({ offset, count }) => new Float32Array(numbers, offset, count);
  const [model, pixels] = await Promise.all([read(`models/${manifest.model}`), read(`tests/goldens/${png}`)]);

  const data = inputFor(engine.module, pixels, recipe);
  checkInput(data, input);
  const names = [...layers.map(({ id }) => id), output.name];
  // A model may end in one of its layers.
  const outputs = [...new Set(names)];
  const { values, form } = await evaluate(engine, model, [{ name: input.name, shape: input.shape, data }], outputs, [output.name]);
  const of = (id) => values[outputs.indexOf(id)].data;

  const probabilities = of(output.name);
  const recorded = floats(output.values);
  return {
    form,
    layers: layers.map((layer) => compareLayer(layer, of(layer.id), floats, (run) => new Uint32Array(numbers, run.offset, run.count))),
    probabilities: {
      error: largestDifference(probabilities, recorded),
      swaps: swaps(probabilities, recorded, manifest.top5.map(({ index }) => index), 1),
    },
  };
}

/** The recipe is checked on its own, since a mistake there would blame every layer. */
function checkInput(data, { shape, first, sum }) {
  const total = data.reduce((all, value) => all + value, 0);
  const scale = data.reduce((all, value) => all + Math.abs(value), 0);
  const fits = data.length === shape.reduce((all, size) => all * size, 1)
    && largestDifference(data.slice(0, first.length), first) <= 1e-5
    && Math.abs(total - sum) <= 1e-6 * scale;
  if (!fits) throw new Error(`The input is not the recorded one: it starts with ${data.slice(0, 4)}, its sum is ${total}`);
}

function compareLayer({ id, channels, height, width, largest, means, maxima, samples }, maps, floats, indices) {
  const cells = height * width;
  if (maps.length !== channels * cells) throw new Error(`${id} has ${maps.length} values`);
  const ours = { means: new Float32Array(channels), maxima: new Float32Array(channels) };
  for (let map = 0; map < channels; map++) {
    const plane = maps.subarray(map * cells, (map + 1) * cells);
    let sum = 0;
    let most = -Infinity;
    for (const value of plane) {
      sum += value;
      // With a value that is not a number the result is none, unlike with a comparison.
      most = Math.max(most, value);
    }
    ours.means[map] = sum / cells;
    ours.maxima[map] = most;
  }
  const sampled = Float32Array.from(indices(samples.indices), (index) => maps[index]);
  const errors = [
    largestDifference(ours.means, floats(means)),
    largestDifference(ours.maxima, floats(maxima)),
    largestDifference(sampled, floats(samples.values)),
  ];
  const recorded = floats(means);
  return { id, error: Math.max(...errors) / largest, swaps: swaps(ours.means, recorded, ranked(recorded).slice(0, TOP), largest) };
}

/** Indices by descending value; of equal values the lower index comes first. */
function ranked(values) {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
}

/** The places at which another index stands than the expected one, and how far apart their recorded values are. */
function swaps(ours, recorded, expected, unit) {
  const computed = ranked(ours);
  return expected
    .map((theirs, place) => ({ place, expected: theirs, found: computed[place] }))
    .filter(({ expected: theirs, found }) => theirs !== found)
    .map((swap) => ({ ...swap, gap: Math.abs(recorded[swap.found] - recorded[swap.expected]) / unit }));
}
