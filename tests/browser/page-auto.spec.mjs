// The choice of the engine that is left to the page, on an adapter that seems to be a real one: what the GPU engine cannot do, or
// does wrongly, the CPU engine does, and the badge says why.

import { readFileSync } from 'node:fs';

import { expect, test, waitUntilReady } from './fixtures.mjs';

const folder = new URL('auto/', import.meta.url);
const content = (name) => readFileSync(new URL(name, folder));

/** Beyond what the browser's software adapter lets a page believe: run in the worker before it is asked for anything. */
const REAL = `
  for (const prototype of [globalThis.GPUAdapter?.prototype, globalThis.GPUAdapterInfo?.prototype]) {
    if (prototype && 'isFallbackAdapter' in prototype) Object.defineProperty(prototype, 'isFallbackAdapter', { get: () => false });
  }`;

/** So small that no layer of SqueezeNet fits into a buffer. */
const SMALL = `
  Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', { get: () => 100_000 });`;

/** The GPU engine's answer to each question about a model but a look: no operator is known that it computes forwards and then refuses. */
const REFUSING = `
  const refused = { code: 'unsupported-op', message: 'In node "n": operator Refused is not supported.', node: 'n', ofEngine: true };
  Model.prototype.ablate = Model.prototype.cam = () => Promise.reject(refused);
  Model.prototype.draw = () => {
    throw refused;
  };`;

/** Adds lines to a script. */
async function add(page, path, added) {
  await page.route(`**/${path}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${added}` });
  });
}

/** Opens the page without a wish for an engine, with this added to its worker. */
async function openAuto(page, added) {
  await add(page, 'worker/main.js', added);
  await page.goto('?');
  await waitUntilReady(page);
}

/** An empty page of the same host, for calls of the public API, with this added to its worker. */
async function openEmpty(page, added) {
  await add(page, 'worker/main.js', added);
  await page.route('**/empty.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }));
  await page.goto('empty.html');
}

test('an operator that the GPU engine lacks: the CPU computes, and the badge names it', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await openAuto(page, REAL);
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'wonnx');
  await page.locator('#image-input').setInputFiles({ name: 'noise.png', mimeType: 'image/png', buffer: content('noise.png') });
  await waitUntilReady(page);
  await page.locator('#model-input').setInputFiles({ name: 'numbers.onnx', mimeType: '', buffer: content('numbers.onnx') });
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText('cannot run this model');
  await expect(badge).toContainText('IsNaN');
  await waitUntilReady(page);
  const { probabilities } = JSON.parse(content('expected.json'));
  const predictions = await page.getByTestId('prediction').evaluateAll((list) => list.map(({ dataset }) => [Number(dataset.index), Number(dataset.probability)]));
  expect(predictions.length).toBeGreaterThan(0);
  for (const [index, probability] of predictions) expect(probability).toBeCloseTo(probabilities[index], 3);
});

test('a model beyond the graphics device: the CPU computes', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await openAuto(page, REAL + SMALL);
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText('cannot run this model');
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
});

test('a graphics adapter that once computed wrongly is not asked again', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await openAuto(page, REAL);
  await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', 'wonnx');
  const changed = await page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('featurescope');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('self-checks', 'readwrite');
      const store = transaction.objectStore('self-checks');
      const keys = store.getAllKeys();
      keys.onsuccess = () => keys.result.forEach((key) => store.put({ ok: false, op: 'MaxPool' }, key));
      transaction.oncomplete = () => resolve(keys.result.length);
      transaction.onerror = () => reject(transaction.error);
    };
  }));
  expect(changed).toBeGreaterThan(0);
  await page.reload();
  await waitUntilReady(page);
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText('computes MaxPool wrongly');
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
});

test('ablation, Grad-CAM and drawing go on with the CPU where the GPU engine refuses, as a look does', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await add(page, 'engine/gpu/featurescope.js', REFUSING);
  await openEmpty(page, REAL);
  const found = await page.evaluate(async () => {
    const { Featurescope } = await import(new URL('featurescope.js', location.href).href);
    const photo = new URL('models/photos/chelsea.webp', location.href).href;
    const [auto, cpu, gpu] = await Promise.all(['auto', 'cpu', 'webgpu'].map((engine) => Featurescope.create({ engine })));
    const layer = 'fire9/concat';
    const questions = {
      ablate: async (model, look) => (await look.ablate([1, 2], { controls: 1 })).after.map(({ index, probability }) => [index, probability]),
      cam: async (model, look) => [...(await look.cam()).weights],
      draw: async (model) => [...(await model.draw({ layer: 'fire2/concat', map: 24 }, { size: 33, steps: 3 })).activations],
    };
    const results = {};
    for (const [name, ask] of Object.entries(questions)) {
      const [model, other, forced] = await Promise.all([auto, cpu, gpu].map((scope) => scope.open('squeezenet1.1')));
      const [look, otherLook, forcedLook] = await Promise.all([model, other, forced].map((one) => one.look(photo, { layer })));
      const before = model.engine;
      const answer = await ask(model, look);
      // What was seen before can still be drawn, and asked about once more.
      const overlay = await look.overlay(3, { size: 32 });
      const again = await ask(model, look);
      results[name] = {
        before: before.device, after: model.engine.device, reason: model.engine.reason, answer, again, expected: await ask(other, otherLook),
        side: overlay.width, forced: await ask(forced, forcedLook).catch(({ code, node }) => ({ code, node })), stays: forced.engine.device,
      };
      for (const one of [model, other, forced]) one.close();
    }
    for (const scope of [auto, cpu, gpu]) scope.close();
    return results;
  });
  expect(Object.keys(found)).toEqual(['ablate', 'cam', 'draw']);
  for (const { before, after, reason, answer, again, expected, side, forced, stays } of Object.values(found)) {
    expect([before, after, side]).toEqual(['webgpu', 'cpu', 32]);
    expect(reason).toContain('Refused');
    expect(answer.length).toBeGreaterThan(2);
    // On the same engine with the same weights: the very same numbers.
    expect(answer).toEqual(expected);
    expect(again).toEqual(expected);
    // Whoever asks for the GPU is told instead.
    expect([forced, stays]).toEqual([{ code: 'unsupported-op', node: 'n' }, 'webgpu']);
  }
});

test('a drawing beyond the graphics device: the CPU draws, without a look before it', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await openEmpty(page, REAL + SMALL);
  const found = await page.evaluate(async () => {
    const { Featurescope } = await import(new URL('featurescope.js', location.href).href);
    const [auto, cpu] = await Promise.all(['auto', 'cpu'].map((engine) => Featurescope.create({ engine })));
    const [model, other] = await Promise.all([auto, cpu].map((scope) => scope.open('squeezenet1.1')));
    const before = model.engine.device;
    // Two at once take turns, and the model moves once.
    const draw = (one, map) => one.draw({ layer: 'fire9/concat', map }, { size: 66, steps: 2 });
    const drawings = await Promise.all([draw(model, 340), draw(model, 281)]);
    const expected = [await draw(other, 340), await draw(other, 281)];
    const { device, reason } = model.engine;
    for (const scope of [auto, cpu]) scope.close();
    const activations = (list) => list.map((one) => [...one.activations]);
    return { before, device, reason, drawn: activations(drawings), expected: activations(expected) };
  });
  expect([found.before, found.device]).toEqual(['webgpu', 'cpu']);
  expect(found.reason).toContain('cannot run this model');
  expect(found.drawn).toEqual(found.expected);
});

test('an operator without a gradient is named, and no other engine is loaded for it', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  const loaded = [];
  page.on('request', (request) => loaded.push(request.url()));
  await openEmpty(page, REAL);
  const found = await page.evaluate(async (bytes) => {
    const { Featurescope } = await import(new URL('featurescope.js', location.href).href);
    const scope = await Featurescope.create({ engine: 'auto' });
    const model = await scope.open(Uint8Array.from(bytes).buffer);
    const refused = await model.draw({ layer: 'maps', map: 0 }, { size: 33, steps: 1 }).catch(({ code, node }) => ({ code, node }));
    const drawing = await model.draw({ layer: 'conv', map: 0 }, { size: 33, steps: 2 });
    const { device } = model.engine;
    scope.close();
    return { refused, device, steps: drawing.activations.length };
  }, [...content('numbers.onnx')]);
  expect(found).toEqual({ refused: { code: 'unsupported-op', node: 'missing' }, device: 'webgpu', steps: 2 });
  expect(loaded.filter((url) => url.includes('engine/cpu/'))).toEqual([]);
});

test('the badge says where the model has moved to for an answer', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await add(page, 'engine/gpu/featurescope.js', REFUSING);
  await openAuto(page, REAL);
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'wonnx');
  const tile = page.getByTestId('map-tile').first();
  await tile.click();
  const card = page.locator('#card');
  await card.getByText('Switch it off').click();
  await card.getByRole('button', { name: `Without map ${await tile.getAttribute('data-map')}` }).click();
  await expect(card.getByTestId('ablation')).toContainText('random map', { timeout: 60_000 });
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText('Refused');
});
