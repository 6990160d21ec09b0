// The strip of the network below the photo: one thumbnail for each layer that it shows, by mouse and by keyboard, at any width.

import { english } from './english.mjs';
import { expect, test, waitUntilReady } from './fixtures.mjs';

// The strip scrolls smoothly, which is looked at here.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

const thumbnails = (page) => page.getByTestId('depth-layer');

/** Goes to the strip, and waits until its thumbnails have their maps. */
async function drawn(page) {
  await page.locator('#depth').scrollIntoViewIfNeeded();
  await expect(page.locator('[data-testid=depth-layer] canvas[data-drawn]').first()).toBeVisible({ timeout: 60_000 });
}

/** What the page looks at, once it has looked. */
async function lookedAt(page, layer) {
  await page.waitForFunction((id) => globalThis.featurescope.state.look?.layer === id && !globalThis.featurescope.state.progress, layer, { timeout: 60_000 });
  await waitUntilReady(page);
}

test('one thumbnail for each layer, of the map that a look finds strongest; a click looks at the layer', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await drawn(page);
  const { shown, maps } = await page.evaluate(async () => {
    const { shownLayers } = await import('./questions/look/depth-layers.js');
    const { model, depth } = globalThis.featurescope.state;
    return { shown: shownLayers(model.layers).map(({ id }) => id), maps: depth.found[0].maps.map(({ layer, map }) => [layer, map]) };
  });
  expect(shown.length).toBeGreaterThan(30);
  const entries = await thumbnails(page).evaluateAll((list) => list.map(({ dataset }) => [dataset.layer, Number(dataset.map)]));
  expect(entries.map(([layer]) => layer)).toEqual(shown);
  expect(entries).toEqual(maps);
  // The last layer but one is looked at from the start, and stands in the part of the strip that is in sight.
  await page.locator('#depth-heading').scrollIntoViewIfNeeded();
  await page.locator('.depth-caption').scrollIntoViewIfNeeded();
  const current = page.locator('[data-testid=depth-layer][aria-current=true]');
  await expect(current).toHaveAttribute('data-layer', 'fire9/concat');
  await expect(current).toBeInViewport();
  await expect(current).toHaveAttribute('data-map', await page.getByTestId('map-tile').first().getAttribute('data-map'));

  const chosen = page.locator('[data-testid=depth-layer][data-layer="fire5/concat"]');
  await chosen.click();
  await lookedAt(page, 'fire5/concat');
  await expect(chosen).toHaveAttribute('aria-current', 'true');
  await expect(chosen).toHaveAttribute('data-map', await page.getByTestId('map-tile').first().getAttribute('data-map'));
  await expect(page.locator('.depth-caption')).toContainText(/Layer \d+ of \d+ looks at pieces of .* fire5\/concat/);
  // Another layer of the same photo asks for nothing anew; another photo does.
  expect(await page.evaluate(() => globalThis.featurescope.state.depth.found.length)).toBe(1);
  await page.evaluate(() => globalThis.featurescope.choosePhoto(globalThis.featurescope.state.photos[1].id));
  await page.waitForFunction(() => globalThis.featurescope.state.depth.found.length === 2, null, { timeout: 60_000 });
});

test('by keyboard: one stop of Tab, arrows, Home and End move, Enter chooses', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await drawn(page);
  await expect(page.locator('[data-testid=depth-layer][tabindex="0"]')).toHaveCount(1);
  await page.locator('[data-testid=depth-layer][tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(thumbnails(page).first()).toBeFocused();
  await expect(thumbnails(page).first()).toBeInViewport();
  await page.keyboard.press('ArrowRight');
  await expect(thumbnails(page).nth(1)).toBeFocused();
  await expect(thumbnails(page).nth(1)).toHaveAccessibleName(/^Layer 2 of \d+ looks at pieces of \d+×\d+ pixels\. Map \d+ lights up most\. \S+$/);
  const layer = await thumbnails(page).nth(1).getAttribute('data-layer');
  await page.keyboard.press('Enter');
  await lookedAt(page, layer);
  await expect(thumbnails(page).nth(1)).toBeFocused();
  await expect(thumbnails(page).nth(1)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('End');
  await expect(thumbnails(page).last()).toBeFocused();
  await expect(thumbnails(page).last()).toBeInViewport();
  await page.keyboard.press('ArrowRight');
  await expect(thumbnails(page).last()).toBeFocused();
  // The layer before its activation stands where the one after it does.
  await page.evaluate(() => globalThis.featurescope.chooseLayer('conv1'));
  await lookedAt(page, 'conv1');
  await expect(thumbnails(page).first()).toHaveAttribute('aria-current', 'true');
});

test('at 320 pixels and with 308 layers the strip scrolls, and the page does not', { tag: '@page' }, async ({ openPage, page: tab }) => {
  await tab.setViewportSize({ width: 320, height: 740 });
  const page = await openPage();
  const place = page.locator('#depth');
  const before = await place.evaluate((element) => element.getBoundingClientRect().height);
  await place.scrollIntoViewIfNeeded();
  await drawn(page);
  // What was kept free is what it takes.
  expect(Math.abs((await place.evaluate((element) => element.getBoundingClientRect().height)) - before)).toBeLessThanOrEqual(1);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await page.evaluate(() => {
    const session = globalThis.featurescope;
    const { model } = session.state;
    const layers = Array.from({ length: 308 }, (_, place) => ({ ...model.layers[1], id: `layer ${place}`, relu: 'none' }));
    session.set({ model: { ...model, layers } });
  });
  await expect(thumbnails(page)).toHaveCount(308);
  await thumbnails(page).first().focus();
  await page.keyboard.press('End');
  await expect(thumbnails(page).last()).toBeInViewport();
  await expect(thumbnails(page).last()).toHaveAccessibleName(/^Layer 308 of 308/);
  expect(await overflow()).toBe(0);
});

test('a newer look ends what the strip has asked for, and gets its own', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const outcome = await page.evaluate(async () => {
    const session = globalThis.featurescope;
    const { askDepth } = await import('./questions/look/depth-ask.js');
    session.set({ depth: { found: [], isOff: false } });
    const asked = askDepth(session);
    await session.choosePhoto(session.state.photos[2].id);
    return asked;
  });
  expect(outcome).toBe('cancelled');
  await page.waitForFunction(() => {
    const { depth, photo } = globalThis.featurescope.state;
    return depth.found.length === 1 && depth.found[0].photo === photo && depth.found[0].maps.length > 30;
  }, null, { timeout: 60_000 });
});

test('in Chinese the strip speaks no English; as the article, whose layer is fixed, nothing can be chosen', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage({ lang: 'zh' });
  await drawn(page);
  await expect(page.locator('.depth-caption')).toContainText('第 36 层');
  expect(await english(page)).toEqual([]);
  await page.evaluate(() => globalThis.featurescope.setArticle(true));
  await page.waitForFunction(() => globalThis.featurescope.state.depth.found.length === 2, null, { timeout: 60_000 });
  await expect(thumbnails(page).first()).toBeDisabled();
  await expect(page.locator('[data-testid=depth-layer][aria-current=true]')).toHaveCount(1);
});
