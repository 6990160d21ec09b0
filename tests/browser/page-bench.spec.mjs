// bench.html: four networks are measured, and others' runtimes beside ours where the visitor agrees to load them.

import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { build } from 'esbuild';

import { ROOT } from './engine/fixtures.mjs';
import { expect, test } from './fixtures.mjs';

const CDN = 'https://cdn.jsdelivr.net/npm/';
const NETWORKS = ['SqueezeNet 1.1', 'ResNet-18', 'MobileNetV2', 'EfficientNet-Lite0'];
const RUNTIMES = ['onnxruntime-web', 'LiteRT.js'];
const TIME = /^[\d.]+ ms$/;

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** Answers for the CDN with the packages that the tests have, and gives the list of what is asked for elsewhere than at this site. */
async function answerForTheCdn(page) {
  const asked = [];
  const { outputFiles: [module] } = await build({ entryPoints: [join(ROOT, 'node_modules/@litertjs/core/dist/index.js')], bundle: true, format: 'esm', write: false });
  await page.context().route(/^https:/, (route) => {
    const url = route.request().url();
    asked.push(url);
    const [, name, path] = /^https:\/\/cdn\.jsdelivr\.net\/npm\/(.+)@[\d.]+\/(.+)$/.exec(url);
    const headers = { 'Access-Control-Allow-Origin': '*' };
    // The CDN bundles a package where it is asked for this.
    if (path === '+esm') return route.fulfill({ body: module.text, contentType: 'text/javascript', headers });
    return route.fulfill({ path: join(ROOT, 'node_modules', name, path), contentType: path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', headers });
  });
  return asked;
}

const processor = (page) => page.getByRole('table', { name: 'Processor' });

/** The row of a runtime in the group of a network. */
const rowOf = (page, network, runtime) => processor(page).locator('tbody').filter({ hasText: network }).getByRole('row').filter({ hasText: runtime });

/** Waits until the processor's part is done, and leaves the rest. */
async function measureOnTheProcessor(page) {
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('status')).toContainText(/Graphics card|Measured/, { timeout: 240_000 });
  const stop = page.getByRole('button', { name: 'Stop' });
  if (await stop.isVisible()) await stop.click();
  await expect(page.getByRole('button', { name: 'Measure' })).toBeVisible();
}

test('four networks are measured beside two runtimes that the visitor agrees to load, and the table can be copied', { tag: '@page' }, async ({ page, openPage }) => {
  test.setTimeout(300_000);
  await openPage();
  // The badge's figure leads there.
  await page.locator('#engine-badge').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How fast is it here?');
  const asked = await answerForTheCdn(page);
  for (const runtime of RUNTIMES) {
    const box = page.getByRole('checkbox', { name: runtime });
    await expect(box).not.toBeChecked();
    await expect(box).toHaveAccessibleDescription(new RegExp(`^from ${CDN}`));
    await box.check();
  }
  expect(asked, 'before the press').toEqual([]);
  await measureOnTheProcessor(page);
  for (const network of NETWORKS) {
    await expect(rowOf(page, network, 'Featurescope').getByRole('cell').first()).toHaveText(TIME);
    for (const runtime of RUNTIMES) {
      // A time, and not the sentence that the results differ.
      await expect(rowOf(page, network, runtime).getByRole('cell')).toHaveText([TIME, /^\d+\.\d\d$/]);
    }
  }
  expect(asked.filter((url) => !/^https:\/\/cdn\.jsdelivr\.net\/npm\/(onnxruntime-web|@litertjs\/core)@[\d.]+\//.test(url))).toEqual([]);
  expect(RUNTIMES.map((_, index) => asked.some((url) => url.includes(['onnxruntime-web', '@litertjs/core'][index])))).toEqual([true, true]);

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(lines.slice(0, 2)).toEqual(['| Network | On | Runtime | Median | Ours / this |', '| --- | --- | --- | ---: | ---: |']);
  expect(lines[2]).toMatch(/^\| SqueezeNet 1\.1 \| Processor \| Featurescope \| [\d.]+ ms \| {2}\|$/);
  expect(lines[3]).toMatch(/^\| SqueezeNet 1\.1 \| Processor \| onnxruntime-web [\d.]+ \| [\d.]+ ms \| \d+\.\d\d \|$/);
  expect(lines.at(-2)).toMatch(/^Chrome\/[\d.]+ on .+; \d+ cores?/);
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
});

test.describe('without agreement', () => {
  test.use({ expectedErrors: [/Content Security Policy|violates/] });

  test('nothing comes from elsewhere, and the policy lets in nothing but the two packages', { tag: '@page' }, async ({ page }) => {
    const asked = await answerForTheCdn(page);
    await page.goto('bench.html');
    await page.getByRole('button', { name: 'Measure' }).click();
    await expect(rowOf(page, 'SqueezeNet 1.1', 'Featurescope').getByRole('cell').first()).toHaveText(TIME);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByRole('status')).toHaveText('Stopped. What was measured stays.');
    // A worker that begins as those of the runtimes do.
    const refused = await page.evaluate(() => Promise.all(
      ['https://cdn.jsdelivr.net/npm/another@1.0.0/index.js', 'https://cdn.jsdelivr.net/npm/onnxruntime-web@1.29.0/dist/ort.wasm.min.mjs', 'https://example.org/npm/onnxruntime-web@1.30.0/index.js'].map((address) => new Promise((resolve) => {
        const script = `import('${address}').then(() => 'loaded', () => 'refused').then(postMessage)`;
        new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))).onmessage = ({ data }) => resolve(data);
      })),
    ));
    expect(refused).toEqual(['refused', 'refused', 'refused']);
    expect(asked).toEqual([]);
  });
});

test.describe('where something cannot be had', () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test('a runtime that the CDN does not give and a network that this site lacks are said so, and the rest is measured', { tag: '@page' }, async ({ page }) => {
    test.setTimeout(240_000);
    const asked = [];
    await page.context().route(/^https:/, (route) => {
      asked.push(route.request().url());
      return route.request().url().includes('onnxruntime') ? route.abort() : route.fulfill({ status: 404 });
    });
    await page.context().route(/models\/efficientnet-lite0\.onnx/, (route) => route.fulfill({ status: 404 }));
    await page.goto('bench.html');
    for (const runtime of RUNTIMES) await page.getByRole('checkbox', { name: runtime }).check();
    await measureOnTheProcessor(page);
    for (const network of NETWORKS.slice(0, 3)) {
      await expect(rowOf(page, network, 'Featurescope').getByRole('cell').first()).toHaveText(TIME);
      for (const runtime of RUNTIMES) {
        await expect(rowOf(page, network, runtime).getByRole('cell')).toHaveText(`${runtime} could not be loaded from cdn.jsdelivr.net, so that it is not measured.`);
      }
    }
    await expect(rowOf(page, NETWORKS[3], 'Featurescope').getByRole('cell')).toHaveText('This site does not have EfficientNet-Lite0 (404), so that it is not measured.');
    // Who does not answer is not asked again for every network.
    expect(asked).toHaveLength(2);
  });
});
