// What the public API draws beside one map's mean: a class, one position, a mixture of maps. The story's plain network is small enough
// to draw in seconds on either engine.

import { expect, test } from './engine/fixtures.mjs';

test('a class, a position and a mixture of maps are drawn', async ({ openBlank, engine }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    const options = { size: 33, steps: 20, seed: 1 };
    const draw = async (target) => model.draw(target, options);
    const activations = async (target) => [...(await draw(target)).activations];
    const classes = [];
    for (const classIndex of [0, 1]) {
      const { activations: scores, image } = await model.draw({ classIndex }, { ...options, size: 94 });
      const look = await model.look(image);
      classes.push({ first: scores[0], last: scores.at(-1), probability: look.predictions.find(({ index }) => index === classIndex).probability });
      look.close();
    }
    const modern = await model.draw({ classIndex: 1 }, { preset: 'modern', size: 64, steps: 60 });
    const [one, other] = [await activations({ map: 41 }), await activations({ map: 9 })];
    const mixed = await activations({ maps: [{ map: 41 }, { map: 9, weight: 0.5 }] });
    const same = await activations({ maps: [{ map: 41 }] });
    const position = await activations({ map: 41, position: [6, 6] });
    const refused = [];
    for (const target of [{ classIndex: 2 }, { map: 41, position: [12, 0] }, { maps: [{ map: 96 }] }, { map: 1, classIndex: 1 }])
      refused.push(await draw(target).then(() => 'drawn', ({ code, message }) => `${code}: ${message}`));
    scope.close();
    return { classes, modern: [...modern.activations], one, other, mixed, same, position, refused };
  }, engine);
  console.log(`${engine}: ${JSON.stringify({ ...found, modern: found.modern.at(-1) })}`);
  for (const { first, last, probability } of found.classes) {
    expect(last).toBeGreaterThan(first);
    expect(probability).toBeGreaterThan(0.9);
  }
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(found.modern.slice(-10))).toBeGreaterThan(mean(found.modern.slice(0, 10)));
  // The first step of all begins with one picture.
  expect(found.mixed[0]).toBeCloseTo(found.one[0] + 0.5 * found.other[0], 4);
  expect(found.same).toEqual(found.one);
  expect(found.position.at(-1)).toBeGreaterThan(found.position[0]);
  for (const [place, name] of ['classIndex', 'position', 'map', 'target'].entries())
    expect(found.refused[place]).toMatch(new RegExp(`^bad-argument: .*${name}`));
});

test('the overlay styles are drawn alike on both engines, with their colours for a legend', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    const look = await model.look(`${globalThis.root}models/story/pictures/photo/gun/01.webp`);
    const [{ map }] = look.top(1);
    const values = look.map(map).data;
    const drawn = {};
    for (const style of ['glow', 'spotlight']) {
      const { data } = await look.overlay(map, { style, enlargement: 'nearest', size: look.map(map).width });
      drawn[style] = values.map((_, cell) => 0.2126 * data[4 * cell] + 0.7152 * data[4 * cell + 1] + 0.0722 * data[4 * cell + 2]);
      drawn[style] = [...drawn[style]];
    }
    const legend = await scope.colormap('glow');
    const signed = await scope.colormap('glow-signed');
    scope.close();
    return { values: [...values], drawn, ends: [[...legend.slice(0, 3)], [...legend.slice(-3)], [...signed.slice(-3)]] };
  }, engine);
  const most = Math.max(...found.values);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const style of ['glow', 'spotlight']) {
    const of = (/** @type {(value: number) => boolean} */ holds) => mean(found.drawn[style].filter((_, cell) => holds(found.values[cell])));
    expect(of((value) => value > most / 2)).toBeGreaterThan(of((value) => value <= 0) + 40);
  }
  expect(found.ends[0][0]).toBe(found.ends[0][1]);
  expect(found.ends[1]).toEqual(found.ends[2]);
  expect(Math.min(...found.ends[1].slice(0, 2))).toBeGreaterThan(200);
});
