// Grad-CAM on the page, beside the opened map.

import AxeBuilder from '@axe-core/playwright';

import { expect, test } from './fixtures.mjs';

test('the class and the map are seen side by side, and another class looks elsewhere', async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await card.getByText('Where the class looks (Grad-CAM)').click();
  const cam = card.getByTestId('cam');
  const caption = card.getByTestId('cam-caption');
  const first = await page.getByTestId('prediction').first().getAttribute('data-index');
  await expect(cam).toHaveAttribute('data-class-index', first);
  await expect(caption).toHaveText(new RegExp(`What speaks for .* is strongest .*Its score rises most with maps .*Map ${map} has .*% of the largest weight, place .* of 512`));
  await expect(cam).toHaveAttribute('aria-label', await caption.textContent());
  await expect(card.getByText(`Map ${map} alone`)).toBeVisible();
  const pixels = () => cam.evaluate((canvas) => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data));
  const before = await pixels();
  expect(new Set(before).size).toBeGreaterThan(50);

  const classes = card.getByLabel('Class', { exact: true });
  await expect(classes.locator('option')).toHaveCount(20);
  await classes.selectOption({ index: 7 });
  await expect(cam).toHaveAttribute('data-class-index', await classes.inputValue());
  await expect(caption).toContainText(await classes.locator('option').nth(7).textContent());
  expect(await pixels()).not.toEqual(before);

  // The sentence follows the opened map, and the picture of the class stays.
  const second = await page.getByTestId('map-tile').nth(1).getAttribute('data-map');
  await page.getByTestId('map-tile').nth(1).click();
  await expect(caption).toContainText(`Map ${second} has `);
  await expect(cam).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});
