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

/** Opens the page without a wish for an engine, with this added to its worker. */
async function openAuto(page, added) {
  await page.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${added}` });
  });
  await page.goto('?');
  await waitUntilReady(page);
}

test('an operator that the GPU engine lacks: the CPU computes, and the badge names it', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await openAuto(page, REAL);
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'wonnx');
  await page.locator('#image-input').setInputFiles({ name: 'noise.png', mimeType: 'image/png', buffer: content('noise.png') });
  await waitUntilReady(page);
  await page.locator('#model-input').setInputFiles({ name: 'threshold.onnx', mimeType: '', buffer: content('threshold.onnx') });
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText('cannot run this model');
  await expect(badge).toContainText('Greater');
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
