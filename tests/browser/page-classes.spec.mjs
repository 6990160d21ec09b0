// A folder of classes on the page: which maps belong to which class.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { openSetUp, question, waitUntilReady } from './fixtures.mjs';

const PICTURES = join(ROOT, 'tests/goldens/inputs');
const FOLDERS = { cat: ['chelsea-227.png', 'chelsea-224.png'], cup: ['coffee-227.png', 'coffee-224.png'] };

/** A folder with one folder for each class, as a visitor has them. */
function pictures(folder, broken = []) {
  for (const [name, files] of Object.entries(FOLDERS)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) copyFileSync(join(PICTURES, file), join(folder, name, file));
  }
  for (const file of broken) writeFileSync(join(folder, 'cat', file), 'no picture');
  return folder;
}

// That either engine finds the maps of classes, engine-classes.spec.mjs has.
test('a folder of folders becomes classes, whose maps are found, counted and framed', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  await page.locator('#folder-input').setInputFiles(pictures(join(outputDir, 'animals'), ['zz-broken.png']));
  const classes = page.getByTestId('class');
  await expect(classes).toHaveCount(2);
  expect(await classes.evaluateAll((list) => list.map(({ dataset }) => dataset.name))).toEqual(['cat', 'cup']);
  await waitUntilReady(page);

  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status')).toContainText('Found in 4 images');
  await expect(panel.getByRole('status')).toContainText('zz-broken.png');
  const maps = () => classes.first().getByTestId('class-map').evaluateAll((list) => list.map(({ dataset }) => Number(dataset.map)));
  const own = await maps();
  expect(own.length).toBeGreaterThan(5);
  // Each of the two pictures of the cat is there twice in two sizes, so its maps are in both.
  await expect(classes.first().getByTestId('class-map').first()).toHaveAttribute('data-count', '2');

  // The cat's maps have frames in the grid, where the cat is looked at.
  const framed = page.locator('.tile.framed');
  await question(page, 'Look').click();
  await expect(framed.first()).toBeVisible();
  const framedMaps = await framed.evaluateAll((list) => list.map(({ dataset }) => Number(dataset.map)));
  expect(framedMaps.every((map) => own.includes(map))).toBe(true);
  // The card of such a map names the class.
  await framed.first().click();
  await expect(page.locator('.card-classes')).toContainText('Among the maps of cat');
  await question(page, 'Classes').click();
  await expect(classes.first()).toContainText(/ranks [\d, ]+ of 60 in this photo/);

  // The numbers are live, by keyboard too.
  await openSetUp(page);
  await panel.getByLabel('Maps of each class').fill('3');
  await expect.poll(async () => (await maps()).length).toBeLessThanOrEqual(3);
  await classes.nth(1).getByRole('button', { name: 'Frame in the grid' }).click();
  await expect(classes.nth(1)).toContainText(/cup: (none|rank)/);

  // In another layer the same numbers are other maps; another model has none of them.
  await page.locator('#layer-select').selectOption({ index: 0 });
  await waitUntilReady(page);
  await expect(framed).toHaveCount(0);
  await expect(classes.nth(1)).toContainText('the grid shows another one');

  const { violations } = await new AxeBuilder({ page }).include('#classes').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});

test('a tree of 150 files through the folder button, and dragged onto the page', { tag: '@page' }, async ({ openPage, context }, { outputDir }) => {
  const page = await openPage();
  const tree = join(outputDir, 'tree');
  for (const name of ['class 10', 'class 2', 'class 1']) {
    mkdirSync(join(tree, 'train', name), { recursive: true });
    for (let place = 0; place < 50; place++) copyFileSync(join(PICTURES, 'chelsea-32.png'), join(tree, 'train', name, `image ${place}.png`));
  }
  writeFileSync(join(tree, 'train', 'class 1', 'notes.txt'), 'not a picture');
  const classes = page.getByTestId('class');
  const counted = async () => (await classes.locator('h3').allInnerTexts()).map((title) => title.replace(/\s+/g, ' '));
  const expected = ['class 1 50 images', 'class 2 50 images', 'class 10 50 images'];

  await page.locator('#folder-input').setInputFiles(tree);
  await expect.poll(counted).toEqual(expected);
  await waitUntilReady(page);

  // A drag as the browser has it from the system, so that the page reads the folder's entries.
  await page.reload();
  await waitUntilReady(page);
  await expect(page.locator('#classes')).toBeHidden();
  const protocol = await context.newCDPSession(page);
  const data = { items: [], files: [tree], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await protocol.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await expect.poll(counted).toEqual(expected);
  await waitUntilReady(page);
});

test('a folder of photos without folders in it is photos', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  const page = await openPage();
  const folder = pictures(join(outputDir, 'photos'));
  await page.locator('#folder-input').setInputFiles(join(folder, 'cup'));
  await waitUntilReady(page);
  await expect(page.locator('#classes')).toBeHidden();
  await expect(page.locator('.tray .thumb[title="coffee-224.png"]')).toHaveCount(1);
});
