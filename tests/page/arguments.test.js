import assert from 'node:assert/strict';
import { test } from 'node:test';

// Featurescope reads addresses against the page's.
globalThis.location = new URL('http://localhost/');
const { Featurescope, ImageSet, Look, Model } = await import('../../www/featurescope.js');

/** A worker's line that answers with a look of four maps, and keeps what was asked. */
class Line {
  asked = [];
  lost = new Promise(() => {});

  async request(action, content) {
    this.asked.push({ action, content });
    if (action === 'imageSet') return 9;
    if (action === 'addImage') return this.asked.filter((one) => one.action === 'addImage').length - 1;
    return action === 'classMaps' ? [] : {};
  }
}

const LAYER = { id: 'conv', name: 'conv', channels: 4, height: 2, width: 3 };
const description = { classes: 3, labels: ['cat', 'dog', 'cup'], layers: [LAYER], defaultLayer: 'conv', article: { layer: 'conv' }, recipe: {} };
const lookData = { handle: 2, layer: 'conv', channels: 4, width: 1, height: 1, maps: new Float32Array(4), ranking: [{ map: 1, mean: 2, rank: 1 }, { map: 0, mean: 1, rank: 2 }],
  predictions: description.labels.map((label, index) => ({ index, label, probability: 1 / 3 })), layerScale: 1 };

const picture = async () => ({ picture: {}, transfer: [] });
const photo = new Blob(['a photo']);
const makers = {
  scope: (line) => new Featurescope(line, {}),
  model: (line) => new Model(line, picture, { handle: 1, description, engine: {} }),
  look: (line) => new Look(line, lookData, { setMaximum: () => 1, answeredBy: () => {} }),
  set: (line) => new ImageSet(line, picture, 9, { names: ['cat'], channels: 4, classes: 3 }),
};

/** What no option that is a number may be. */
const NUMBERS = [NaN, Infinity, -1, '3', null, {}, [2]];
const WHOLE = [...NUMBERS, 1.5];
const MAPS = [...WHOLE.filter((value) => !Array.isArray(value)), 4, 2 ** 32 - 1, -0.5, undefined];
const CHOICES = ['', 'no such', 3, null, {}];

/** The object, the method, how it is called with a value, the name in the sentence, and values that are out of range. */
const cases = [
  ['scope', 'thumbnail', (size) => [photo, { size }], 'size', [...NUMBERS, 0, 8193]],
  ['scope', 'colormap', (name) => [name], 'colormap', [...CHOICES, undefined]],
  ['model', 'look', (layer) => [photo, { layer }], 'layer', CHOICES],
  ['model', 'look', (patch) => [photo, { patch }], 'patch', ['middle', 5, null, {}, { x: 0.5 }, { row: 1 }, { x: 0.5, column: 1 }]],
  ['model', 'look', (x) => [photo, { patch: { x, y: 0 } }], 'patch: x', [...NUMBERS, 1.01]],
  ['model', 'look', (column) => [photo, { patch: { row: 0, column } }], 'patch: column', WHOLE],
  ['model', 'look', (erase) => [photo, { erase }], 'erase', ['all', 5, [{}], [{ radius: 3 }]]],
  ['model', 'look', (radius) => [photo, { erase: [{ radius, points: [] }] }], 'radius', NUMBERS],
  ['model', 'look', (x) => [photo, { erase: [{ radius: 3, points: [[1, x]] }] }], 'points', [NaN, Infinity, '3', null, undefined]],
  ['model', 'imageSet', (layer) => [[], { layer }], 'layer', CHOICES],
  ['model', 'classMaps', (perImage) => [[], { perImage }], 'perImage', [...WHOLE, 0]],
  ['model', 'classMaps', (perClass) => [[], { perClass }], 'perClass', [...WHOLE, 0]],
  ['model', 'classSums', (map) => [[{ name: 'cat', maps: [{ map }] }], []], 'map', MAPS],
  ['model', 'confusion', (output) => [[{ name: 'cat', images: [] }], { ties: { cat: [output] } }], 'ties', [...WHOLE.slice(0, -2), 1.5, 3]],
  ['model', 'ablate', (layer) => [photo, { maps: [1], layer }], 'layer', CHOICES],
  ['model', 'cam', (layer) => [photo, { layer }], 'layer', CHOICES],
  ['model', 'ask', (layer) => [photo, { layer }, async () => {}], 'layer', CHOICES],
  ['model', 'depth', (layers) => [photo, { layers }], 'layers', ['conv', 5, null, {}]],
  ['model', 'depth', (layer) => [photo, { layers: ['conv', layer] }], 'layer', [...CHOICES, undefined]],
  ['model', 'depth', (erase) => [photo, { erase }], 'erase', ['all', 5, [{}], [{ radius: 3 }]]],
  ['model', 'draw', (map) => [{ map }], 'map', MAPS],
  ['model', 'draw', (layer) => [{ layer, map: 1 }], 'layer', CHOICES],
  ['model', 'draw', (maps) => [{ maps }], 'maps', ['all', 5, {}, []]],
  ['model', 'draw', (map) => [{ maps: [{ map: 1 }, { map }] }], 'map', MAPS],
  ['model', 'draw', (weight) => [{ maps: [{ map: 1, weight }] }], 'weight', [...NUMBERS.filter((value) => value !== -1), 1e7]],
  ['model', 'draw', (position) => [{ map: 1, position }], 'position', [...WHOLE, [1], [0, 1, 2], [2, 0], [0, 3], [-1, 0], [0, 0.5]]],
  ['model', 'draw', (classIndex) => [{ classIndex }], 'classIndex', [...WHOLE, 3]],
  ['model', 'draw', (target) => [target], 'target', [{ map: 1, classIndex: 0 }, { map: 1, maps: [{ map: 1 }] }, { maps: [{ map: 1 }], position: [0, 0] }, { classIndex: 0, position: [0, 0] }]],
  ['model', 'draw', (preset) => [{ map: 1 }, { preset }], 'preset', CHOICES],
  ...['size', 'steps'].map((name) => ['model', 'draw', (value) => [{ map: 1 }, { [name]: value }], name, [...WHOLE, 0]]),
  ...['blur', 'totalVariation', 'l2'].map((name) => ['model', 'draw', (value) => [{ map: 1 }, { [name]: value }], name, NUMBERS]),
  ['model', 'draw', (seed) => [{ map: 1 }, { seed }], 'seed', [...WHOLE, 2 ** 32]],
  ['model', 'setOutput', (output) => [output], 'output', [...CHOICES, undefined]],
  ['model', 'randomised', (seed) => [seed], 'seed', [...WHOLE, 2 ** 32, undefined]],
  ['look', 'top', (count) => [count], 'count', [...WHOLE, undefined]],
  ['look', 'map', (map) => [map], 'map', [...MAPS, [2]]],
  ...['overlay', 'draw'].flatMap((method) => [
    ['look', method, (map) => [map], 'map', [...MAPS, [4], [0, -1], []]],
    ['look', method, (size) => [1, { size }], 'size', [...NUMBERS, 0, 8193]],
    ['look', method, (alpha) => [1, { alpha }], 'alpha', [...NUMBERS, 5, 1.01]],
    ['look', method, (gain) => [1, { gain }], 'gain', NUMBERS],
    ['look', method, (scale) => [1, { scale }], 'scale', [NaN, Infinity, -1, ...CHOICES.filter((value) => value !== 3)]],
    ['look', method, (setMaximum) => [1, { scale: 'set', setMaximum }], 'setMaximum', NUMBERS],
    ...['style', 'colormap', 'enlargement'].map((name) => ['look', method, (value) => [1, { [name]: value }], name, CHOICES]),
  ]),
  ['look', 'contributions', (index) => [index], 'classIndex', [...WHOLE, 3, undefined]],
  ['look', 'ablate', (map) => [map], 'map', [...MAPS, [4], []]],
  ['look', 'ablate', (to) => [1, { to }], 'to', CHOICES],
  ['look', 'ablate', (controls) => [1, { controls }], 'controls', [...WHOLE, 1001]],
  ['look', 'ablate', (seed) => [1, { seed }], 'seed', [...WHOLE, 2 ** 32]],
  ['look', 'cam', (index) => [index], 'classIndex', [...WHOLE, 3]],
  ['look', 'cam', (alpha) => [0, { overlay: { alpha } }], 'alpha', [...NUMBERS, 5]],
  ['set', 'classMaps', (perImage) => [{ perImage }], 'perImage', [...WHOLE, 0]],
  ['set', 'classMaps', (perClass) => [{ perClass }], 'perClass', [...WHOLE, 0]],
  ['set', 'classMaps', (place) => [{ classes: [{ name: 'cat', images: [place] }] }], 'classes: images', [...WHOLE, 0, undefined]],
  ['set', 'sums', (map) => [[map]], 'map', MAPS],
  ['set', 'allSums', (map) => [[map]], 'map', MAPS],
  ['set', 'map', (map) => [map], 'map', [...MAPS, [2]]],
  ['set', 'confusion', (output) => [[[output]]], 'ties', [...WHOLE.slice(0, -2), 1.5, 3, undefined]],
];

/** Methods that take no number and no choice: what they are given is checked where it is read, or is nothing. */
const WITHOUT = {
  scope: ['open', 'isDrawing', 'loaded', 'memory', 'destroyDevice', 'settled', 'serve', 'close'], model: ['setRecipe', 'workers', 'close'], look: ['seen', 'close'], set: ['see', 'atOnce', 'add', 'addAll', 'said', 'close'],
};

test('every public method that takes a number or a choice is among the cases', () => {
  for (const [object, make] of Object.entries(makers)) {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(make(new Line()))).filter((name) => name !== 'constructor');
    const known = [...WITHOUT[object], ...cases.filter(([of]) => of === object).map(([, method]) => method)];
    assert.deepEqual(methods.filter((method) => !known.includes(method)), [], object);
  }
});

for (const [object, method, call, name, values] of cases) {
  test(`${object}.${method} refuses ${name} out of its range, and says so before anything is asked`, async () => {
    for (const value of values) {
      const line = new Line();
      const refused = await (async () => makers[object](line)[method](...call(value)))().then(() => null, (error) => error);
      const given = `${typeof value === 'symbol' ? 'symbol' : JSON.stringify(value)} (${String(value)})`;
      assert.equal(refused?.code, 'bad-argument', `${given}: ${refused}`);
      assert.ok(refused.message.includes(name), `${given}: ${refused.message}`);
      assert.deepEqual(line.asked.filter(({ action }) => action !== 'release'), [], given);
    }
  });
}

test('what is drawn reaches the engine in one form', async () => {
  const asked = async (target) => {
    const line = new Line();
    // The line answers with nothing that could be a picture.
    await makers.model(line).draw(target).catch(() => {});
    const { layer, maps, position, classIndex } = line.asked[0].content.options;
    return { layer, maps, position, classIndex };
  };
  const none = { layer: 'conv', position: undefined, classIndex: undefined };
  assert.deepEqual(await asked({ map: 3 }), { ...none, maps: [[3, 1]] });
  assert.deepEqual(await asked({ map: 3, position: [1, 2] }), { ...none, maps: [[3, 1]], position: [1, 2] });
  assert.deepEqual(await asked({ layer: 'conv', maps: [{ map: 3 }, { map: 0, weight: -0.5 }] }), { ...none, maps: [[3, 1], [0, -0.5]] });
  assert.deepEqual(await asked({ classIndex: 2 }), { ...none, maps: [], classIndex: 2 });
});

test('a way to draw is one of the engine’s two with its defaults', async () => {
  const asked = async (options) => {
    const line = new Line();
    await makers.model(line).draw({ map: 1 }, options).catch(() => {});
    const { preset, size, steps, blur, totalVariation, l2 } = line.asked[0].content.options;
    return { preset, size, steps, blur, totalVariation, l2 };
  };
  const article = { preset: 'article', size: 230, steps: 20, blur: 0, totalVariation: 0, l2: 0 };
  assert.deepEqual(await asked({}), article);
  // As scripts and records of every age name it.
  assert.deepEqual(await asked({ preset: 'article', blur: undefined }), article);
  assert.deepEqual(await asked({ preset: 'article', blur: 2, size: 112 }), { ...article, blur: 2, size: 112 });
  assert.deepEqual(await asked({ preset: 'modern', l2: 1 }), { preset: 'modern', size: 128, steps: 512, blur: 0, totalVariation: 0, l2: 1 });
  const smooth = await asked({ preset: 'smooth' });
  assert.ok(smooth.blur > 0 && smooth.totalVariation > 0);
  assert.deepEqual({ ...smooth, blur: 0, totalVariation: 0 }, article);
  assert.deepEqual(await asked({ preset: 'smooth', blur: 0, totalVariation: 0 }), article);
});

test('what is within range is asked for as it is', async () => {
  const line = new Line();
  const look = makers.look(line);
  assert.deepEqual(look.top(1), [{ map: 1, mean: 2, rank: 1 }]);
  assert.deepEqual([look.top(0).length, look.top(4).length], [0, 2]);
  assert.equal(look.map(3).data.length, 1);
  await look.contributions(2);
  const model = makers.model(line);
  const set = await model.imageSet(['cat']);
  await set.add('cat', photo);
  await set.classMaps({ perImage: 1 });
  await set.confusion([[0, 2]]);
  await set.map(0);
  await set.sums([0, 3]);
  await model.randomised(0).catch(() => {});
  assert.deepEqual(line.asked.map(({ action }) => action), ['contributions', 'imageSet', 'addImage', 'classMaps', 'confusion', 'mapOverSet', 'sums', 'randomise']);
});

test('a scope is created for an engine that there is, and for a number of workers', async () => {
  for (const engine of CHOICES) await assert.rejects(Featurescope.create({ engine }), { code: 'bad-argument' });
  for (const workers of [...WHOLE, 0, 257]) await assert.rejects(Featurescope.create({ workers }), { code: 'bad-argument' });
});
