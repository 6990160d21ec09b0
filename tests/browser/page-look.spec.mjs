// The view "Where does it look?" as a visitor uses it.

import { expect, openSettings, test, waitUntilReady } from './fixtures.mjs';

/** Waits for the answer to something that was just done. */
async function answered(page, action) {
  await action();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await waitUntilReady(page);
}

/** The first tile: what it shows, as data. */
function firstTile(page) {
  return page.getByTestId('map-tile').first().evaluate((tile) => ({ map: Number(tile.dataset.map), mean: Number(tile.dataset.mean) }));
}

test('shows sixty maps in rank order, and the predictions of onnxruntime', async ({ openPage }) => {
  const page = await openPage();
  const tiles = await page.getByTestId('map-tile').evaluateAll((list) => list.map(({ dataset }) => ({ ...dataset })));
  expect(tiles).toHaveLength(60);
  expect(tiles.map(({ rank }) => Number(rank))).toEqual(tiles.map((_, place) => place + 1));
  const means = tiles.map(({ mean }) => Number(mean));
  expect(means).toEqual([...means].sort((a, b) => b - a));

  const predictions = await page.getByTestId('prediction').evaluateAll((list) => list.map(({ dataset }) => ({ ...dataset })));
  // Chelsea, cropped to 227 pixels: Egyptian Mau, tabby, tiger cat. Recorded with the same weights in onnxruntime and PIL's resizing.
  expect(predictions.slice(0, 3).map(({ index }) => Number(index))).toEqual([285, 281, 282]);
  [0.471, 0.285, 0.224].forEach((expected, place) => expect(Number(predictions[place].probability)).toBeCloseTo(expected, 2));
});

test('another layer, number of maps and style; the numbers follow', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const before = await firstTile(page);
  await answered(page, () => page.locator('#layer-select').selectOption('conv1'));
  expect(await firstTile(page)).not.toEqual(before);
  await expect(page.locator('#layer-note')).toContainText('Before the activation');
  await expect(page.getByTestId('map-tile')).toHaveCount(60);
  await openSettings(page);
  await page.getByLabel('Maps', { exact: true }).selectOption('12');
  await expect(page.getByTestId('map-tile')).toHaveCount(12);
  await page.getByLabel('Style').selectOption('raw');
  await page.getByLabel('Full strength').selectOption('layer');
  await expect(page.locator('.legend')).toContainText('All tiles share one scale');
});

test('by keyboard: arrows move, Enter opens the card, S sums, Escape goes back', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.getByTestId('map-tile').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const second = await page.getByTestId('map-tile').nth(1).getAttribute('data-map');
  await expect(page.locator('#card-heading')).toHaveText(`Map ${second}`);
  await page.keyboard.press('s');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('s');
  await expect(page.locator('#card .sum h3')).toContainText(`Sum of maps ${second}`);
  await expect(page.locator('#card .sum canvas')).toHaveAttribute('data-drawn', /./);
});

test('a dead map says so, and never stands in the grid', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const dead = await page.evaluate(() => {
    return globalThis.featurescope.state.look.dead.indexOf(1);
  });
  expect(dead).toBeGreaterThanOrEqual(0);
  await expect(page.locator(`[data-testid=map-tile][data-map="${dead}"]`)).toHaveCount(0);
  await page.locator('#card .map-number').fill(String(dead));
  await page.locator('#card .map-number').press('Enter');
  await expect(page.locator('.card-caption')).toContainText('This map is dead on this photo');
});

test('the table of all values scrolls by itself and leaves the card as wide as it was', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  await card.getByText('The grid and its values').click();
  await card.getByText('All values as a table').click();
  await expect(card.locator('.table-scroll table').last()).toBeVisible();
  expect(await card.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

test('erasing changes maps and predictions, restoring brings them back', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const before = await firstTile(page);
  await page.getByRole('button', { name: 'Erase parts' }).click();
  const box = await page.locator('canvas.eraser').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 4 });
  await answered(page, () => page.mouse.up());
  expect((await firstTile(page)).mean).not.toBe(before.mean);
  await answered(page, () => page.getByRole('button', { name: 'Restore the photo' }).click());
  expect(await firstTile(page)).toEqual(before);
});

test('two photos side by side, the most different map first', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await answered(page, () => page.getByLabel('Compare with').selectOption({ label: 'Coffee cup' }));
  await expect(page.locator('.compare > p')).toContainText('differs most');
  const differences = await page.locator('.pair-head .numbers').allInnerTexts();
  const sizes = differences.map((text) => Math.abs(Number(text.replace('difference ', '').replace('−', '-'))));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test('as the article: 25 maps of its layer, by its recipe', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await openSettings(page);
  await answered(page, () => page.getByLabel('As the article').check());
  await expect(page.getByTestId('map-tile')).toHaveCount(25);
  const { layer, article } = await page.evaluate(() => {
    const { look, model } = globalThis.featurescope.state;
    return { layer: look.layer, article: model.article };
  });
  expect(layer).toBe(article.layer);
  expect(article.recipe).toMatchObject({ resize: 'squash', channels: 'rgb' });
  expect(article.recipe.scale * 255).toBeCloseTo(1, 6);
});

test('saves the means as CSV and JSON and the grid as PNG', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const lines = (await save('Means as CSV')).toString().trim().split('\n');
  expect(lines).toHaveLength(1 + 512);
  expect(lines[0]).toBe('map,rank,mean,max,min');
  const json = JSON.parse(await save('Means as JSON'));
  expect(json.maps).toHaveLength(512);
  expect(json.layer.id).toBe('fire9/concat');
  expect((await save('Grid as PNG')).subarray(1, 4).toString()).toBe('PNG');
});
