// Grad-CAM on the page, beside the opened map.

import AxeBuilder from '@axe-core/playwright';

import { expect, test } from './fixtures.mjs';

// Its numbers on either engine are in engine-cam.spec.mjs.
test('the class and the map are seen side by side, and another class looks elsewhere', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await card.getByText('Why this class?').click();
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

  // Any class of the model, by its name or the only one that begins so, is on offer.
  const classes = card.getByLabel('Class', { exact: true });
  await expect(page.locator('#cam-classes option')).toHaveCount(1000);
  const labels = await page.locator('#cam-classes option').evaluateAll((options) => options.map(({ value }) => value));
  expect(new Set(labels).size).toBe(1000);
  await expect(classes).toHaveValue(labels[Number(first)]);
  await classes.fill(labels[7]);
  await classes.press('Enter');
  await expect(cam).toHaveAttribute('data-class-index', '7');
  await expect(caption).toContainText(labels[7]);
  expect(await pixels()).not.toEqual(before);
  await classes.fill('no such thing');
  await classes.press('Enter');
  await expect(caption).toContainText('no class “no such thing”');
  await classes.fill(labels[999].slice(0, -1).toUpperCase());
  await classes.press('Enter');
  await expect(cam).toHaveAttribute('data-class-index', '999');
  await expect(classes).toHaveValue(labels[999]);

  // The sentence follows the opened map, and the picture of the class stays.
  const second = await page.getByTestId('map-tile').nth(1).getAttribute('data-map');
  await page.getByTestId('map-tile').nth(1).click();
  await expect(caption).toContainText(`Map ${second} has `);
  await expect(cam).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});
