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
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${site.address}?engine=cpu`);
  await page.waitForFunction(() => document.body.dataset.state === 'ready', null, { timeout: 120_000 });
  // Tiles that come into sight are drawn one after another.
  await page.waitForFunction(() => Array.from(document.querySelectorAll('#look canvas.overlay'))
    .filter((canvas) => canvas.getBoundingClientRect().top < innerHeight).every((canvas) => canvas.dataset.drawn));
  await page.screenshot({ path: fileURLToPath(new URL('../../docs/page.jpg', import.meta.url)), type: 'jpeg', quality: 85 });
} finally {
  await browser.close();
  await site.close();
}
