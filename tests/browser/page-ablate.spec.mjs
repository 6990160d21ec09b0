// Switching a map off on the page.

import { readFileSync } from 'node:fs';

import AxeBuilder from '@axe-core/playwright';

import { expect, test, waitUntilReady } from './fixtures.mjs';

// The numbers on either engine are in engine-ablate.spec.mjs.
test('without its strongest map the answer changes, and random maps stand beside it', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await card.getByText('Switch it off').click();
  await card.getByRole('button', { name: `Without map ${map}` }).click();
  await expect(card.getByTestId('ablation')).toContainText(new RegExp(`Without map ${map}, .* goes from .* to .*; without a random map instead it is at .* on average of 8 draws`), { timeout: 60_000 });
  const rows = card.getByTestId('ablated');
  expect(await rows.count()).toBeGreaterThanOrEqual(4);
  // The first row is the class that the page names first.
  await expect(rows.first()).toHaveAttribute('data-index', await page.getByTestId('prediction').first().getAttribute('data-index'));

  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);

  // Of another map nothing is known yet.
  await page.getByTestId('map-tile').nth(1).click();
  await expect(card.getByTestId('ablation')).toBeEmpty();
});

test('without predictions nothing can change, and without enough other maps nothing is compared', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  const open = async (path, name) => {
    await page.locator('#model-input').setInputFiles({ name: `${name}.onnx`, mimeType: '', buffer: readFileSync(new URL(`../${path}`, import.meta.url)) });
    await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe(name);
    await waitUntilReady(page);
    await page.getByTestId('map-tile').first().click();
  };
  await open('gives/tokens.onnx', 'tokens');
  await card.getByText('Switch it off').click();
  await expect(card.getByTestId('ablation')).toHaveText('This asks about classes, and there are no predictions here.');
  await expect(card.getByRole('button', { name: /^Without/ })).toHaveCount(0);

  // All four maps of this layer: there are no four others.
  await open('outputs/boxes.onnx', 'boxes');
  await page.evaluate(() => [0, 1, 2, 3].forEach((map) => globalThis.featurescope.toggleChosen(map)));
  await card.getByRole('button', { name: 'Without the 4 maps of the sum' }).click();
  await expect(card.getByTestId('ablation')).toContainText('Too few other maps fire here');
  for (const row of await card.getByTestId('ablated').all()) await expect(row.locator('td').last()).toHaveText('–');

  // Whoever answers without predictions, the table stays away.
  await page.evaluate(() => {
    const { look } = globalThis.featurescope.state;
    look.ablate = () => Promise.resolve({ before: [], after: [], controls: [] });
  });
  await card.getByRole('button', { name: 'Without the 4 maps of the sum' }).click();
  await expect(card.getByTestId('ablation')).toHaveText('This asks about classes, and there are no predictions here.');
  await expect(card.getByTestId('ablated')).toHaveCount(0);
});
