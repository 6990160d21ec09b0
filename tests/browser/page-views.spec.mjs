// Each question is a view with an address, a title and an active tab, and none of them opens empty.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './engine/fixtures.mjs';
import { expect, question, test, waitUntilReady } from './fixtures.mjs';

const questions = (page) => page.locator('#questions');
const current = (page) => questions(page).locator('[aria-current=page]');

test('questions have addresses, titles and active tabs; Back, Forward and a reload know which was asked', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await expect(current(page)).toHaveText('Look');
  await expect(page).toHaveTitle('Featurescope: see what a CNN looks at');
  await question(page, 'Draw').click();
  await expect(page).toHaveURL(/#\/draw$/);
  await expect(page).toHaveTitle('What would it draw? · Featurescope');
  await expect(page.locator('#card').getByRole('button', { name: 'Draw it' })).toBeVisible();
  await question(page, 'Look').click();
  await expect(page).toHaveURL(/#\/look$/);
  await expect(page.locator('#look')).toBeFocused();
  await page.goBack();
  await expect(current(page)).toHaveText('Draw');
  // The page as it came is the first question again.
  await page.goBack();
  await expect(current(page)).toHaveText('Look');
  await expect(page).toHaveTitle('Featurescope: see what a CNN looks at');
  await page.goForward();
  await page.goForward();
  await expect(current(page)).toHaveText('Look');
  await page.goBack();
  await page.reload();
  await waitUntilReady(page);
  await expect(current(page)).toHaveText('Draw');
  await expect(page.locator('#card').getByRole('button', { name: 'Draw it' })).toBeInViewport();
});

test('a question about classes opens with the photos that come with the page; the visitor’s own take their place', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  test.setTimeout(480_000);
  const page = await openPage();
  await page.goto(`${page.url()}#/unique`);
  const panel = page.locator('#classes');
  await expect(panel.getByRole('status').first()).toContainText('Found in 93 images', { timeout: 200_000 });
  await waitUntilReady(page);
  await expect(page.locator('#classes-heading')).toHaveText('Is it unique?');
  await expect(panel.getByTestId('threshold')).toContainText('hreshold');
  const threshold = await panel.getByTestId('threshold').innerText();
  await expect(panel.getByTestId('examples')).toContainText('93 photos of fish, monuments and tools');
  // The question comes first, and the classes are one line above it.
  await expect(panel.getByTestId('column').first()).toBeHidden();
  await expect(panel.getByText('3 classes, 93 images')).toBeVisible();
  await question(panel, 'Classes').click();
  await expect(page).toHaveURL(/#\/classes$/);
  await expect(panel.getByTestId('class')).toHaveCount(3);
  expect(await panel.getByTestId('class-map').count()).toBeGreaterThan(10);

  // They are everybody's, so a link names them.
  await page.goBack();
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  await expect(page.getByTestId('link-length')).toContainText('characters');
  const link = await page.locator('#share-link').inputValue();
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link.replace('#', `?engine=${engine}#`));
  await expect(other.getByTestId('finding')).toHaveAttribute('data-state', 'same', { timeout: 200_000 });
  await expect(other.getByTestId('threshold')).toHaveText(threshold);
  await expect(other.getByTestId('examples')).toContainText('93 photos');
  await context.close();
  await page.locator('#share').getByRole('button', { name: 'Close' }).click();

  await panel.getByRole('button', { name: 'Use my images…' }).click();
  await expect(panel.getByTestId('examples')).toBeHidden();
  await expect(panel.getByTestId('column')).toHaveCount(2);
  await expect(panel.getByRole('textbox', { name: 'Name of the class' }).first()).toHaveValue('class 1');
});

test('photos that come with the page come too late for whoever has begun with others', { tag: '@page' }, async ({ openPage, page }, { outputDir }) => {
  let release = () => {};
  const gate = new Promise((resolve) => (release = resolve));
  await page.route('**/models/photos/classes.json', async (route) => {
    await gate;
    await route.continue();
  });
  await openPage();
  const folder = join(outputDir, 'classes');
  for (const [name, file] of [['cat', 'chelsea.webp'], ['cup', 'coffee.jpg']]) {
    mkdirSync(join(folder, name), { recursive: true });
    copyFileSync(join(ROOT, 'models/photos', file), join(folder, name, file));
  }
  await question(page, 'Unique').click();
  await expect(page.getByText('Loading the photos that come with the page…')).toBeVisible();
  await page.locator('#folder-input').setInputFiles(folder);
  await expect(page.getByTestId('column')).toHaveCount(2);
  release();
  await expect(page.getByText('Loading the photos that come with the page…')).toHaveCount(0);
  await expect(page.getByTestId('column')).toHaveCount(2);
  await expect(page.getByTestId('examples')).toBeHidden();
});

for (const size of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
  test(`the first map is on the first screen, at ${size.width}×${size.height}`, { tag: '@page' }, async ({ openPage, page }) => {
    await page.setViewportSize(size);
    await openPage();
    await expect(page.getByTestId('map-tile').first()).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
  });
}

for (const size of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
  test(`each question about classes has its answer and a picture on the first screen, at ${size.width}×${size.height}`, { tag: '@page' }, async ({ openPage, page }) => {
    test.setTimeout(300_000);
    await page.setViewportSize(size);
    await openPage();
    const panel = page.locator('#classes');
    const pictures = {
      Classes: { picture: panel.getByTestId('class-map').first(), answer: /^Map \d+ is the map of \w+: it is among the 25 strongest in \d+ of \d+ images of \w+, and in no other class’s list\.$/ },
      Everywhere: { picture: panel.getByTestId('gallery-tile').first(), answer: /^Map \d+ fires [\d.]+ times as hard on images of fish as on the others: of the 28 images it fires hardest on, \d+ are of fish\.$/ },
      Unique: { picture: panel.locator('.plot svg').first(), answer: /^With the \d+ maps of fish as an alarm, \d+ of 14 images of fish raise it, and (none|\d+) of 3[23] others\./ },
    };
    for (const [name, { picture, answer }] of Object.entries(pictures)) {
      await question(page, name).click();
      await expect(panel.getByTestId('answer').filter({ visible: true })).toHaveText(answer, { timeout: 200_000 });
      await expect(picture).toBeVisible();
      await expect(panel.getByTestId('set-up')).not.toHaveAttribute('open');
      await expect(panel.getByText('3 classes, 93 images, SqueezeNet 1.1')).toBeVisible();
      await expect(panel.getByRole('button', { name: 'Use my images…' })).toBeInViewport();
      // The tabs at the lower edge of a phone lie over what is there.
      const seen = await picture.evaluate((element) => {
        const tabs = document.getElementById('questions').getBoundingClientRect();
        const end = tabs.top > innerHeight / 2 ? tabs.top : innerHeight;
        const { top, bottom, height } = element.getBoundingClientRect();
        return Math.max(0, Math.min(end, bottom) - top) / height;
      });
      expect(seen, name).toBeGreaterThan(0.75);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(size.width);
    }
  });
}
