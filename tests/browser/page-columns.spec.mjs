// Classes made by hand on the page: images into columns, their names, uses and outputs, archives, and one step back.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { zip } from '../page/zip.js';
import { ROOT, expect, test } from './engine/fixtures.mjs';
import { openSetUp, waitUntilReady } from './fixtures.mjs';

const PICTURES = join(ROOT, 'tests/goldens/inputs');
const picture = (name) => join(PICTURES, name);

/** Opens the page and its classes, of which there are two that are empty. */
async function openClasses(openPage) {
  const page = await openPage();
  await page.getByRole('button', { name: 'Sort into classes' }).click();
  await expect(page.getByTestId('column')).toHaveCount(2);
  return page;
}

const column = (page, name) => page.locator(`[data-testid=column][data-name="${name}"]`);
const names = (page) => page.getByTestId('column').evaluateAll((list) => list.map(({ dataset }) => dataset.name));
/** Thumbnails that are painted: an unpainted canvas has one pixel. */
const painted = (place) => place.locator('.class-thumb canvas').evaluateAll((list) => list.filter(({ width }) => width > 1).length);

/** Chooses files by the button of a column, as a visitor does. */
async function choose(page, name, files) {
  const chooser = page.waitForEvent('filechooser');
  await column(page, name).getByRole('button', { name: 'Add images' }).click();
  await (await chooser).setFiles(files);
}

/** A drag as the browser has it from the system, onto the middle of an element; `look` sees it before it is let go. */
async function drop(context, page, place, files, look = async () => {}) {
  await place.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await place.boundingBox();
  const protocol = await context.newCDPSession(page);
  const event = { x: x + width / 2, y: y + height / 2, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver']) await protocol.send('Input.dispatchDragEvent', { type, ...event });
  await look();
  await protocol.send('Input.dispatchDragEvent', { type: 'drop', ...event });
}

async function seriousFindings(page) {
  const { violations } = await new AxeBuilder({ page }).include('#classes').analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

test('two classes from loose images, by the button and by a drag, named, used and tied', { tag: '@page' }, async ({ openPage, context }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openClasses(openPage);
  const panel = page.locator('#classes');
  await expect(panel.getByRole('button', { name: 'Find the maps' })).toBeDisabled();
  expect(await seriousFindings(page)).toEqual([]);

  await choose(page, 'class 1', [picture('chelsea-227.png'), picture('chelsea-224.png')]);
  await expect(column(page, 'class 1')).toContainText('2 images');
  await expect.poll(() => painted(column(page, 'class 1'))).toBe(2);

  const second = column(page, 'class 2');
  await drop(context, page, second, [picture('coffee-227.png'), picture('coffee-224.png')], async () => {
    await expect(second).toHaveClass(/over/);
    await expect(page.locator('.veil')).toBeHidden();
  });
  await expect(second).toContainText('2 images');
  await expect(second).not.toHaveClass(/over/);
  // The same again is there already, and what is no image is refused, in words.
  await drop(context, page, second, [picture('coffee-224.png')]);
  await expect(second).toContainText('in this class already');
  const notes = join(outputDir, 'notes.txt');
  mkdirSync(outputDir, { recursive: true });
  writeFileSync(notes, 'not a picture');
  await drop(context, page, second, [notes]);
  await expect(second).toContainText('There was no image');

  // From one class to another by dragging, and back by undo.
  await page.getByTestId('column').nth(0).locator('.class-thumb').first().dragTo(second.locator('.class-name'));
  await expect(second).toContainText('3 images');
  await expect(column(page, 'class 1')).toContainText('1 image');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(second).toContainText('2 images');
  await expect(column(page, 'class 1')).toContainText('2 images');

  // A folder goes to the class it is dropped on, and one of folders makes classes wherever it is dropped.
  const folder = join(outputDir, 'cups');
  mkdirSync(folder, { recursive: true });
  copyFileSync(picture('coffee-32.png'), join(folder, 'coffee-32.png'));
  await drop(context, page, second, [folder]);
  await expect(second).toContainText('3 images');
  await second.getByRole('button', { name: 'Remove coffee-32.png' }).click();
  await expect(second).toContainText('2 images');
  const folders = join(outputDir, 'both');
  for (const inside of ['one', 'two']) {
    mkdirSync(join(folders, inside), { recursive: true });
    copyFileSync(picture('coffee-32.png'), join(folders, inside, 'a.png'));
  }
  await drop(context, page, second, [folders]);
  await expect.poll(() => names(page)).toEqual(['class 1', 'class 2', 'one', 'two']);
  for (const made of ['one', 'two']) await column(page, made).getByRole('button', { name: `Remove the class ${made}` }).click();

  // Names: with Enter, a refused one with the reason, and the keyboard stays.
  const name = (place) => page.getByTestId('column').nth(place).getByLabel('Name of the class');
  await name(0).fill('cat');
  await name(0).press('Enter');
  await expect(name(0)).toBeFocused();
  await name(1).fill('cat');
  await name(1).press('Enter');
  await expect(page.getByTestId('column').nth(1)).toContainText('another class called cat');
  await expect(name(1)).toHaveValue('class 2');
  await name(1).fill('golf');
  await name(1).blur();
  await expect.poll(() => names(page)).toEqual(['cat', 'golf']);

  // Outputs: by a word of their labels, by name, by what they are kinds of, by the list, one less, and by name again.
  const ties = (of) => column(page, of).getByTestId('tie');
  await expect(column(page, 'golf')).toContainText('no output called “golf”');
  await column(page, 'golf').getByRole('button', { name: /^Take golf ball, golf cart/ }).click();
  await expect(ties('golf')).toHaveText([/^golf ball \(574\)/, /^golf cart \(575\)/]);
  await column(page, 'golf').getByRole('button', { name: 'Go by the name' }).click();
  await column(page, 'golf').getByRole('button', { name: 'The model has no such class' }).click();
  await expect(column(page, 'golf')).toContainText('No output belongs to golf');
  await name(1).fill('espresso');
  await name(1).blur();
  await column(page, 'espresso').getByRole('button', { name: 'Go by the name' }).click();
  await expect(ties('espresso')).toHaveText(/^espresso \(967\)/);
  await expect(column(page, 'cat')).toContainText('7 outputs that are kinds of “cat”');
  await expect(ties('cat').first()).toHaveText(/^tabby cat \(281\)/);
  const count = await ties('cat').count();
  expect(count).toBe(7);
  await column(page, 'cat').getByRole('button', { name: 'tiger cat does not belong to cat' }).click();
  await expect(ties('cat')).toHaveCount(count - 1);
  const field = column(page, 'cat').getByLabel('Add an output of the model to cat');
  await field.fill('no such thing');
  await field.press('Enter');
  await expect(column(page, 'cat')).toContainText('no output called “no such thing”');
  await field.fill('leopard (288)');
  await field.press('Enter');
  await expect(ties('cat')).toHaveCount(count);
  await expect(field).toBeFocused();
  await name(0).fill('feline');
  await name(0).press('Enter');
  await expect(ties('feline')).toHaveCount(count);
  await column(page, 'feline').getByRole('button', { name: 'Go by the name' }).click();
  // Of more than a few kinds a part is shown until all are asked for.
  await expect(ties('feline')).toHaveCount(6);
  await column(page, 'feline').getByRole('button', { name: 'Show all 13' }).click();
  await expect(ties('feline')).toHaveCount(13);

  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status')).toContainText('Found in 4 images');
  await openSetUp(page);

  // Maps are found on sources alone.
  await expect(page.getByTestId('class')).toHaveCount(2);
  await column(page, 'espresso').getByLabel('Used to').selectOption('target');
  await expect(column(page, 'espresso')).toHaveAttribute('data-role', 'target');
  await column(page, 'feline').getByLabel('Used to').selectOption('source');
  await expect(page.getByTestId('class')).toHaveCount(1);
  expect(await seriousFindings(page)).toEqual([]);
});

test('a class or an image that was removed comes back, by keyboard', { tag: '@page' }, async ({ openPage }) => {
  const page = await openClasses(openPage);
  await choose(page, 'class 1', ['chelsea-227.png', 'chelsea-224.png', 'chelsea-32.png'].map(picture));
  const first = column(page, 'class 1');
  await expect(first).toContainText('3 images');

  await first.getByRole('button', { name: 'Remove chelsea-224.png' }).press('Enter');
  await expect(first).toContainText('2 images');
  // The keyboard goes on with the next image.
  await expect(first.getByRole('button', { name: /^Remove chelsea-227/ })).toBeFocused();
  await expect(page.locator('#classes')).toContainText('Removed chelsea-224.png from class 1.');
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(first).toContainText('3 images');

  await first.getByRole('button', { name: 'Remove the class class 1' }).press('Enter');
  await expect.poll(() => names(page)).toEqual(['class 2']);
  await expect(page.locator('#classes')).toContainText('Removed class 1 (3 images).');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => names(page)).toEqual(['class 1', 'class 2']);
  await expect(first).toContainText('3 images');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden();

  // Without any class the page says how to get one.
  for (const name of ['class 1', 'class 2']) await column(page, name).getByRole('button', { name: `Remove the class ${name}` }).click();
  await expect(page.locator('#classes')).toContainText('No class yet.');
  await page.getByRole('button', { name: 'Add a class' }).click();
  await expect(column(page, 'class 1').getByLabel('Name of the class')).toBeFocused();
});

test('an archive makes classes, wherever it comes from, and a broken one changes nothing', { tag: '@page' }, async ({ openPage, context }, { outputDir }) => {
  const page = await openPage();
  mkdirSync(outputDir, { recursive: true });
  const archive = async (name, files, change = (bytes) => bytes) => {
    const path = join(outputDir, name);
    const bytes = await zip(files.map(([inside, file]) => ({ path: inside, content: readFileSync(picture(file)) }))).arrayBuffer();
    writeFileSync(path, change(Buffer.from(bytes)));
    return path;
  };
  const animals = await archive('animals.zip', [['x/cat/a.png', 'chelsea-227.png'], ['x/cup/b.png', 'coffee-227.png'], ['__MACOSX/x/cat/._a.png', 'coffee-32.png']]);
  await drop(context, page, page.locator('#topbar'), [animals]);
  await expect.poll(() => names(page)).toEqual(['cat', 'cup']);
  await waitUntilReady(page);

  // Dropped once more the images are there already; one folder more is one class more.
  await page.locator('#image-input').setInputFiles(animals);
  await expect.poll(() => names(page)).toEqual(['cat', 'cup']);
  await expect(column(page, 'cat')).toContainText('1 image');
  await page.locator('#image-input').setInputFiles(await archive('dog.zip', [['c.png', 'chelsea-224.png']]));
  await expect.poll(() => names(page)).toEqual(['cat', 'cup', 'dog']);

  // On a column everything in it goes there.
  await drop(context, page, column(page, 'cup'), [await archive('more.zip', [['any/d.png', 'coffee-224.png'], ['any/e.png', 'coffee-32.png']])]);
  await expect(column(page, 'cup')).toContainText('3 images');

  const cut = await archive('cut.zip', [['f.png', 'chelsea-224.png']], (bytes) => bytes.subarray(0, bytes.length - 30));
  await drop(context, page, column(page, 'dog'), [cut]);
  await expect(page.getByRole('alert')).toContainText('cut.zip is damaged');
  await expect(column(page, 'dog')).toContainText('1 image');
  expect(await names(page)).toEqual(['cat', 'cup', 'dog']);
});

test('an archive without folders is photos', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  const page = await openPage();
  mkdirSync(outputDir, { recursive: true });
  const path = join(outputDir, 'photos.zip');
  const file = zip([{ path: 'one.png', content: readFileSync(picture('coffee-224.png')) }, { path: 'two.png', content: readFileSync(picture('chelsea-224.png')) }]);
  writeFileSync(path, Buffer.from(await file.arrayBuffer()));
  await page.locator('#image-input').setInputFiles(path);
  await expect(page.locator('.tray .thumb[title="one.png"]')).toHaveCount(1);
  await expect(page.locator('.tray .thumb[title="two.png"]')).toHaveCount(1);
  await waitUntilReady(page);
  await expect(page.locator('#classes')).toBeHidden();
});

test('of a class of a thousand images only those in sight are decoded', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  const page = await openClasses(openPage);
  const folder = join(outputDir, 'thousand');
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: 1000 }, (_, place) => join(folder, `image ${place}.png`));
  for (const file of files) copyFileSync(picture('chelsea-32.png'), file);
  await choose(page, 'class 1', files);
  const first = column(page, 'class 1');
  await expect(first).toContainText('1000 images');
  await expect.poll(() => painted(first)).toBe(12);
  await expect(first.locator('.class-thumb').nth(11)).toHaveAttribute('title', 'image 11.png');
  await first.getByRole('button', { name: 'Show 48 of 988 more' }).click();
  await expect(first.locator('.class-thumb')).toHaveCount(60);
  await expect(first.getByRole('button', { name: 'Look at image 12.png' })).toBeFocused();
});
