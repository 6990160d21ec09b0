// In front of a class: predict first, one figure at a time, the camera.

import { readFile } from 'node:fs/promises';

import AxeBuilder from '@axe-core/playwright';

import { chromiumArguments } from './chromium.mjs';
import { expect, test, waitUntilReady } from './fixtures.mjs';
import { openNoisy } from './noise.mjs';

// A camera that shows a moving pattern, and a visitor who allows it.
test.use({ launchOptions: async ({ launchOptions }, use) => use({
  ...launchOptions, args: [...chromiumArguments, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
}) });

async function openClassroom(page, mode) {
  await page.getByRole('button', { name: 'Classroom…' }).click();
  await page.locator('#classroom').getByRole('button', { name: mode }).click();
}

for (const [width, colorScheme, lang] of [[1280, 'light', 'en'], [360, 'dark', 'zh']]) {
  test(`no serious finding of axe, and no sideways scrolling, at ${width} px in ${colorScheme}, language ${lang}`, { tag: '@page' }, async ({ page, openPage }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await openPage({ lang });
    await page.getByRole('button', { name: lang === 'zh' ? '课堂…' : 'Classroom…' }).click();
    const modes = page.locator('.classroom-head .buttons button');
    await modes.nth(0).click();
    await expect(page.locator('.predict-map')).toHaveCount(6);
    await page.locator('.predict-map input').first().check();
    await page.locator('.predict-form button[type=submit]').click();
    await expect(page.locator('.predict-map.strongest')).toHaveCount(1);
    for (const mode of [0, 2, 1]) {
      if (mode !== 0) await modes.nth(mode).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `mode ${mode}, ${id}: ${nodes[0].html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
  });
}

test('a prediction comes before the answer, and the answers can be handed in @page', async ({ openPage }) => {
  const page = await openPage();
  await openClassroom(page, 'Predict first');
  const maps = page.locator('.predict-map');
  await expect(maps).toHaveCount(6);
  // Neither the page nor the round tells the answer yet.
  await expect(page.getByTestId('map-tile').first()).toBeHidden();
  await expect(page.locator('.predict-here').first()).toBeHidden();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(page.locator('.predict-map.strongest')).toHaveCount(0);

  const numbers = await maps.evaluateAll((rows) => rows.map(({ dataset }) => Number(dataset.map)));
  // Every hint shows something: the overlays are drawn, and none of their maps is dead there.
  await expect(page.locator('.predict-tiles canvas[data-drawn]')).toHaveCount(24);
  await expect(page.locator('.predict-tiles canvas[data-dead]')).toHaveCount(0);
  const chosen = numbers[2];
  await page.getByLabel(`Map ${chosen}`, { exact: true }).check();
  await page.getByLabel('Why do you think so?').fill('It likes <b>ears</b>');
  await page.getByRole('button', { name: 'Show it' }).click();
  // What the page itself finds on that photo is the judge.
  const means = await page.evaluate(() => Array.from(globalThis.featurescope.state.look.means));
  const strongest = numbers.reduce((best, map) => (means[map] > means[best] ? map : best));
  await expect(page.locator('.predict-map.strongest')).toHaveAttribute('data-map', String(strongest));
  const line = page.locator('.predict-form .lead');
  await expect(line).toContainText(chosen === strongest ? `Right: map ${strongest} fires most` : `Not that one: map ${strongest} fires most`);
  if (chosen !== strongest) await expect(line).toContainText(`Yours, map ${chosen}, comes to`);
  await expect(page.locator('.predict-foot')).toContainText('kept in this tab alone: a reload keeps them');
  // The next round, answered the other way.
  await page.getByRole('button', { name: 'Next photo' }).click();
  await expect(page.getByRole('button', { name: 'Show it' })).toBeVisible();
  const right = await rightMap(page, 1, await maps.evaluateAll((rows) => rows.map(({ dataset }) => Number(dataset.map))));
  await page.getByLabel(`Map ${right}`, { exact: true }).check();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(line).toContainText(`Right: map ${right} fires most`);
  await expect(page.locator('.predict-form')).toHaveClass(/is-right/);

  await page.reload();
  await waitUntilReady(page);
  await openClassroom(page, 'Predict first');
  await expect(page.locator('.predict-foot')).toContainText('2 answers,');
  await page.getByLabel('Name or group').fill('group 3');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the answers' }).click()]);
  const file = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(file).toMatchObject({ kind: 'featurescope-answers', name: 'group 3', answers: [{ chosen, strongest, maps: numbers, right: chosen === strongest, why: 'It likes <b>ears</b>' }, { chosen: right, right: true }] });
  file.answers[0].means.forEach((mean, place) => expect(Math.abs(mean - means[numbers[place]])).toBeLessThan(1e-3));
  await page.getByRole('button', { name: 'Forget the answers' }).click();
  expect(await page.evaluate(() => sessionStorage.getItem('featurescope-answers'))).toBe('[]');
});

/** Which of some maps is the strongest on a photo of the tray, as the page's model has it. */
function rightMap(page, photo, maps) {
  return page.evaluate(async ([place, numbers]) => {
    const { model, state } = globalThis.featurescope;
    const look = await model.look(state.photos[place].source, {});
    const strongest = numbers.reduce((best, map) => (look.means[map] > look.means[best] ? map : best));
    look.close();
    return strongest;
  }, [photo, maps]);
}

/** The size of a text that can be read, in pixels: one that is there only for those who hear the page is no wider than a pixel. */
async function typeSize(page, selector) {
  const text = page.locator(selector).first();
  await expect(text).toBeVisible();
  expect((await text.boundingBox()).width).toBeGreaterThan(8);
  return text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
}

test('the presenter shows one figure at a time, turned with the arrow keys', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const captions = ['#look h3', '#look .tile-map'];
  const small = await Promise.all(captions.map((caption) => typeSize(page, caption)));
  await openClassroom(page, 'Present');
  const bar = page.locator('.presenter-bar');
  await expect(bar).toContainText(/1 of \d/);
  // It fills the screen, and leaves it at its end.
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  const seen = [];
  const count = Number((await bar.innerText()).match(/of (\d+)/)[1]);
  for (let place = 1; place <= count; place++) {
    await expect(bar).toContainText(`${place} of ${count}`);
    await expect(page.locator('.presented')).toHaveCount(1);
    const others = await page.evaluate(() => ['#photo', '#predictions', '#look', '#card', '#tray']
      .filter((part) => document.querySelector(part).checkVisibility() && !document.querySelector(part).contains(document.querySelector('.presented'))));
    expect(others).toEqual([]);
    await expect(page.locator('.topbar')).toBeHidden();
    seen.push(await page.locator('.presented').evaluate(({ id, className }) => id || className));
    if (seen.at(-1) === 'look') {
      for (const [place, caption] of captions.entries()) expect(await typeSize(page, caption), caption).toBeGreaterThan(1.3 * small[place]);
    }
    await page.keyboard.press('ArrowRight');
  }
  expect(seen.length).toBe(new Set(seen).size);
  expect(seen).toEqual(expect.arrayContaining(['photo', 'predictions', 'look', 'card']));
  await page.keyboard.press('PageUp');
  await expect(bar).toContainText(`${count - 1} of ${count}`);
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  await expect(page.locator('.presenter-hidden')).toHaveCount(0);
  await expect(page.locator('.topbar')).toBeVisible();
});

test('the camera is looked at live, and stops when the page is hidden @page', async ({ openPage }) => {
  const page = await openPage();
  await openClassroom(page, 'Camera');
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await expect(page.locator('.camera')).toContainText('Live.');
  const first = () => page.evaluate(() => globalThis.featurescope.state.look.means[globalThis.featurescope.state.look.top(1)[0].map]);
  const looks = new Set();
  await expect.poll(async () => {
    looks.add(await first());
    return looks.size;
  }, { timeout: 60_000 }).toBeGreaterThan(3);
  await expect(page.locator('.thumb')).toHaveCount(6);

  await page.evaluate(() => {
    globalThis.tracks = document.querySelector('video').srcObject.getTracks();
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  expect(await page.evaluate(() => globalThis.tracks.map(({ readyState }) => readyState))).toEqual(['ended']);
  await expect(page.locator('.camera')).toContainText('stopped because the page was hidden');
  await page.evaluate(() => delete document.hidden);
  await waitUntilReady(page);
  const last = await first();
  await page.waitForTimeout(500);
  expect(await first()).toBe(last);

  // Another photo ends it as well.
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await expect(page.locator('.thumb')).toHaveCount(7);
  await page.getByRole('button', { name: 'Look at Coffee cup' }).click();
  await expect(page.locator('.camera')).toContainText('another photo was chosen');
  await waitUntilReady(page);
  await expect(page.getByRole('button', { name: 'Start the camera' })).toBeVisible();
});

test('where canvases give back noise the camera is not looked at, and the page says why', { tag: '@page' }, async ({ page }) => {
  const site = await openNoisy(page);
  try {
    const before = await page.evaluate(() => globalThis.featurescope.state.photo);
    await openClassroom(page, 'Camera');
    await page.getByRole('button', { name: 'Start the camera' }).click();
    await expect(page.locator('.camera')).toContainText('the network would see noise');
    await expect(page.locator('.camera video')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Start the camera' })).toBeVisible();
    expect(await page.evaluate(() => globalThis.featurescope.state.photo)).toBe(before);
    await expect(page.getByRole('alert')).toHaveCount(0);
  } finally {
    await site.close();
  }
});
