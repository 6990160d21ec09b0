// The guided story, to its end, with the numbers that models/story/measure.py found with onnxruntime.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { question, waitUntilReady } from './fixtures.mjs';

const { models } = JSON.parse(readFileSync(join(ROOT, 'models/story/figures.json'), 'utf8'));
const NAMES = ['story-plain', 'story-augmented', 'story-adapted'];
/** Half of the last digit that the page shows. */
const SHOWN = 0.0006;

test('the story runs through the questions, and its figures are the recorded ones @page', async ({ openPage }) => {
  test.setTimeout(600_000);
  const page = await openPage();
  await page.getByRole('button', { name: 'A guided story…' }).click();
  const walk = page.getByTestId('walk');
  const step = async (number) => {
    await expect(walk).toContainText(`step ${number} of 8`, { timeout: 60_000 });
    await expect(walk.getByRole('status').last()).toBeEmpty({ timeout: 300_000 });
  };
  const next = () => walk.getByRole('button', { name: 'Next' }).click();
  await step(1);
  await expect(page.getByTestId('column')).toHaveCount(6);
  await next();
  await step(2);
  await expect(walk).toContainText('96 feature maps');
  await next();
  await step(3);
  const lists = page.getByTestId('class');
  await expect(lists).toHaveCount(3);
  const shown = await lists.evaluateAll((list) => Object.fromEntries(list.map((one) =>
    [one.dataset.name, [...one.querySelectorAll('[data-testid=class-map]')].map(({ dataset }) => Number(dataset.map))])));
  expect(shown).toEqual(models['story-plain'].threeClasses.maps);
  await next();
  await step(4);
  await expect(walk.getByTestId('drawn')).toHaveCount(4);
  await expect(walk.locator('[data-testid=drawn][data-done]')).toHaveCount(4);
  for (const caption of await walk.getByTestId('drawn').locator('.tile').allTextContents()) expect(caption).toMatch(/^#\d+, mean (?!0$)\d/);
  await next();
  await step(5);
  const matrix = await page.getByTestId('confusion').locator('[data-count]').evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.count)));
  const { xray } = models['story-plain'].confusion;
  // The page's columns: knife, gun, harmless (which this network has no output for), other.
  expect(matrix).toEqual(['knife', 'gun', 'harmless'].flatMap((name) => [...xray[name], 0, 0]));
  await next();
  await step(6);
  const areas = await page.getByTestId('areas').locator('tbody tr td:nth-of-type(1)').allInnerTexts();
  expect(areas).toHaveLength(3);
  NAMES.forEach((name, place) => expect(Math.abs(Number(areas[place]) - models[name].threeClasses.auc.xray.knife), name).toBeLessThan(SHOWN));
  // The alarm is chosen on the same half, and scored on the other.
  for (const [place, name] of NAMES.entries()) {
    const { threshold, recall, falseAlarms } = models[name].threeClasses.detector.xray.knife;
    await expect(page.getByTestId('threshold').nth(place)).toContainText(`Threshold ${Number(threshold.toPrecision(3))}, chosen on 45 images and counted on the other 45`);
    const counts = await page.getByTestId('alarm-maps').nth(place).locator('td').allInnerTexts();
    expect(counts.slice(0, 4).map(Number), name).toEqual([recall * 15, 15 - recall * 15, falseAlarms * 30, 30 - falseAlarms * 30].map(Math.round));
  }
  await next();
  await step(7);
  await expect(walk.getByTestId('gallery-tile')).toHaveCount(24);
  await expect(walk).toContainText('tennis ball');
  const { knives, others } = models['story-plain'].riddleOutside;
  const percent = (share) => `${Number((100 * share).toFixed(1))}%`;
  for (const [shares, where] of [[others, 'where there is no knife'], [knives, 'where there is one']]) {
    await expect(walk).toContainText(`${percent(shares.knifeMaps)} ${where} (of all maps ${percent(shares.allMaps)})`);
  }
  await expect(walk).toContainText(`outside of it lies ${percent(others.area)} of the picture where there is no knife, and ${percent(knives.area)} where there is one`);
  const { violations } = await new AxeBuilder({ page }).include('.walk').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await next();
  await step(8);
  await walk.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(walk).toHaveCount(0);
});

test('a visitor’s own classes are there again when the story is closed', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  const page = await openPage();
  for (const name of ['mine', 'yours']) {
    mkdirSync(join(outputDir, 'set', name), { recursive: true });
    copyFileSync(join(ROOT, 'tests/goldens/inputs/chelsea-32.png'), join(outputDir, 'set', name, `${name}.png`));
  }
  await page.locator('#folder-input').setInputFiles(join(outputDir, 'set'));
  const titles = () => page.getByTestId('column').evaluateAll((columns) => columns.map((column) => column.querySelector('.class-name').value));
  await expect.poll(titles).toEqual(['mine', 'yours']);
  await waitUntilReady(page);
  await page.locator('#classes').getByLabel('Maps of each class').fill('7');
  await page.evaluate(() => globalThis.featurescope.workbench.edit((collection) => collection.tie('mine', [281])));

  const walk = page.getByTestId('walk');
  const story = async () => {
    // The story begins where photos are looked at.
    await question(page, 'Look').click();
    await page.getByRole('button', { name: 'A guided story…' }).click();
    await expect(walk).toContainText('step 1 of 8');
    await expect(walk.getByRole('status').last()).toBeEmpty();
    await expect(page.getByTestId('column')).toHaveCount(6);
  };
  await story();
  await expect(page.getByLabel('Maps of each class')).toHaveValue('10');
  // Begun anew it still knows what was there before it.
  await story();
  await walk.getByRole('button', { name: 'Close the story' }).click();
  await expect(walk).toHaveCount(0);
  await expect.poll(titles).toEqual(['mine', 'yours']);
  await waitUntilReady(page);
  await expect(page.getByLabel('Maps of each class')).toHaveValue('7');
  expect(await page.evaluate(() => globalThis.featurescope.state.model.offered)).toBe('squeezenet1.1');
  await expect(page.getByTestId('column').first().getByTestId('tie')).toHaveAttribute('data-index', '281');
});

/** What the page shows apart from the story. */
const shown = (page) => page.evaluate(() => {
  const { state, workbench } = globalThis.featurescope;
  return {
    model: state.model.offered, photo: state.photos.find(({ id }) => id === state.photo)?.name, photos: state.photos.length, layer: state.look.layer,
    classes: workbench.collection.columns.map(({ name, images }) => `${name} ${images.length}`),
    maps: workbench.results.map(({ classMaps }) => classMaps.map(({ name, maps }) => `${name} ${maps.map(({ map }) => map)}`)),
    hidden: document.getElementById('classes').hidden,
  };
});

/** Begins the story and goes some steps on. */
async function toStep(page, step) {
  const walk = page.getByTestId('walk');
  await question(page, 'Look').click();
  await page.getByRole('button', { name: 'A guided story…' }).click();
  for (let at = 1; at <= step; at++) {
    await expect(walk).toContainText(`step ${at} of 8`);
    await expect(walk.getByRole('status').last()).toBeEmpty();
    if (at < step) await walk.getByRole('button', { name: 'Next' }).click();
  }
  return walk;
}

test('closing the story at any step leaves photo, model, classes and what was found in them as they were', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  await page.getByRole('button', { name: 'Sort into classes…' }).click();
  for (const [place, file] of [[0, 'chelsea.webp'], [1, 'coffee.jpg']]) {
    await page.getByTestId('column').nth(place).locator('input[type=file]').setInputFiles(join(ROOT, 'models/photos', file));
  }
  await page.getByRole('button', { name: 'Find the maps' }).click();
  await expect(page.locator('#classes').getByRole('status').first()).toContainText('Found in 2 images');
  await question(page, 'Look').click();
  await page.getByRole('button', { name: 'Look at A red cup' }).or(page.locator('.thumb').nth(1)).first().click();
  await waitUntilReady(page);
  const before = await shown(page);
  expect(before.maps[0].length).toBe(2);
  for (const step of [1, 3]) {
    const walk = await toStep(page, step);
    expect((await shown(page)).model).toBe('story-plain');
    await walk.getByRole('button', { name: 'Close the story' }).click();
    await expect(walk).toHaveCount(0);
    await expect.poll(() => shown(page)).toEqual(before);
  }
});

test('closed by a visitor without classes, the story leaves none; its link is short and asks for nothing', { tag: '@page' }, async ({ openPage, page: same, engine }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  const walk = await toStep(page, 3);
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  const link = await page.locator('#share-link').inputValue();
  expect(link.length).toBeLessThanOrEqual(600);
  await expect(page.locator('.share-about')).toBeEmpty();
  await page.keyboard.press('Escape');
  const story = await shown(page);
  await walk.getByRole('button', { name: 'Close the story' }).click();
  await expect.poll(() => shown(page)).toMatchObject({ model: 'squeezenet1.1', photos: 5, classes: [], hidden: true });

  await same.goto('about:blank');
  await same.goto(`?engine=${engine}${new URL(link).hash}`);
  await expect(same.getByTestId('finding')).toHaveAttribute('data-state', 'same', { timeout: 120_000 });
  expect(await shown(same)).toEqual(story);
});

test('a question asked beside an opened snapshot is answered by the page', { tag: '@page' }, async ({ openPage }, info) => {
  const page = await openPage();
  await page.locator('#share-button').click();
  await page.getByTestId('share-snapshot').locator('summary').click();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('share-snapshot').getByRole('button', { name: 'Save the snapshot' }).click()]);
  const path = info.outputPath('cat.featurescope.zip');
  await saved.saveAs(path);
  await page.keyboard.press('Escape');
  for (const [name, part] of [['Look', '#look'], ['Unique', '#classes']]) {
    await page.locator('#image-input').setInputFiles(path);
    await expect(page.getByTestId('recorded')).toBeVisible();
    await question(page, name).click();
    await expect(page.getByTestId('recorded')).toHaveCount(0);
    await expect(page.locator(part)).toBeVisible();
  }
});
