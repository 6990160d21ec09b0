// Switching a map off on the page.

import AxeBuilder from '@axe-core/playwright';

import { expect, test } from './fixtures.mjs';

test('without its strongest map the answer changes, and random maps stand beside it', async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await card.getByText('What if it is switched off?').click();
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
