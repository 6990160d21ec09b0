// The guided story, to its end, with the numbers that models/story/measure.py found with onnxruntime.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { drawInFewSteps, question, waitUntilReady } from './fixtures.mjs';

const { models } = JSON.parse(readFileSync(join(ROOT, 'models/story/figures.json'), 'utf8'));
const NAMES = ['story-plain', 'story-augmented', 'story-adapted'];
/** Half of the last digit that the page shows. */
const SHOWN = 0.0006;

test('the story runs through the questions, and its figures are the recorded ones @page', async ({ openPage }) => {
  test.setTimeout(600_000);
  const page = await openPage();
  await drawInFewSteps(page);
  await page.getByRole('button', { name: 'A guided story…' }).click();
  const walk = page.getByTestId('walk');
  const step = async (number) => {
    await expect(walk).toContainText(`step ${number} of 12`, { timeout: 60_000 });
    await expect(walk.getByTestId('walk-line')).toBeEmpty({ timeout: 300_000 });
  };
  const next = () => walk.getByRole('button', { name: 'Next' }).click();
  await step(1);
  await walk.getByRole('button', { name: '2. Knives and guns' }).click();
  await step(5);
  await expect(page.getByTestId('column')).toHaveCount(6);
  await next();
  await step(6);
  await expect(walk).toContainText('96 feature maps');
  await next();
  await step(7);
  const lists = page.getByTestId('class');
  await expect(lists).toHaveCount(3);
  const shown = await lists.evaluateAll((list) => Object.fromEntries(list.map((one) =>
    [one.dataset.name, [...one.querySelectorAll('[data-testid=class-map]')].map(({ dataset }) => Number(dataset.map))])));
  expect(shown).toEqual(models['story-plain'].threeClasses.maps);
  await next();
  await step(8);
  await expect(walk.getByTestId('drawn')).toHaveCount(4);
  await expect(walk.locator('[data-testid=drawn][data-done]')).toHaveCount(4);
  for (const caption of await walk.getByTestId('drawn').locator('.tile').allTextContents()) expect(caption).toMatch(/^#\d+, mean (?!0$)\d/);
  await next();
  await step(9);
  const matrix = await page.getByTestId('confusion').locator('[data-count]').evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.count)));
  const { xray } = models['story-plain'].confusion;
  // The page's columns: knife, gun, harmless (which this network has no output for), other.
  expect(matrix).toEqual(['knife', 'gun', 'harmless'].flatMap((name) => [...xray[name], 0, 0]));
  await next();
  await step(10);
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
  await step(11);
  await expect(walk.getByTestId('gallery-tile')).toHaveCount(24);
  await expect(walk).toContainText('tennis ball');
  const { knives, others } = models['story-plain'].riddleOutside;
  const percent = (share) => `${Number((100 * share).toFixed(1))}%`;
  for (const [shares, where] of [[others, 'where there is no knife'], [knives, 'where there is one']]) {
    await expect(walk).toContainText(`${percent(shares.knifeMaps)} ${where} (of all maps ${percent(shares.allMaps)})`);
  }
  await expect(walk).toContainText(`outside of it lies ${percent(others.area)} of the picture where there is no knife, and ${percent(knives.area)} where there is one`);
  const { violations } = await new AxeBuilder({ page }).include('.walk').include('.walk-figure').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await next();
  await step(12);
  await walk.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(walk).toHaveCount(0);
});

test('on real photos every step ends with a conclusion whose numbers are those of the page', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  const walk = await toStep(page, 1);
  const conclusion = walk.getByTestId('conclusion');
  const next = async (number) => {
    await walk.getByRole('button', { name: 'Next' }).click();
    await expect(walk).toContainText(`step ${number} of 12`);
    await expect(walk.getByTestId('walk-line')).toBeEmpty({ timeout: 120_000 });
  };
  // It opens on a picture that is right.
  const says = await page.evaluate(() => globalThis.featurescope.state.look.predictions[0].label);
  await expect(walk).toContainText(`It says: ${says}`);
  await expect(walk).toContainText('It is right');
  await expect(page.locator('#card')).toBeVisible();
  const half = await page.evaluate(() => {
    const means = [...globalThis.featurescope.state.look.means].filter((mean) => mean > 0).sort((one, other) => other - one);
    const all = means.reduce((sum, mean) => sum + mean, 0);
    let sum = 0;
    return means.findIndex((mean) => (sum += mean) >= all / 2) + 1;
  });
  await expect(conclusion).toContainText(`the ${half} strongest of 512`);

  await next(2);
  const lists = await page.getByTestId('class').evaluateAll((list) =>
    list.map((one) => [one.dataset.name, one.querySelectorAll('[data-testid=class-map]').length]));
  expect(lists.map(([name]) => name)).toEqual(['fish', 'monuments', 'tools']);
  for (const [name, kept] of lists) await expect(walk).toContainText(`${name} ${kept} of 25`);
  await expect(conclusion).toContainText(`${lists.reduce((sum, [, kept]) => sum + kept, 0)} of 75`);

  await next(3);
  await expect(walk.getByTestId('gallery-tile')).toHaveCount(8);
  await expect(page.locator('main')).toBeHidden();
  const { share, all } = await page.evaluate(shareOfTools);
  const percent = (part) => `${Number((100 * part).toFixed(1))}%`;
  await expect(walk).toContainText(`lies ${percent(share)} of what the tool maps do, and ${percent(all)} of what all maps do`);
  await expect(conclusion).toBeVisible();
  // A photo that is pressed is looked at, and the figure is there again when it is asked for.
  await walk.getByTestId('gallery-tile').nth(1).getByRole('button').click();
  await expect(page.locator('#card')).toBeVisible();
  await walk.getByRole('button', { name: 'Show the figure' }).click();
  await expect(walk.getByTestId('gallery-tile')).toHaveCount(8);
  await expect(page.locator('main')).toBeHidden();

  await next(4);
  await expect(page.locator('#classes')).toBeVisible();
  const counts = await page.getByTestId('alarm-maps').locator('td').allInnerTexts();
  const [caught, missed, wrong, calm] = counts.slice(0, 4).map(Number);
  await expect(walk).toContainText(`${caught} of ${caught + missed} fish raise the alarm, and so do ${wrong} of ${wrong + calm} other photos`);
  await walk.getByRole('button', { name: 'Back' }).click();
  await expect(walk).toContainText('step 3 of 12');
});

/** Which part of the tool maps' activation, and of all maps', lies in the half of each photo of tools that has the least contrast; as the page runs it. */
async function shareOfTools() {
  const { workbench } = globalThis.featurescope;
  const { study, classMaps } = workbench.results[0];
  const own = new Set(classMaps.find(({ name }) => name === 'tools').maps.map(({ map }) => map));
  const photos = [];
  for (const image of workbench.collection.columns.find(({ name }) => name === 'tools').images) {
    const look = await study.model.look(image, study.options);
    const { data, width } = look.seen();
    const cells = Array.from({ length: look.width * look.height }, () => []);
    for (let pixel = 0; pixel < data.length / 4; pixel++) {
      const [row, column] = [Math.floor(pixel / width), pixel % width].map((at) => Math.floor((at * look.width) / width));
      cells[row * look.width + column].push(0.299 * data[4 * pixel] + 0.587 * data[4 * pixel + 1] + 0.114 * data[4 * pixel + 2]);
    }
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = cells.map((values) => mean(values.map((value) => (value - mean(values)) ** 2)));
    const plain = [...spread.keys()].sort((one, other) => spread[one] - spread[other]).slice(0, Math.round(spread.length / 2));
    const sums = [0, 0, 0, 0];
    for (let map = 0; map < look.channels; map++) {
      const values = look.map(map).data.map((value) => Math.max(0, value));
      const [inside, whole] = [plain.reduce((sum, cell) => sum + values[cell], 0), values.reduce((sum, value) => sum + value, 0)];
      sums[0] += inside;
      sums[1] += whole;
      if (own.has(map)) [sums[2], sums[3]] = [sums[2] + inside, sums[3] + whole];
    }
    photos.push(sums);
    look.close();
  }
  const over = (at) => photos.reduce((sum, sums) => sum + sums[at] / sums[at + 1], 0) / photos.length;
  return { share: over(2), all: over(0) };
}

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
    await expect(walk).toContainText('step 1 of 12');
    await expect(walk.getByTestId('walk-line')).toBeEmpty();
    await walk.getByRole('button', { name: '2. Knives and guns' }).click();
    await expect(page.getByTestId('column')).toHaveCount(6);
    await expect(walk.getByTestId('walk-line')).toBeEmpty();
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

/** The step that the second chapter begins with. */
const SECOND = 5;

/** Begins the story and goes to a step, over the chapter that it is in. */
async function toStep(page, step) {
  const walk = page.getByTestId('walk');
  await question(page, 'Look').click();
  await page.getByRole('button', { name: 'A guided story…' }).click();
  if (step >= SECOND) {
    await expect(walk.getByTestId('walk-line')).toBeEmpty();
    await walk.getByRole('button', { name: '2. Knives and guns' }).click();
  }
  for (let at = step >= SECOND ? SECOND : 1; at <= step; at++) {
    await expect(walk).toContainText(`step ${at} of 12`);
    await expect(walk.getByTestId('walk-line')).toBeEmpty();
    if (at < step) await walk.getByRole('button', { name: 'Next' }).click();
  }
  return walk;
}

test('closing the story at any step leaves photo, model, classes, what was found in them, address and view as they were', { tag: '@page' }, async ({ openPage }) => {
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
  const current = page.locator('#questions [aria-current=page]');
  await expect(current).toHaveText('Look');
  const address = page.url();
  for (const step of [1, 2, 5, 7]) {
    const walk = await toStep(page, step);
    expect(page.url()).toBe(address);
    expect((await shown(page)).model).toBe(step < SECOND ? 'squeezenet1.1' : 'story-plain');
    await walk.getByRole('button', { name: 'Close the story' }).click();
    await expect(walk).toHaveCount(0);
    await expect.poll(() => shown(page)).toEqual(before);
    await waitUntilReady(page);
    await expect(current).toHaveText('Look');
    expect(page.url()).toBe(address);
  }
});

test('closed by a visitor without classes, the story leaves none; its link is short and asks for nothing', { tag: '@page' }, async ({ openPage, page: same, engine }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  const walk = await toStep(page, 7);
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
  // The photo of the first chapter is no part of what the link tells.
  expect(await shown(same)).toEqual({ ...story, photos: story.photos - 1 });
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
