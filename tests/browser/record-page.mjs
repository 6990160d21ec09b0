/**
 * Takes docs/page.jpg, the picture of the page in the README:
 *
 *     cargo xtask build && node tests/browser/record-page.mjs
 *
 * It serves dist/ and waits until the page has looked at its first photo on the CPU engine.
 */

import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { chromiumArguments, chromiumPath } from './chromium.mjs';
import { startSite } from './site.mjs';

const site = await startSite();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${site.address}?engine=cpu`);
  await page.waitForFunction(() => document.body.dataset.state === 'ready', null, { timeout: 120_000 });
  // Tiles that come into sight are drawn one after another.
  await page.waitForFunction(() => Array.from(document.querySelectorAll('#look canvas.overlay'))
    .filter((canvas) => canvas.getBoundingClientRect().top < innerHeight).every((canvas) => canvas.dataset.drawn));
  // So is the strip of the network, and the places where the map lights up are photos of their own.
  await page.locator('[data-testid=depth-layer] canvas[data-drawn]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/page.jpg', import.meta.url)), type: 'jpeg', quality: 85 });
} finally {
  await browser.close();
  await site.close();
}
