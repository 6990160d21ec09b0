// Questions 4 and 5 on the page: maps over all images, the confusion matrix, the alarm and its threshold, and the controls.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { openSetUp, question, waitUntilReady } from './fixtures.mjs';

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

/** What SqueezeNet itself takes for the Egyptian Mau, as onnxruntime has it from the cropped pictures: of the cat one is another kind
 * of cat to it, and the smallest one something else. Found, missed, false alarms, quiet. */
const HEAD = [1, 2, 0, 3];

async function withoutSeriousFindings(page) {
  const { violations } = await new AxeBuilder({ page }).include('#classes').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}

/** A finger that goes up or down, as the browser has it from a screen. */
async function dragByTouch(page, target, distance) {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const protocol = await page.context().newCDPSession(page);
  const at = (y) => [{ x: box.x + box.width / 2, y: Math.max(1, box.y + box.height / 2 + y) }];
  await protocol.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let step = 1; step <= 5; step++) await protocol.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at((distance * step) / 5) });
  await protocol.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** Unfolds what is counted beside the chart. */
function openStatistics(panel) {
  return panel.getByText('How good is this alarm?').first().click();
}

/** Found, missed, false alarms, quiet. */
async function counts(panel, row = 'alarm-maps') {
  const cells = await panel.getByTestId(row).first().locator('td').allInnerTexts();
  return cells.slice(0, 4).map(Number);
}

test('the threshold is moved with the keyboard and by dragging, and the counts follow', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await question(panel, 'Unique').click();
  const slider = panel.getByRole('slider');
  await expect(slider).toBeVisible();
  await openStatistics(panel);
  // What the automatic threshold leaves: of three images of each class, two choose it and one is counted.
  await expect(panel.getByTestId('threshold')).toContainText('chosen on 4 images and counted on the other 2');
  expect((await counts(panel)).reduce((sum, count) => sum + count, 0)).toBe(2);

  /** Where the dot on the curve is, as shares of false alarms and of what is found. */
  const dot = () => panel.locator('.roc svg').evaluate((chart) => {
    const { x, y } = { x: chart.scale('x'), y: chart.scale('y') };
    const { cx, cy } = chart.querySelector('.chart-open');
    return [x.invert(cx.baseVal.value), y.invert(cy.baseVal.value)].map((share) => Number(share.toFixed(6)));
  });

  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => counts(panel)).toEqual([3, 0, 3, 0]);
  expect(await dot()).toEqual([1, 1]);
  await page.keyboard.press('End');
  await expect.poll(() => counts(panel)).toEqual([0, 3, 0, 3]);
  expect(await dot()).toEqual([0, 0]);
  await expect(panel.getByTestId('threshold')).toContainText('set by hand');
  // Down step by step until the first image alarms: it is one of the class, as the area under the curve says.
  const before = Number(await slider.getAttribute('aria-valuenow'));
  for (let press = 0; press < 100 && (await counts(panel))[0] === 0; press++) await page.keyboard.press('ArrowDown');
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeLessThan(before);
  expect((await counts(panel))[0]).toBe(1);
  expect((await dot())[1]).toBeCloseTo(1 / 3, 5);
  await expect(panel.getByTestId('area')).toContainText(/Area under the curve [01]\.\d{3}, 95% interval/);
  // Onnxruntime has SqueezeNet's own answer right for the photo at the network's own size.
  const head = await counts(panel, 'alarm-head');
  expect(head[0]).toBeGreaterThanOrEqual(1);
  expect(head[2]).toBe(0);
  // The counts of both rows are of the same images.
  expect(head).toEqual(HEAD);
  const [found, missed, falseAlarms, quiet] = await counts(panel);
  expect([found + missed, falseAlarms + quiet]).toEqual([3, 3]);

  const words = /^Of 6 images only the maps are right on (\d+), only the network’s answer on (\d+)\./;
  const [, onlyMaps, onlyHead] = words.exec(await panel.getByTestId('mcnemar').innerText()).map(Number);
  // The two differ by as many images as one is right on more often than the other.
  expect(onlyMaps - onlyHead).toBe(found + quiet - head[0] - head[3]);
  await panel.getByText('Images on which they disagree').click();
  const disagreements = panel.locator('.verdict').getByTestId('gallery-tile');
  await expect(disagreements).toHaveCount(onlyMaps + onlyHead);
  await panel.getByText('Images on which they disagree').click();

  // Out from under the bar at the top, below which the page was scrolled.
  await slider.evaluate((line) => line.scrollIntoView({ block: 'center' }));
  const box = await panel.locator('.threshold-grip').boundingBox();
  const handle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(handle.x, handle.y);
  await page.mouse.down();
  await page.mouse.move(handle.x, handle.y + 400, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => counts(panel)).toEqual([3, 0, 3, 0]);
  await dragByTouch(page, panel.locator('.threshold-grip'), -400);
  await expect.poll(() => counts(panel)).toEqual([0, 3, 0, 3]);

  await panel.getByRole('button', { name: 'Back to the automatic threshold' }).click();
  await expect(panel.getByTestId('threshold')).toContainText('counted on the other 2');
  await withoutSeriousFindings(page);
});

test('charts are saved as SVG, PNG and CSV, and have a table of their numbers', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await question(panel, 'Unique').click();
  await expect(panel.getByRole('slider')).toBeVisible();
  const tools = panel.locator('.question:not([hidden])').locator('.chart-tools').first();
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

test('maps over the images of a class, the confusion matrix and its images, and the patch wall', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await question(panel, 'Everywhere').click();
  const tiles = panel.getByTestId('gallery-tile');
  // The class's first map over the images of every class.
  await expect(tiles).toHaveCount(6);
  await expect(panel.locator('.lead-note')).toContainText(/^Map \d+ over 6 images:/);
  await panel.getByLabel('Images of', { exact: true }).selectOption('espresso');
  await expect(tiles).toHaveCount(3);
  await panel.getByLabel('Images of', { exact: true }).selectOption('');
  await expect(tiles).toHaveCount(6);
  await panel.locator('[data-map=all]').click();
  await expect(panel.locator('.lead-note')).toContainText(/^The sum of \d+ maps over 6 images/);
  await tiles.first().scrollIntoViewIfNeeded();
  await expect(tiles.first().locator('canvas')).toHaveAttribute('data-drawn', 'true', { timeout: 60_000 });
  const sums = (await tiles.locator('.tile-name').allInnerTexts()).map(Number);
  expect(sums).toEqual([...sums].sort((a, b) => b - a));

  // What onnxruntime says of the photo at its own size; the cell shows it.
  const cell = panel.getByTestId('confusion').locator('[data-row="0"][data-column="0"]');
  expect(Number(await cell.getAttribute('data-count'))).toBeGreaterThanOrEqual(1);
  const matrix = await panel.getByTestId('confusion').locator('[data-count]').evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.count)));
  expect(matrix).toEqual([1, 0, 2, 0, 2, 1]);
  await cell.press('Enter');
  await expect(cell).toHaveAttribute('aria-pressed', 'true');
  await expect(tiles).toHaveCount(Number(await cell.getAttribute('data-count')));
  await cell.press('Enter');
  await expect(tiles).toHaveCount(6);

  // One map alone has its strongest crops.
  const chip = panel.locator('.question:not([hidden])').locator('.chips button').first();
  const map = await chip.getAttribute('data-map');
  await chip.click();
  await expect(panel.locator('.lead-note')).toContainText(`Map ${map} over 6 images`);
  await expect(panel.getByTestId('answer').filter({ visible: true })).toContainText(`Map ${map} fires`);
  // Another one comes to it where several are added up, and goes again.
  const second = panel.locator('.question:not([hidden])').locator('.chips button').nth(1);
  await panel.getByLabel('Add up several maps').check();
  await second.click();
  await expect(panel.locator('.lead-note')).toContainText('The sum of 2 maps over 6 images');
  await second.click();
  await panel.getByLabel('Add up several maps').uncheck();
  await panel.getByText('What makes this map fire most').click();
  await expect(panel.locator('.unfold .gallery li')).toHaveCount(6);
  await withoutSeriousFindings(page);

  // A class that goes takes its cell and its maps along.
  await cell.press('Enter');
  await expect(panel.locator('.lead-note')).toContainText('Egyptian Mau that the network takes for Egyptian Mau');
  await openSetUp(page);
  await panel.getByRole('button', { name: 'Remove the class Egyptian Mau' }).click();
  await expect(panel.locator('.lead-note')).toContainText(/^Map \d+ over 3 images/);
  await expect(panel.getByTestId('confusion').locator('[aria-pressed=true]')).toHaveCount(0);
  await expect(panel.locator('.question:not([hidden])').locator('.chips [aria-pressed=true]')).toHaveCount(1);
  await expect(panel.locator('.question:not([hidden])').locator('.chips button').first()).toHaveAttribute('aria-pressed', 'true');
});

test('a threshold belongs to its sum of maps: another one has its own, and the first one is as it was', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await question(panel, 'Unique').click();
  const slider = panel.getByRole('slider');
  const threshold = panel.getByTestId('threshold');
  const shown = async () => [Number(await slider.getAttribute('aria-valuenow')).toPrecision(6), await threshold.innerText(), await counts(panel)];
  await slider.focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('PageUp');
  await expect(threshold).toContainText('set by hand');
  const byHand = await shown();

  // One map alone.
  const one = panel.getByLabel('Alarm by');
  await one.selectOption({ index: 1 });
  await expect(threshold).toContainText('counted on the other 2');
  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => counts(panel)).toEqual([3, 0, 3, 0]);
  await openStatistics(panel);
  await panel.getByText('Images on which they disagree').click();
  await expect(panel.locator('.verdict').getByTestId('gallery-tile').first()).toBeVisible();
  await one.selectOption({ index: 0 });
  await expect.poll(shown).toEqual(byHand);

  // Another split leaves the line, and other halves choose where it is by itself; the hollow marks are those that choose.
  const choosing = () => panel.locator('.chart-choosing path, .chart-choosing circle').count();
  expect(await choosing()).toBe(4);
  const tools = panel.locator('.question:not([hidden])').locator('.chart-tools').first();
  await tools.getByText('The numbers', { exact: true }).click();
  const halves = () => tools.locator('table').first().locator('tbody tr td:last-child').allInnerTexts();
  const choosers = async () => (await halves()).filter((half) => half === 'chooses').length;
  await expect.poll(choosers).toBe(4);
  const before = await halves();
  await openSetUp(page);
  await panel.getByLabel('Split').fill('2');
  // The open table is that of the new chart.
  await expect.poll(halves).not.toEqual(before);
  expect(await choosers()).toBe(4);
  await expect(threshold).toContainText('set by hand');
});

test('controls in which there is nothing to find stand beside the finding @page', async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const { page, panel } = await openClasses(openPage, join(outputDir, 'set'));
  await openSetUp(page);
  for (const name of ['random maps', 'shuffled class names', 'random weights']) {
    await panel.getByRole('button', { name }).click();
    await expect(panel.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
    await expect(panel.getByRole('button', { name })).toBeEnabled({ timeout: 120_000 });
  }
  // Which maps are whose: with each control the lists are others, of the same length where only the maps are drawn by lot.
  const listed = () => panel.getByTestId('class').evaluateAll((list) => list.map((one) => [...one.querySelectorAll('[data-testid=class-map]')].map(({ dataset }) => Number(dataset.map))));
  const model = panel.locator('.question:not([hidden])').getByLabel('Model', { exact: true });
  const titles = await model.locator('option').allInnerTexts();
  expect(titles.map((title) => /, (random maps|shuffled class names|random weights)$/.exec(title)?.[1])).toEqual([undefined, 'random maps', 'shuffled class names', 'random weights']);
  const own = await listed();
  const lists = [];
  for (const title of titles.slice(1)) {
    await model.selectOption({ label: title });
    await expect.poll(listed).not.toEqual(own);
    // The grid calls them what they are; a network with other weights has other maps than the grid.
    const head = page.locator('.grid-head');
    if (title.endsWith('random weights')) await expect(head).not.toContainText('with a red frame');
    else await expect(head).toContainText(`with a red frame: maps of Egyptian Mau${title.slice(title.lastIndexOf(','))}`);
    lists.push(await listed());
  }
  expect(lists[0].map(({ length }) => length)).toEqual(own.map(({ length }) => length));
  // They are drawn from all maps of the layer, a class's own among them, none twice for a class.
  for (const list of lists[0]) expect(new Set(list).size).toBe(list.length);
  expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(3);
  await model.selectOption({ label: titles[0] });
  await expect.poll(listed).toEqual(own);

  await question(panel, 'Unique').click();
  await expect(panel.getByTestId('areas').getByRole('row')).toHaveCount(5);
  await expect(panel.getByRole('slider')).toHaveCount(4);
  // One map alone stands beside one of each control's.
  await panel.getByLabel('Alarm by').selectOption(String(own[0][0]));
  await expect(panel.getByLabel('Alarm by')).toHaveValue(String(own[0][0]));
  await expect(panel.getByTestId('areas').getByRole('row')).toHaveCount(5);
  await panel.getByRole('button', { name: 'random weights' }).click();
  await expect(panel.getByTestId('areas').getByRole('row')).toHaveCount(4);
});
