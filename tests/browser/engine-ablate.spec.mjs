// Switching maps off through the public API, against onnxruntime's runs of the two parts of the model (tests/ablate/record.py).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const { cases } = JSON.parse(readFileSync(join(ROOT, 'tests/ablate/recorded.json'), 'utf8'));

/** The largest acceptable difference of a probability. */
const TOLERANCE = 1e-3;

// A last layer and one in the middle, which a path leads around.
for (const wanted of ['fire9/concat', 'block9_expand_relu6']) test(`probabilities without some maps of ${wanted} are onnxruntime’s`, async ({ openBlank, engine }) => {
  const recorded = cases.find(({ layer }) => layer === wanted);
  test.setTimeout(300_000);
  const page = await openBlank();
  const found = await page.evaluate(async ([device, { model: name, layer, photo, maps }]) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open(name);
    const image = `${globalThis.root}tests/goldens/inputs/${photo}`;
    const inOrder = (predictions) => predictions.toSorted((one, other) => one.index - other.index).map(({ probability }) => probability);
    const zero = await model.ablate(image, { layer, maps, controls: 3, seed: 5 });
    const mean = await model.ablate(image, { layer, maps, to: 'mean', controls: 0 });
    const again = await model.ablate(image, { layer, maps, controls: 3, seed: 5 });
    const refused = await model.ablate(image, { layer, maps: [5120] }).catch(({ code }) => code);
    const first = zero.after.every(({ probability }, place) => place === 0 || probability <= zero.after[place - 1].probability);
    scope.close();
    return {
      before: inOrder(zero.before), zero: inOrder(zero.after), mean: inOrder(mean.after), first, refused,
      controls: zero.controls.map((control) => control.maps), same: again.controls.map((control) => control.maps),
    };
  }, [engine, recorded]);

  for (const title of ['before', 'zero', 'mean']) {
    expect(found[title]).toHaveLength(1000);
    const worst = Math.max(...recorded[title].map((probability, index) => Math.abs(found[title][index] - probability)));
    expect(worst, title).toBeLessThanOrEqual(TOLERANCE);
  }
  // Far more than the tolerance hangs on these maps.
  expect(Math.max(...found.before.map((probability, index) => Math.abs(probability - found.zero[index])))).toBeGreaterThan(0.05);
  expect(found.first).toBe(true);
  expect(found.refused).toBe('bad-argument');
  expect(found.controls).toEqual(found.same);
  for (const maps of found.controls) {
    expect(maps).toHaveLength(recorded.maps.length);
    expect(maps.some((map) => recorded.maps.includes(map))).toBe(false);
  }
});
