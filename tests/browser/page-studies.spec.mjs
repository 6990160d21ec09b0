// What a run over the classes leaves behind, and when it no longer holds: cancelled runs, another recipe, layer or model, and
// the whole way from a folder to an alarm. All of it with a small network on the story's pictures.

import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { openSetUp, openSettings, question, waitUntilReady } from './fixtures.mjs';

const STORY = join(ROOT, 'models/story');
const { threeClasses } = JSON.parse(readFileSync(join(STORY, 'figures.json'), 'utf8')).models['story-plain'];
const listed = JSON.parse(readFileSync(join(STORY, 'pictures.json'), 'utf8'));

/** Opens the page with one of the story's networks. */
async function openStoryModel(openPage, name = 'story-plain') {
  const page = await openPage();
  await chooseModel(page, name);
  return page;
}

async function chooseModel(page, name) {
  await page.evaluate((name) => globalThis.featurescope.openModel(name, name), name);
  await waitUntilReady(page);
}

/** Writes some of the story's pictures, as folders of classes. */
function writeTree(tree, { styles = ['photo'], classes = ['knife', 'gun'], count = 30 } = {}) {
  for (const style of styles) {
    for (const name of classes) {
      const folder = styles.length > 1 ? join(tree, style, name) : join(tree, name);
      mkdirSync(folder, { recursive: true });
      const files = listed.filter((entry) => entry.style === style && entry.class === name).slice(0, count);
      for (const { file } of files) cpSync(join(STORY, file), join(folder, file.split('/').at(-1)));
    }
  }
  return tree;
}

async function findMaps(panel, count, options) {
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText(`Found in ${count} images`, options);
}

/** The numbers of every class's maps. */
function listsOf(page) {
  return page.getByTestId('class').evaluateAll((list) => Object.fromEntries(list.map((one) =>
    [one.dataset.name, [...one.querySelectorAll('[data-testid=class-map]')].map(({ dataset }) => Number(dataset.map))])));
}

/** Found, missed, false alarms, quiet. */
async function counts(panel) {
  const cells = await panel.getByTestId('alarm-maps').first().locator('td').allInnerTexts();
  return cells.slice(0, 4).map(Number);
}

test('180 files by the folder button and by a drag: maps are found, and the alarm follows the keyboard', { tag: '@page' }, async ({ openPage, context }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openStoryModel(openPage);
  const tree = writeTree(join(outputDir, 'tree'), { styles: ['photo', 'xray'], classes: ['knife', 'gun', 'harmless'] });
  const panel = page.locator('#classes');
  const byButton = () => page.locator('#folder-input').setInputFiles(tree);
  const byDrag = async () => {
    const protocol = await context.newCDPSession(page);
    const data = { items: [], files: [tree], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await protocol.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  };
  const xrays = listed.filter(({ style }) => style === 'xray');
  /** What onnxruntime's sums make of a threshold. */
  const expected = (threshold) => {
    const alarms = (isKnife) => xrays.filter((entry, place) => (entry.class === 'knife') === isKnife && threeClasses.sums.xray.knife[place] >= threshold).length;
    return [alarms(true), 30 - alarms(true), alarms(false), 60 - alarms(false)];
  };

  for (const bring of [byButton, byDrag]) {
    await bring();
    await expect(page.getByTestId('column')).toHaveCount(6);
    await waitUntilReady(page);
    // The numbers that were recorded are of ten maps.
    for (const label of ['Maps of each image', 'Maps of each class']) await panel.getByLabel(label).fill('10');
    await findMaps(panel, 180);
    await expect.poll(() => listsOf(page)).toEqual(threeClasses.maps);

    await question(panel, 'Unique').click();
    await panel.locator('.question:not([hidden])').getByLabel('Maps of', { exact: true }).selectOption('knife');
    const slider = panel.getByRole('slider', { name: 'Threshold of the alarm for knife' });
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => counts(panel)).toEqual([30, 0, 60, 0]);
    const seen = new Set();
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('PageUp');
      const threshold = Number(await slider.getAttribute('aria-valuenow'));
      await expect.poll(() => counts(panel), `threshold ${threshold}`).toEqual(expected(threshold));
      seen.add(String(await counts(panel)));
    }
    expect(seen.size).toBeGreaterThan(4);
    await page.keyboard.press('End');
    await expect.poll(() => counts(panel)).toEqual([0, 30, 0, 60]);
    if (bring === byDrag) break;
    // The page anew, and not the question that its address asks by now.
    const [address] = page.url().split('#');
    await page.goto('about:blank');
    await page.goto(address);
    await waitUntilReady(page);
    await chooseModel(page, 'story-plain');
    await expect(panel).toBeHidden();
  }
});

test('a cancelled run keeps what is done, and going on gives the same lists as one run', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  // So many images that a busy machine sees the run before it is over.
  const page = await openPage();
  await page.locator('#folder-input').setInputFiles(writeTree(join(outputDir, 'set'), { count: 30 }));
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  const status = panel.getByRole('status').first();
  await expect(page.getByTestId('column')).toHaveCount(2);
  // A further model cannot go while one looks.
  await page.evaluate(() => globalThis.featurescope.workbench.addModel('story-plain'));
  const remove = panel.getByRole('button', { name: 'Remove Knife or gun, taught on photos' });
  await expect(remove).toBeEnabled();
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await openSetUp(page);
  await expect(status).toContainText(/: ([3-9]|[1-5]\d) of 60 images, \d+ s left/);
  await expect(remove).toBeDisabled();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(status).toContainText(/Found in \d+ images, layer .* \d+ images? not looked at yet/);
  const done = Number(/Found in (\d+)/.exec(await status.innerText())[1]);
  expect(done).toBeGreaterThan(2);
  expect(done).toBeLessThan(60);
  await expect(remove).toBeEnabled();
  await panel.getByRole('button', { name: 'Look at the new images' }).click();
  await expect(status).toContainText(`of ${60 - done} images`);
  await expect(status).toContainText('Found in 60 images');
  const resumed = await listsOf(page);
  expect(resumed.knife.length + resumed.gun.length).toBeGreaterThan(5);

  await page.evaluate(() => globalThis.featurescope.workbench.forget(() => true));
  await expect.poll(() => listsOf(page)).toEqual({ knife: [], gun: [] });
  await findMaps(panel, 60);
  expect(await listsOf(page)).toEqual(resumed);
});

test('another recipe, layer or way of looking is offered anew, with nothing left of the old one', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openStoryModel(openPage);
  await page.locator('#folder-input').setInputFiles(writeTree(join(outputDir, 'set'), { count: 6 }));
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  const random = panel.getByRole('button', { name: 'random weights' });
  await findMaps(panel, 12);
  const first = await listsOf(page);
  expect(first.knife.length).toBeGreaterThan(0);
  await openSetUp(page);
  await random.click();
  await expect(random).toBeEnabled();
  await expect(random).toHaveAttribute('aria-pressed', 'true');

  // Framed tiles show their ranks, and the head of the grid leads to them.
  const framed = page.locator('.tile.framed');
  await question(page, 'Look').click();
  await expect(framed.first()).toBeVisible();
  expect(await framed.first().evaluate((tile) => getComputedStyle(tile, '::after').content)).toBe(`"${await framed.first().getAttribute('data-rank')}" / ""`);
  const jumps = page.getByTestId('framed-ranks');
  await expect(jumps).toContainText(/^gun: maps at ranks.*of 60$/s);
  const ranks = await framed.evaluateAll((tiles) => tiles.map(({ dataset }) => Number(dataset.rank)));
  expect((await jumps.getByRole('button').allInnerTexts()).map(Number)).toEqual(ranks.sort((one, other) => one - other));
  const last = jumps.getByRole('button').last();
  const rank = await last.innerText();
  await last.press('Enter');
  await expect(page.locator(`.tile[data-rank="${rank}"]`)).toBeFocused();

  await openSettings(page);
  const forgotten = async () => {
    await expect.poll(() => listsOf(page)).toEqual({ knife: [], gun: [] });
    await expect(framed).toHaveCount(0);
    await expect(jumps).toBeHidden();
    expect(await page.evaluate(() => globalThis.featurescope.workbench.studies.length)).toBe(0);
    expect(await page.evaluate(() => globalThis.featurescope.state.classMaps.classes)).toEqual([]);
  };
  const recipe = page.locator('#recipe').getByRole('combobox');
  await page.locator('#recipe summary').first().click();
  await recipe.selectOption('1');
  await waitUntilReady(page);
  await question(page, 'Classes').click();
  await forgotten();
  await findMaps(panel, 12);
  expect(await listsOf(page)).not.toEqual(first);
  await question(page, 'Look').click();
  await recipe.selectOption('0');
  await waitUntilReady(page);
  await question(page, 'Classes').click();
  await forgotten();
  await findMaps(panel, 12);
  expect(await listsOf(page)).toEqual(first);

  // In another layer the images are looked at again when asked.
  const here = panel.getByRole('button', { name: 'Look in this layer' });
  await expect(here).toBeHidden();
  await question(page, 'Look').click();
  await page.locator('#layer-select').selectOption({ index: 0 });
  await waitUntilReady(page);
  const layer = await page.locator('#layer-select').inputValue();
  await question(page, 'Classes').click();
  await here.click();
  await expect(panel.getByRole('status').first()).toContainText(`Found in 12 images, layer ${layer}`);
  await expect(here).toBeHidden();
  await expect(page.getByTestId('class').first()).not.toContainText('the grid shows another one');
  // As the article has it, with its own recipe and layer.
  await question(page, 'Look').click();
  await page.getByLabel('As the article').check();
  await waitUntilReady(page);
  await question(page, 'Classes').click();
  const again = panel.getByRole('button', { name: /^Look (in this layer|as the page does now)$/ });
  await again.click();
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.workbench.study?.options.article)).toBe(true);
  await expect(panel.getByRole('status').first()).toContainText('Found in 12 images');
  await expect(again).toBeHidden();

  // Another model has layers of the same names, and none of these maps; nor has a copy of the old one with random weights.
  await openSetUp(page);
  await random.click();
  await expect(random).toBeEnabled();
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.workbench.studies.length)).toBe(2);
  await chooseModel(page, 'story-augmented');
  await forgotten();
  await framedNowhere(page);
});

/** No card says of a map that it is a class's. */
async function framedNowhere(page) {
  await question(page, 'Look').click();
  await page.getByTestId('map-tile').first().click();
  await expect(page.locator('.card')).not.toContainText('Among the maps of');
}

test('one image of a class has a line to move, and a class without maps of its own says so', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  const page = await openStoryModel(openPage);
  const tree = writeTree(join(outputDir, 'set'), { count: 4 });
  // The twin has the same pictures as the knives, so these two share all maps.
  writeTree(join(outputDir, 'one'), { classes: ['harmless'], count: 1 });
  cpSync(join(tree, 'knife'), join(tree, 'twin'), { recursive: true });
  cpSync(join(outputDir, 'one/harmless'), join(tree, 'harmless'), { recursive: true });
  await page.locator('#folder-input').setInputFiles(tree);
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await findMaps(panel, 13);
  await question(panel, 'Unique').click();
  const of = panel.locator('.question:not([hidden])').getByLabel('Maps of', { exact: true });
  await of.selectOption('twin');
  await expect(panel.getByTestId('no-maps')).toContainText('twin has no maps of its own here');
  await expect(panel.getByTestId('area')).toBeHidden();
  await expect(panel.getByRole('slider')).toHaveCount(0);

  await of.selectOption('harmless');
  const slider = panel.getByRole('slider');
  await expect(panel.getByTestId('threshold')).toContainText('needs at least two of harmless');
  await slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => counts(panel)).toEqual([1, 0, 12, 0]);

  // The charts in the dark, where their colours are others.
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const tab of ['Classes', 'Everywhere', 'Unique']) {
    await question(panel, tab).click();
    await expect(panel.locator('.question:not([hidden])')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include('#classes').analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${tab}, ${id}: ${nodes[0].html}`)).toEqual([]);
  }
});

test('the gun maps light up on the x-rayed guns of a network that has seen photos alone', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openStoryModel(openPage);
  await page.locator('#folder-input').setInputFiles(writeTree(join(outputDir, 'tree'), { styles: ['photo', 'xray'] }));
  await expect(page.getByTestId('column')).toHaveCount(4);
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText('Found in 120 images', { timeout: 120_000 });
  await question(panel, 'Everywhere').click();
  const shown = panel.locator('.question:not([hidden])');
  await shown.getByLabel('Maps of', { exact: true }).selectOption('gun');
  await shown.getByLabel('Images of', { exact: true }).selectOption('gun');
  await expect(panel.getByTestId('gallery-tile')).toHaveCount(30);
  // What full strength is stands below the tiles.
  await expect(panel.locator('.lead-note')).toContainText('Each image is coloured by its own largest value');
  for (const chip of [shown.locator('.chips button').first(), shown.locator('[data-map=all]')]) {
    await chip.click();
    const lit = await page.evaluate(litTiles, await shown.locator('.chips button').evaluateAll((chips) => {
      const pressed = chips.filter((one) => one.ariaPressed === 'true').map(({ dataset }) => dataset.map);
      return (pressed[0] === 'all' ? chips.map(({ dataset }) => dataset.map).filter((map) => map !== 'all') : pressed).map(Number);
    }));
    expect(lit.length).toBe(30);
    expect(lit.filter((lightness) => lightness >= 25).length).toBeGreaterThanOrEqual(25);
  }
});

/**
 * By how much CIELAB's lightness of each tile is above that of the same tile without light, where the difference is largest: in a fiftieth of
 * its pixels. Runs in the browser.
 */
async function litTiles(maps) {
  const { galleryScale } = await import(new URL('questions/everywhere/gallery-scale.js', location.href.replace(/[?#].*/, '')).href);
  const { state, workbench } = globalThis.featurescope;
  const { study } = workbench;
  const files = workbench.collection.targets().find(({ name }) => name === 'gun').images;
  const places = files.map((file) => study.places.get(file));
  const overs = await Promise.all(maps.map((map) => study.map(map)));
  const scale = galleryScale(state, overs, places);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const lightness = ({ data }) => Array.from({ length: data.length / 4 }, (_, pixel) => {
    const [red, green, blue] = [0, 1, 2].map((channel) => linear(data[4 * pixel + channel] / 255));
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    return luminance > 216 / 24389 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27;
  });
  const differences = [];
  for (const [at, file] of files.entries()) {
    const look = await study.model.look(file, study.options);
    const options = scale.of(places[at]);
    const [lit, dark] = [await look.overlay(maps, options), await look.overlay(maps, { ...options, scale: 'set', setMaximum: 1e9 })].map(lightness);
    look.close();
    const sorted = lit.map((value, pixel) => value - dark[pixel]).sort((one, other) => other - one);
    differences.push(sorted[Math.floor(sorted.length / 50)]);
  }
  return differences;
}
