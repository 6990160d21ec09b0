// The page opens with a photo already looked at.

import { expect, test } from './fixtures.mjs';

test('opens with the answer, on the engine that was asked for', async ({ openPage, engine }) => {
  const page = await openPage();
  await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', engine === 'cpu' ? 'rten' : 'wonnx');
  const tiles = page.getByTestId('map-tile');
  await expect(tiles.first()).toBeVisible();
  expect(await tiles.count()).toBeGreaterThan(10);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', /^\d+$/);
});
