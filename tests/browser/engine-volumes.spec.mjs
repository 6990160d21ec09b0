// Several pictures as the slices of one volume, through the public API, on both engines, against onnxruntime (tests/volumes/record.py).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const { side, networks } = JSON.parse(readFileSync(join(ROOT, 'tests/volumes/recorded.json'), 'utf8'));

/** Largest difference of a mean and of a probability. */
const TOLERANCE = 1e-4;

/** Runs in the page: what the network makes of so many of the pictures, by each way of asking. */
async function looksAt({ engine, path, recipe, side, stacks }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const load = async (path) => (await fetch(`${globalThis.root}${path}`)).blob();
  const rgb = new Uint8Array(await (await load('tests/volumes/slices.rgb')).arrayBuffer());
  const pictures = Array.from({ length: rgb.length / (3 * side * side) }, (_, number) => {
    const from = number * 3 * side * side;
    const rgba = new Uint8ClampedArray(4 * side * side);
    rgba.forEach((_, at) => (rgba[at] = at % 4 === 3 ? 255 : rgb[from + Math.floor(at / 4) * 3 + (at % 4)]));
    return new ImageData(rgba, side, side);
  });
  const scope = await Featurescope.create({ engine });
  const model = await scope.open(new File([await load(path)], 'model.onnx'), { recipe });
  const found = [];
  for (const { pictures: count, values } of stacks) {
    const given = pictures.slice(0, count);
    for (const value of values) {
      const look = await model.look(given, { layer: `${value}/maps` });
      const { means, channels, slices } = look;
      const predictions = look.predictions.toSorted((one, other) => one.index - other.index);
      found.push({
        layer: look.layer,
        ofLayer: model.layers.find(({ id }) => id === look.layer).slices,
        means: [...means],
        channels,
        slices: [...slices],
        probabilities: predictions.map(({ probability }) => probability),
      });
      look.close();
    }
  }
  const alone = await model.look(pictures[0], { layer: 'stem/maps' });
  const one = await model.look([pictures[0]], { layer: 'stem/maps' });
  const same = { slices: alone.slices, differs: Math.max(...alone.means.map((mean, map) => Math.abs(mean - one.means[map]))) };
  const all = await model.look(pictures, { layer: 'stem/maps' });
  const [strongest] = all.top(1);
  const [depth] = await model.depth(pictures, { layers: ['stem/maps'] });
  // What is before maps are switched off is the same look again.
  const { before } = await model.ablate(pictures, { maps: [strongest.map], layer: 'stem/maps' });
  const ablated = Math.max(...before.map(({ probability }, place) => Math.abs(probability - all.predictions[place].probability)));
  const refusals = [];
  for (const image of [[], [pictures]]) await model.look(image).catch(({ code }) => refusals.push(code));
  scope.close();
  return { found, same, strongest, depth, ablated, takes: model.takes.slices, refusals };
}

for (const [path, { recipe, stacks }] of Object.entries(networks)) {
  test(`pictures are the slices that ${path.replace('tests/', '')} takes, as in onnxruntime`, async ({ openBlank, engine }) => {
    test.setTimeout(300_000);
    const page = await openBlank();
    const asked = stacks.map(({ pictures, means }) => ({ pictures, values: Object.keys(means) }));
    const given = { engine, path, recipe, side, stacks: asked };
    const { found, same, strongest, depth, ablated, takes, refusals } = await page.evaluate(looksAt, given);
    expect(takes).toBe(4);
    const expected = stacks.flatMap(({ slices, means, scores }) =>
      Object.values(means).map((ofLayer) => ({ slices, means: ofLayer, scores })),
    );
    expect(found.length).toBe(expected.length);
    const differs = (one, other) => Math.max(...one.map((value, at) => Math.abs(value - other[at])));
    for (const [place, { slices, means, scores }] of expected.entries()) {
      const one = found[place];
      expect(one.slices).toEqual(slices);
      expect(one.channels).toBe(means.length);
      expect(one.channels % one.ofLayer).toBe(0);
      expect(differs(means, one.means), one.layer).toBeLessThan(TOLERANCE);
      const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
      const sum = weights.reduce((all, weight) => all + weight, 0);
      expect(one.probabilities.length).toBe(scores.length);
      expect(differs(weights.map((weight) => weight / sum), one.probabilities), one.layer).toBeLessThan(TOLERANCE);
    }
    expect(same.slices).toBeUndefined();
    expect(same.differs).toBeLessThan(1e-5);
    expect(depth.map).toBe(strongest.map);
    expect(Math.abs(depth.mean - strongest.mean)).toBeLessThan(TOLERANCE);
    expect(ablated).toBeLessThan(1e-5);
    expect(refusals).toEqual(['bad-argument', 'bad-argument']);
  });
}

test('a network of single pictures refuses a stack of them', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const refused = await page.evaluate(async (engine) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const load = async (path) => (await fetch(`${globalThis.root}tests/cases/NV-class-token/${path}`)).blob();
    const scope = await Featurescope.create({ engine });
    const model = await scope.open(new File([await load('model.onnx')], 'model.onnx'));
    const image = await load('image.png');
    return model.look([image, image]).catch(({ code, message }) => ({ code, message }));
  }, engine);
  expect(refused.code).toBe('bad-argument');
  expect(refused.message).toMatch(/takes no stack of pictures/);
});
