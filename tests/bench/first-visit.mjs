// What a first visit waits for.

import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

/**
 * Opens the page with nothing cached.
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address of the page
 * @returns {Promise<{ picture: number, recorded: number, live: number }>} milliseconds from the navigation to the paint of the first picture, which
 *   was recorded when the page was made, as the browser times it; to the first tile of the recorded maps, which the page's scripts
 *   paint; and to the engine's own maps
 */
export async function firstVisit(browser, address) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const look = () => {
        const painted = document.querySelector('.grid canvas[data-drawn]');
        if (painted) globalThis.tilesAt ??= performance.now();
        if (painted && document.body.dataset.state === 'ready') globalThis.liveAt = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      new PerformanceObserver((list) => {
        for (const { element, startTime } of list.getEntries()) {
          // Where the page's own picture came first, it is a tile that did.
          if (element?.className === 'first-picture') globalThis.pictureAt ??= startTime;
        }
      }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    await page.goto(address);
    await page.waitForFunction(() => globalThis.liveAt || document.body.dataset.state === 'error', null, { timeout: 300_000 });
    const times = await page.evaluate(() => ({
      picture: globalThis.pictureAt ?? globalThis.tilesAt,
      recorded: globalThis.tilesAt,
      live: globalThis.liveAt,
    }));
    if (!times.live) throw new Error(`the page failed: ${(await page.getByRole('alert').allInnerTexts()).join(' ')}`);
    return times;
  } finally {
    await context.close();
  }
}

/**
 * @param {URL} file
 * @returns {Promise<{ bytes: number, gzip: number }>}
 */
export async function sizes(file) {
  const content = await readFile(file);
  return { bytes: content.length, gzip: gzipSync(content, { level: 9 }).length };
}
