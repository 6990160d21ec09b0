// The small networks of tests/cases through the public API, on both engines, against onnxruntime's and PyTorch's values.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const FOLDER = join(ROOT, 'tests/cases');

/** The largest error of a layer's means, maxima and minima, as a part of the layer's largest value. */
const LAYER_TOLERANCE = 1e-3;
/** The largest error of a probability. */
const PROBABILITY_TOLERANCE = 1e-4;
/** So many cases a test, since SwiftShader compiles the shaders of every layer. */
const BATCH = 48;

const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'case.json'))).sort();
const cases = new Map(names.map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8'))]));
const failures = readFileSync(join(FOLDER, 'known-failures.txt'), 'utf8').split('\n');

/** The cases that are known to fail on an engine. WebGPU gets lowered graphs. */
function knownFailures(engine) {
  const key = `${engine === 'cpu' ? 'cpu' : 'lowered'} `;
  return new Set(failures.filter((line) => line.startsWith(key)).map((line) => line.slice(key.length).split(':')[0]));
}

/** The first number that is off by more than `tolerance` of `largest`. */
function difference(what, found, expected, largest, tolerance) {
  if (found.length !== expected.length) return `${what} are ${found.length}, not ${expected.length}`;
  const index = expected.findIndex((value, at) => !(Math.abs(found[at] - value) <= tolerance * Math.max(largest, 1e-6)));
  return index < 0 ? undefined : `${what}[${index}] is ${found[index]}, not ${expected[index]}`;
}

function probabilities({ scores, output }) {
  if (!scores || output === 'softmax') return scores;
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

/** What is wrong with a case, or undefined. */
function failure(name, { error, layers, labels }) {
  if (error) return error;
  const { layers: recorded, labels: expectedLabels = [], ...scored } = cases.get(name);
  const classes = probabilities(scored);
  const compared = layers.filter(({ id }) => recorded[id]);
  if (compared.length === 0) return 'no layer could be compared';
  for (const { id, shape, means, maxima, minima, predictions } of layers) {
    const wrong = classes && difference('probabilities', predictions, classes, 1, PROBABILITY_TOLERANCE);
    if (wrong) return wrong;
    const expected = recorded[id];
    if (!expected) continue;
    if (String(shape) !== String(expected.shape)) return `${id} has the shape ${shape}, not ${expected.shape}`;
    const largest = Math.max(...[...expected.max, ...expected.min].map(Math.abs));
    for (const [what, found, values] of [['means', means, expected.means], ['max', maxima, expected.max], ['min', minima, expected.min]]) {
      const detail = difference(`${id}.${what}`, found, values, largest, LAYER_TOLERANCE);
      if (detail) return detail;
    }
  }
  return String(labels) === String(expectedLabels) ? undefined : `the labels are ${labels}`;
}

/** Runs in the page: looks at every layer of each case. */
async function lookAtAll({ engine, list }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const found = [];
  for (const { name, files, recipe } of list) {
    const address = (file) => `${globalThis.root}tests/cases/${name}/${file}`;
    const bytes = async (file) => new File([await (await fetch(address(file))).arrayBuffer()], file);
    try {
      const model = await scope.open(await Promise.all(files.map(bytes)), { recipe });
      const layers = [];
      for (const { id, channels, height, width } of model.layers) {
        const { means, maxima, minima, predictions } = await model.look(await bytes('image.png'), { layer: id });
        const probabilities = [...predictions].sort((a, b) => a.index - b.index).map(({ probability }) => probability);
        layers.push({
          id, shape: [1, channels, height, width], predictions: probabilities, means: [...means], maxima: [...maxima], minima: [...minima],
        });
      }
      found.push({ layers, labels: model.labels });
      model.close();
    } catch (error) {
      found.push({ error: `${error.code}: ${error.message}` });
    }
  }
  scope.close();
  return found;
}

for (let first = 0; first < names.length; first += BATCH) {
  const batch = names.slice(first, first + BATCH);
  test(`small networks from ${batch[0]} to ${batch.at(-1)} show what onnxruntime computes`, async ({ openBlank, engine }) => {
    test.setTimeout(900_000);
    const page = await openBlank();
    const list = batch.map((name) => {
      const { files, recipe, norecipe } = cases.get(name);
      return { name, files, recipe: norecipe ? undefined : recipe };
    });
    const found = await page.evaluate(lookAtAll, { engine, list });
    const known = knownFailures(engine);
    const wrong = batch.flatMap((name, place) => {
      const detail = failure(name, found[place]);
      if (known.has(name)) return detail ? [] : [`${name} is right now: take it off the list of known failures`];
      return detail ? [`${name}: ${detail}`] : [];
    });
    expect(wrong).toEqual([]);
  });
}
