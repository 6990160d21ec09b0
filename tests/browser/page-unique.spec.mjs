// Questions 4 and 5 on the page: maps over all images, the confusion matrix, the alarm and its threshold, and the controls.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { waitUntilReady } from './fixtures.mjs';

/** Classes named by what onnxruntime says of their pictures with SqueezeNet (tests/goldens/photos.json), so that they are
 * tied to its outputs by their names. */
const CLASSES = { 'Egyptian Mau': ['chelsea-227.png', 'chelsea-224.png', 'chelsea-32.png'], espresso: ['coffee-227.png', 'coffee-224.png', 'coffee-32.png'] };

/** Opens the page with the classes, whose images the network has looked at. */
async function openClasses(openPage, folder) {
  for (const [name, files] of Object.entries(CLASSES)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) copyFileSync(join(ROOT, 'tests/goldens/inputs', file), join(folder, name, file));
  }
  const page = await openPage();
  await page.locator('#folder-input').setInputFiles(folder);
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText('Found in 6 images', { timeout: 120_000 });
  return { page, panel };
}

async function withoutSeriousFindings(page) {
  const { violations } = await new AxeBuilder({ page }).include('#classes').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}

/** Found, missed, false alarms, quiet. */
async function counts(panel, row = 'alarm-maps') {
  const cells = await panel.getByTestId(row).first().locator('td').allInnerTexts();
  return cells.slice(0, 4).map(Number);
}

test('the threshold is moved with the keyboard and by dragging, and the counts follow', async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await panel.getByRole('tab', { name: 'Is it unique?' }).click();
  const slider = panel.getByRole('slider');
  await expect(slider).toBeVisible();
  // What the automatic threshold leaves: of three images of each class, two choose it and one is counted.
  await expect(panel.getByTestId('threshold')).toContainText('chosen on 4 images and counted on the other 2');
  expect((await counts(panel)).reduce((sum, count) => sum + count, 0)).toBe(2);

  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => counts(panel)).toEqual([3, 0, 3, 0]);
  await page.keyboard.press('End');
  await expect.poll(() => counts(panel)).toEqual([0, 3, 0, 3]);
  await expect(panel.getByTestId('threshold')).toContainText('set by hand');
  // Down step by step until the first image alarms: it is one of the class, as the area under the curve says.
  const before = Number(await slider.getAttribute('aria-valuenow'));
  for (let press = 0; press < 100 && (await counts(panel))[0] === 0; press++) await page.keyboard.press('ArrowDown');
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeLessThan(before);
  expect((await counts(panel))[0]).toBe(1);
  await expect(panel.getByTestId('area')).toContainText(/Area under the curve [01]\.\d{3}, 95% interval/);
  // Onnxruntime has SqueezeNet's own answer right for the photo at the network's own size.
  const head = await counts(panel, 'alarm-head');
  expect(head[0]).toBeGreaterThanOrEqual(1);
  expect(head[2]).toBe(0);

  const box = await panel.locator('.threshold-grip').boundingBox();
  const handle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(handle.x, handle.y);
  await page.mouse.down();
  await page.mouse.move(handle.x, handle.y + 400, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => counts(panel)).toEqual([3, 0, 3, 0]);

  await panel.getByRole('button', { name: 'Back to the automatic threshold' }).click();
  await expect(panel.getByTestId('threshold')).toContainText('counted on the other 2');
  await withoutSeriousFindings(page);
});

test('charts are saved as SVG, PNG and CSV, and have a table of their numbers', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await panel.getByRole('tab', { name: 'Is it unique?' }).click();
  await expect(panel.getByRole('slider')).toBeVisible();
  const tools = panel.getByRole('tabpanel').locator('.chart-tools').first();
  const save = async (type) => {
    const [download] = await Promise.all([page.waitForEvent('download'), tools.getByRole('button', { name: type }).click()]);
    return readFileSync(await download.path());
  };
  const csv = String(await save('CSV')).trim().split('\n');
  expect(csv[0]).toBe('image,class,index,sum,head,half');
  expect(csv).toHaveLength(7);
  expect(csv[1]).toMatch(/^chelsea-32\.png,Egyptian Mau,1,[\d.]+,/);
  const svg = String(await save('SVG'));
  expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
  // Without a style sheet it has its colours, and the legend is in it.
  expect(svg).toContain('espresso');
  expect(svg).toContain('rgb(66, 105, 208)');
  const png = await save('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');

  await tools.getByText('The numbers').click();
  await expect(tools.getByRole('row')).toHaveCount(7);
});

test('maps over the images of a class, the confusion matrix and its images, and the patch wall', async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await panel.getByRole('tab', { name: 'Does it find it everywhere?' }).click();
  const tiles = panel.getByTestId('gallery-tile');
  await expect(tiles).toHaveCount(3);
  await panel.getByLabel('Images of', { exact: true }).selectOption('');
  await expect(tiles).toHaveCount(6);
  await tiles.first().scrollIntoViewIfNeeded();
  await expect(tiles.first().locator('canvas')).toHaveAttribute('data-drawn', 'true', { timeout: 60_000 });
  const sums = (await tiles.locator('.tile-name').allInnerTexts()).map(Number);
  expect(sums).toEqual([...sums].sort((a, b) => b - a));

  // What onnxruntime says of the photo at its own size; the cell shows it.
  const cell = panel.getByTestId('confusion').locator('[data-row="0"][data-column="0"]');
  expect(Number(await cell.getAttribute('data-count'))).toBeGreaterThanOrEqual(1);
  await cell.press('Enter');
  await expect(cell).toHaveAttribute('aria-pressed', 'true');
  await expect(tiles).toHaveCount(Number(await cell.getAttribute('data-count')));
  await cell.press('Enter');
  await expect(tiles).toHaveCount(6);

  // One map alone has its strongest crops.
  const chip = panel.getByRole('tabpanel').locator('.chips button').first();
  const map = await chip.getAttribute('data-map');
  await chip.click();
  await expect(panel.locator('.lead-note')).toContainText(`Map ${map} over 6 images`);
  await panel.getByText('What makes this map fire most').click();
  await expect(panel.locator('.unfold .gallery li')).toHaveCount(6);
  await withoutSeriousFindings(page);
});

test('controls in which there is nothing to find stand beside the finding', async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { panel } = await openClasses(openPage, join(outputDir, 'set'));
  for (const name of ['random maps', 'shuffled class names', 'random weights']) {
    await panel.getByRole('button', { name }).click();
    await expect(panel.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
    await expect(panel.getByRole('button', { name })).toBeEnabled({ timeout: 120_000 });
  }
  await panel.getByRole('tab', { name: 'Is it unique?' }).click();
  await expect(panel.getByTestId('areas').getByRole('row')).toHaveCount(5);
  await expect(panel.getByRole('slider')).toHaveCount(4);
  await panel.getByRole('button', { name: 'random weights' }).click();
  await expect(panel.getByTestId('areas').getByRole('row')).toHaveCount(4);
});
