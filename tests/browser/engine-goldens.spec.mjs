// Every recorded layer of four trained networks, and the page's own numbers, against onnxruntime.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test, waitUntilReady } from './engine/fixtures.mjs';

/** The largest error, as a part of the layer's largest value; maps whose means are closer may swap. */
const TOLERANCE = 1e-3;
/** What relaxed SIMD may change, as a part of the layer's largest value. */
const FORM_TOLERANCE = 1e-5;
/** Probabilities lie between 0 and 1, so this is absolute. */
const PROBABILITY_TOLERANCE = 1e-4;
/**
 * Pixels may differ from PIL's by one grey level where a JPEG is decoded or a picture resized, which moves a probability, or
 * a map's mean as a part of the strongest one's, by less than this.
 */
const PHOTO_TOLERANCE = 0.01;

const GOLDENS = {
  'squeezenet1.1': ['chelsea-227', 'coffee-227'],
  'efficientnet-lite0': ['chelsea-224', 'coffee-224'],
  'fer-mini-xception': ['astronaut-face-64', 'camera-face-64'],
  'cifar10-plaincnn': ['chelsea-32', 'coffee-32'],
};

const photos = JSON.parse(readFileSync(join(ROOT, 'tests/goldens/photos.json'), 'utf8')).predictions;

test.describe.configure({ timeout: 900_000 });

for (const [model, pictures] of Object.entries(GOLDENS)) {
  test(`${model} computes in every layer what onnxruntime computes`, async ({ callEngine, engine }) => {
    for (const picture of pictures) {
      const { form, layers, probabilities } = await callEngine('compareWithGolden', model, picture);
      const worst = layers.reduce((most, layer) => (layer.error > most.error ? layer : most));
      console.log(`${engine}, ${model}, ${picture}: ${layers.length} layers (${form}), largest error ${worst.error.toExponential(1)} in ${worst.id}, of a probability ${probabilities.error.toExponential(1)}`);
      expect(form).toBe(engine === 'cpu' ? 'original' : 'lowered');
      expect(layers.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
      expect(layers.filter(({ swaps }) => swaps.some(({ gap }) => !(gap <= TOLERANCE)))).toEqual([]);
      expect(probabilities.error).toBeLessThanOrEqual(PROBABILITY_TOLERANCE);
      expect(probabilities.swaps.filter(({ gap }) => !(gap <= PROBABILITY_TOLERANCE))).toEqual([]);
    }
  });
}

for (const [model, [picture]] of Object.entries(GOLDENS)) {
  test(`${model} computes with relaxed SIMD what it computes without @cpu`, async ({ callEngine }) => {
    const { hasRelaxed, differences } = await callEngine('compareForms', model, picture);
    expect(hasRelaxed).toBe(true);
    const worst = differences.reduce((most, layer) => (layer.difference > most.difference ? layer : most));
    console.log(`${model}, ${picture}: ${differences.length} values, the largest difference ${worst.difference.toExponential(1)} in ${worst.id}`);
    expect(worst.difference).toBeGreaterThan(0);
    expect(differences.filter(({ difference }) => !(difference <= FORM_TOLERANCE))).toEqual([]);
  });
}

/** What is not as recorded of one photo: of the predictions `[{ index, probability }]` and the means of all maps. */
function deviations({ top5, maps }, predictions, means) {
  const found = [];
  const check = (ours, theirs, what) => {
    if (!(Math.abs(ours - theirs) <= PHOTO_TOLERANCE)) found.push(`${what} is ${ours}, not ${theirs}`);
  };
  top5.forEach(({ index, probability }, place) => {
    const ours = predictions.find((prediction) => prediction.index === index);
    // A class that is not listed has to be about as probable as the last one at most.
    if (ours) check(ours.probability, probability, `the probability of class ${index}`);
    else check(predictions.at(-1).probability, Math.max(probability, predictions.at(-1).probability), `the last probability, after which class ${index} has to come,`);
    // Another class in its place has to be as probable.
    if (predictions[place].index !== index) check(predictions[place].probability, probability, `the probability in place ${place + 1}`);
  });
  const strongest = maps[0].mean;
  for (const { map, mean } of maps) check(means[map] / strongest, mean / strongest, `the mean of map ${map}, as a part of the strongest,`);
  return found;
}

test('the public API sees in the bundled photos what onnxruntime sees', async ({ openBlank, engine }) => {
  const page = await openBlank();
  for (const model of ['squeezenet1.1', 'efficientnet-lite0']) {
    const recorded = photos.filter((golden) => golden.model === model);
    expect(recorded).toHaveLength(10);
    const looks = await page.evaluate(lookAtPhotos, { engine, model, photos: recorded.map(({ photo, resize }) => ({ photo, resize })) });
    recorded.forEach((golden, place) => {
      const { predictions, means } = looks[place];
      expect(deviations(golden, predictions, means), `${model}, ${golden.photo}, ${golden.resize}`).toEqual([]);
    });
  }
});

/** Runs in the page. */
async function lookAtPhotos({ engine, model: name, photos: list }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const model = await scope.open(name);
  const looks = [];
  for (const { photo, resize } of list) {
    const look = await model.look(`${globalThis.root}models/photos/${photo}`, { recipe: { ...model.recipe, resize } });
    looks.push({ predictions: look.predictions.slice(0, 20), means: Array.from(look.means) });
    look.close();
  }
  scope.close();
  return looks;
}

test('the page shows for each bundled photo what onnxruntime says', async ({ openPage }) => {
  const page = await openPage();
  const files = await page.evaluate(() => globalThis.featurescope.state.photos.map(({ source }) => source.split('/').at(-1)));
  expect(files).toHaveLength(5);
  for (const [place, file] of files.entries()) {
    await page.locator('.thumb').nth(place).click();
    await expect(page.locator('.thumb').nth(place)).toHaveAttribute('aria-pressed', 'true');
    await waitUntilReady(page);
    const golden = photos.find(({ model, photo, resize }) => model === 'squeezenet1.1' && photo === file && resize === 'crop');
    const read = (id) => page.getByTestId(id).evaluateAll((list) => list.map(({ dataset }) => ({ ...dataset })));
    const predictions = (await read('prediction')).map(({ index, probability }) => ({ index: Number(index), probability: Number(probability) }));
    const means = [];
    for (const { map, mean } of await read('map-tile')) means[Number(map)] = Number(mean);
    expect(deviations(golden, predictions, means), file).toEqual([]);
  }
});
