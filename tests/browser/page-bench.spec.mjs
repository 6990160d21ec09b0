// bench.html: the networks of this site are measured, and another runtime beside ours from an address that the visitor agrees to.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT } from './engine/fixtures.mjs';
import { expect, test } from './fixtures.mjs';

const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/onnxruntime-web/package.json'), 'utf8'));
const ADDRESS = `https://cdn.jsdelivr.net/npm/onnxruntime-web@${version}/dist/`;
const TYPES = { mjs: 'text/javascript', wasm: 'application/wasm' };

test('the speed here is measured, beside another runtime where the visitor agrees to load it, and can be copied', { tag: '@page' }, async ({ page, openPage }) => {
  test.setTimeout(300_000);
  await openPage();
  // The badge's figure leads there.
  await page.locator('#engine-badge').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How fast is it here?');
  const asked = [];
  await page.context().route(/^https:/, (route) => {
    const url = route.request().url();
    asked.push(url);
    const name = new URL(url).pathname.split('/').at(-1);
    return route.fulfill({
      path: join(ROOT, 'node_modules/onnxruntime-web/dist', name),
      contentType: TYPES[name.split('.').at(-1)],
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  });
  const row = page.getByRole('row', { name: /^SqueezeNet/ });
  await expect(row).toBeVisible();
  const compare = page.getByLabel('Measure onnxruntime-web beside it');
  await expect(page.getByLabel('Address of its files')).toBeHidden();
  await compare.check();
  await expect(page.getByLabel('Address of its files')).toHaveValue(ADDRESS);
  await expect(page.locator('#bench')).toContainText('are then loaded from cdn.jsdelivr.net');
  // Nothing is loaded before the press, nor from what is no address.
  const address = page.getByLabel('Address of its files');
  await address.fill('http://cdn.jsdelivr.net/');
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('status')).toContainText('begins with https://');
  expect(asked).toEqual([]);
  await address.fill(ADDRESS);
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(row.getByRole('cell').first()).toHaveText(/^[\d.]+ ms$/, { timeout: 200_000 });
  await expect(row.getByRole('cell').nth(1)).toHaveText(/^[\d.]+ ms$/);
  // A ratio, and not the sentence that the results differ.
  await expect(row.getByRole('cell').nth(2)).toHaveText(/^[\d.]+$/);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((url) => !url.startsWith(ADDRESS))).toEqual([]);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status')).toContainText('Stopped');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => (globalThis.copied = text);
  });
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByRole('status')).toContainText('Copied');
  expect(await page.evaluate(() => globalThis.copied)).toMatch(/^\| Network \| Processor \| onnxruntime-web \| ours \/ theirs \|[^\n]*\n\| --- \|[^\n]*\n\| SqueezeNet[^\n]* ms \| [\d.]+ ms \| [\d.]+ \|/);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});
