// What the public API makes of its arguments: parts of a card, pictures, progress, and what it refuses.

import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

test('recipe, labels and output of the caller go before the card, and the card’s other fields stay', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const describe = async (options) => {
      const model = await scope.open('squeezenet1.1', options);
      const { title, recipe, recipeIsKnown, labels, output } = model;
      model.close();
      return { title, recipe, recipeIsKnown, label: labels[285], output };
    };
    const own = Array.from({ length: 1000 }, (_, index) => `own ${index}`);
    const recipe = { size: 227, resize: 'squash', scale: 0.5 };
    const all = {
      plain: await describe(),
      labels: await describe({ labels: own, recipe: undefined }),
      recipe: await describe({ recipe, output: 'softmax' }),
      card: await describe({ card: { title: 'Mine', labels: undefined } }),
      both: await describe({ card: { labels: ['wrong'], title: 'Mine' }, labels: own }),
    };
    scope.close();
    return all;
  }, engine);
  const { plain } = found;
  expect(plain.recipeIsKnown).toBe(true);
  expect(found.labels).toEqual({ ...plain, label: 'own 285' });
  expect(found.recipe).toEqual({ ...plain, output: 'softmax', recipe: expect.objectContaining({ resize: 'squash', scale: 0.5 }) });
  expect(found.card).toEqual({ ...plain, title: found.card.title });
  expect(found.both).toEqual({ ...found.card, label: 'own 285' });
});

test('wrong arguments are refused with a sentence', { tag: '@page' }, async ({ openBlank, engine }) => {
  const page = await openBlank();
  // Another site's picture, which comes without CORS.
  await page.route('https://elsewhere.example/**', (route) => route.fulfill({ path: join(ROOT, 'models/photos/chelsea.webp') }));
  const found = await page.evaluate(async (device) => {
    const { Featurescope, FeaturescopeError } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('squeezenet1.1');
    const cat = `${globalThis.root}models/photos/chelsea.webp`;
    const classes = [{ name: 'cat', images: [cat] }];
    const foreign = new Image();
    foreign.src = 'https://elsewhere.example/cat.webp';
    const attempts = {
      engine: () => Featurescope.create({ engine: 'xyz' }),
      model: () => scope.open('https://['),
      image: () => model.look('https://['),
      foreign: () => model.look(foreign),
      option: () => model.look(cat, { layer: () => {} }),
      ties: () => model.confusion(classes, { ties: { dog: 1 } }),
      maps: () => model.classSums([{ name: 'cat', maps: [{ map: 5000, count: 1 }], removed: [] }], classes),
      layer: () => model.classMaps(classes, { layer: 'nowhere' }),
      recipe: () => model.setRecipe({ size: 227, resize: 'stretch' }),
    };
    const refused = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      refused[name] = await attempt().then(() => 'accepted', (error) => (error instanceof FeaturescopeError ? error.code : String(error)));
    }
    const { predictions } = await model.look(cat);
    scope.close();
    return { refused, first: predictions[0].index };
  }, engine);
  expect(new Set(Object.values(found.refused)), JSON.stringify(found.refused)).toEqual(new Set(['bad-argument']));
  expect(found.first).toBe(285);
});

test('a picture that is still loading is waited for; progress is complete; the engine has a reason', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('squeezenet1.1');
    const image = new Image();
    image.src = `${globalThis.root}models/photos/coffee.jpg`;
    const progress = [];
    const look = await model.look(image, { onProgress: (event) => progress.push(event) });
    const other = await model.look(`${globalThis.root}models/photos/chelsea.webp`);
    const { scaleValue } = await look.draw(look.top(1)[0].map, { scale: 'set' });
    const cam = await look.cam(967, { overlay: { scale: 'set' } });
    const { labels } = await model.confusion([{ name: 'cup', images: [] }], { ties: { cup: 967 } });
    scope.close();
    return {
      reason: scope.engine.reason, first: look.predictions[0].index, progress, scaleValue, largest: Math.max(look.layerScale, other.layerScale),
      cam: cam.image.width, labels,
    };
  }, engine);
  expect(found.reason).toMatch(/^[A-Z].*\.$/);
  expect(found.first).toBe(967);
  expect(found.progress.length).toBeGreaterThan(1);
  expect(found.progress.filter(({ total }) => !(total > 0))).toEqual([]);
  expect(found.progress.some(({ stage, secondsLeft }) => stage === 'run' && Number.isFinite(secondsLeft))).toBe(true);
  expect(found.scaleValue).toBeCloseTo(found.largest, 4);
  expect(found.cam).toBeGreaterThan(0);
  expect(found.labels).toEqual(['cup', 'other']);
});
