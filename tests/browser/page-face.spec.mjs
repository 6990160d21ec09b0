// What a newcomer meets: few words, in a size that can be read, buttons of two sizes, and nothing that jumps.

import { expect, question, test, waitUntilReady } from './fixtures.mjs';

const SIZES = [{ width: 1440, height: 900 }, { width: 360, height: 740 }];
/** Words of the first screen at the most, and the smallest size of its letters in pixels. */
const WORDS = 120;
const SMALLEST = 13;
/** Heights of buttons in pixels: of the usual, and of the small ones. What is a link, a tile or a picture is none. */
const BUTTONS = [30, 36];
/** Cumulative layout shift, as https://web.dev/articles/cls defines it: below .1 is called good. */
const SHIFT = 0.02;

/** The texts in sight, each with the size of its letters. */
async function textsInSight(page) {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const text = node.textContent.trim();
      const { parentElement } = node;
      if (!text || parentElement.closest('.visually-hidden, option, noscript, #not-started, .skip')) continue;
      if (!parentElement.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      // What only those hear who do not see the page is as small as a point.
      if (parentElement.offsetWidth < 3 || getComputedStyle(parentElement).clipPath !== 'none') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { top, bottom, left, right, width } = range.getBoundingClientRect();
      if (width < 2 || bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) continue;
      found.push({ text, size: parseFloat(getComputedStyle(parentElement).fontSize), tag: parentElement.tagName });
    }
    // A closed list shows the beginning of its chosen option, as much as it has room for.
    for (const list of document.querySelectorAll('select')) {
      const { top } = list.getBoundingClientRect();
      if (!list.checkVisibility() || top >= innerHeight) continue;
      const letters = Math.floor(list.clientWidth / 9);
      found.push({ text: (list.selectedOptions[0]?.label ?? '').slice(0, letters), size: parseFloat(getComputedStyle(list).fontSize), tag: 'SELECT' });
    }
    return found;
  });
}

for (const size of SIZES) {
  test(`the first screen has few words that can be read, at ${size.width}×${size.height}`, { tag: '@page' }, async ({ openPage, page }) => {
    await page.setViewportSize(size);
    await openPage();
    const texts = await textsInSight(page);
    const words = texts.flatMap(({ text }) => text.split(/\s+/)).filter((word) => /\p{L}/u.test(word));
    expect(words.length, words.join(' ')).toBeLessThanOrEqual(WORDS);
    expect(texts.filter((text) => text.size < SMALLEST)).toEqual([]);
    const sentences = texts.filter(({ text, tag }) => tag !== 'SUMMARY' && text.split(/\s+/).length > 7);
    expect(sentences.length).toBeGreaterThan(0);
  });

  test(`nothing jumps while the page comes, at ${size.width}×${size.height}`, { tag: '@page' }, async ({ page, openPage }) => {
    await page.setViewportSize(size);
    await page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries())
          if (!hadRecentInput) globalThis.shifts.push({ value, sources: sources.map(({ node }) => node?.className || node?.nodeName) });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await openPage();
    await page.waitForTimeout(1500);
    const shifts = await page.evaluate(() => globalThis.shifts);
    expect(shifts.reduce((sum, { value }) => sum + value, 0), JSON.stringify(shifts)).toBeLessThan(SHIFT);
  });
}

test('there are buttons of two sizes, and no text is smaller than it may be, in every view', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  for (const view of ['Look', 'Draw', 'Classes', 'Everywhere', 'Unique']) {
    await question(page, view).click();
    if (view === 'Classes') await expect(page.locator('#classes').getByRole('status').first()).toContainText('Found in 93 images', { timeout: 200_000 });
    await waitUntilReady(page);
    expect((await textsInSight(page)).filter((text) => text.size < SMALLEST), view).toEqual([]);
    const heights = await page.locator('button:visible').evaluateAll((buttons) =>
      buttons
        .filter((button) => !button.matches('.link, .tile, .thumb, .prediction, .remove, .evidence-drawing, .chips button, :has(img), :has(canvas)'))
        .map((button) => ({ height: Math.round(button.getBoundingClientRect().height), text: button.textContent })),
    );
    expect(heights.filter(({ height }) => !BUTTONS.includes(height)), view).toEqual([]);
  }
});
