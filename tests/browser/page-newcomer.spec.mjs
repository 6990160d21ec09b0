// What a newcomer does, by what they read on the page and by the keyboard alone: no test ids, no state, no mouse.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './engine/fixtures.mjs';
import { expect, test, waitUntilReady } from './fixtures.mjs';

/** Goes with Tab until what has the keyboard is called so, and says what lay before it where it never comes. */
async function tabTo(page, name, most = 90) {
  const met = [];
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab');
    const words = await page.evaluate(() => {
      const { activeElement: element } = document;
      const label = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
      return label.trim().replace(/\s+/g, ' ').slice(0, 80);
    });
    if (name instanceof RegExp ? name.test(words) : words === name) return;
    met.push(words);
  }
  throw new Error(`Tab never comes to ${name}, but to ${met.join(' | ')}`);
}

/** Presses what has that name. */
async function press(page, name) {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/**
 * Presses what has that name and gives the files that it asks for. The browser is told to ask us for them before the keyboard begins its way
 * there: told at the same time as the key is pressed, it may hear of that too late, and ask nobody.
 */
async function choose(page, name, files) {
  const asked = page.waitForEvent('filechooser');
  await press(page, name);
  await (await asked).setFiles(files);
}

/** The same from the top of the page. */
async function fromTop(page, name) {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.evaluate(() => scrollTo(0, 0));
  await press(page, name);
}

test('sees what one map looks at and what it draws', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  await expect(page.getByText('512 small detectors, the feature maps, look at this photo.')).toBeVisible();
  await press(page, /^#426/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Map 111' })).toBeVisible();
  await expect(page.getByText(/^Number 2 of 425 lights up/)).toBeVisible();
  await expect(page.getByText('Strongest in 93 photos')).toBeVisible();
  await fromTop(page, 'Draw');
  await expect(page.getByRole('heading', { name: 'Map 111' })).toBeVisible();
  await press(page, 'Draw it');
  await expect(page.getByText(/^Step \d+ of 512/)).toBeVisible({ timeout: 30_000 });
});

test('finds a class’s maps on the photos that come with the page', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  await fromTop(page, 'Classes');
  await expect(page.getByRole('heading', { name: 'Which maps for which class?' })).toBeVisible();
  await expect(page.getByText(/^Map \d+ is the map of \w+: it is among/)).toBeVisible({ timeout: 200_000 });
  await press(page, /^#274|map 274/i);
  await expect(page.getByRole('heading', { name: 'Map 274' })).toBeVisible();
});

test('compares two photos', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await tabTo(page, 'Compare with');
  await page.keyboard.type('Coffee');
  await page.keyboard.press('Enter');
  await waitUntilReady(page);
  await expect(page.getByRole('img', { name: 'The same map over the other photo' })).toBeVisible();
  await expect(page.getByText(/differs most/)).toBeVisible();
});

test('brings a photo and sees what the network says', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await choose(page, 'Add photos', join(ROOT, 'models/photos/coffee.jpg'));
  await expect(page.getByText('coffee.jpg')).toBeVisible();
  await waitUntilReady(page);
  await expect(page.getByText('espresso', { exact: true }).first()).toBeVisible();
});

test('shares what is seen, and opens it again', { tag: '@page' }, async ({ openPage, context, engine }) => {
  const page = await openPage();
  await fromTop(page, 'Share…');
  await expect(page.getByText('Share what you see')).toBeVisible();
  await expect(page.getByText(/^\d+ characters/)).toBeVisible();
  const link = await page.locator('#share-link').inputValue();
  const other = await context.newPage();
  await other.goto(link.replace('#', `?engine=${engine}#`));
  await expect(other.getByText('A finding from a link')).toBeVisible();
  await expect(other.getByText(/^Map 426 fires most/).first()).toBeVisible();
  await other.close();
});

test('brings folders as classes and asks which maps are whose', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  const folder = join(outputDir, 'own');
  for (const [name, files] of [['fish', ['fish1', 'fish2', 'fish3']], ['tools', ['hammer1', 'hammer2', 'cuttingTool']]]) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) copyFileSync(join(ROOT, `models/photos/classes/${name}/${file}.webp`), join(folder, name, `${file}.webp`));
  }
  await choose(page, 'Add folder', folder);
  await expect(page.getByRole('heading', { name: 'Which maps for which class?' })).toBeVisible();
  await fromTop(page, 'Find the maps');
  await expect(page.getByText(/^Map \d+ is the map of (fish|tools): it is among/)).toBeVisible({ timeout: 100_000 });
});
