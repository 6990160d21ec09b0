// The page opens with a photo already looked at.

import { expect, test } from './fixtures.mjs';
import { SELF_CHECK } from './self-check.mjs';

test('opens with the answer, on the engine that was asked for', async ({ openPage, engine }) => {
  const page = await openPage();
  await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', engine === 'cpu' ? 'rten' : 'wonnx');
  const tiles = page.getByTestId('map-tile');
  await expect(tiles.first()).toBeVisible();
  expect(await tiles.count()).toBeGreaterThan(10);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', /^\d+$/);
});

// The tests of the WebGPU engine begin with what this one leaves, so that each need not check the GPU again.
test('a first visit checks the GPU and remembers that it computes correctly', { tag: '@self-check' }, async ({ openPage, context }) => {
  expect(await context.storageState({ indexedDB: true })).toEqual({ cookies: [], origins: [] });
  const page = await openPage();
  await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', 'wonnx');
  const outcomes = await page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('featurescope');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('self-checks').objectStore('self-checks').getAll();
      all.onerror = () => reject(all.error);
      all.onsuccess = () => resolve(all.result);
    };
  }));
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0].ok).toBe(true);
  await context.storageState({ path: SELF_CHECK, indexedDB: true });
});
