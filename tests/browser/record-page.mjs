/**
 * Takes docs/page.jpg, the picture of the page in the README:
 *
 *     cargo xtask build && node tests/browser/record-page.mjs
 *
 * It serves dist/ and waits until the page has looked at its first photo on the CPU engine.
 */

import { fileURLToPath } from 'node:url';

import { openLooked, withPage } from './recorder.mjs';

await withPage(async (page, address) => {
  await openLooked(page, address);
  // Tiles that come into sight are drawn one after another.
  await page.waitForFunction(() => Array.from(document.querySelectorAll('#look canvas.overlay'))
    .filter((canvas) => canvas.getBoundingClientRect().top < innerHeight).every((canvas) => canvas.dataset.drawn));
  // So is the strip of the network, and the places where the map lights up are photos of their own.
  await page.locator('[data-testid=depth-layer] canvas[data-drawn]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/page.jpg', import.meta.url)), type: 'jpeg', quality: 85 });
}, { viewport: { width: 1440, height: 900 } });
