/** What the scripts share that record something: dist/ is served, and opened in Chromium. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { chromiumArguments, chromiumPath } from './chromium.mjs';
import { startSite } from './site.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The model that the page opens with. */
export const MODEL = 'squeezenet1.1';

/** The folder of what is recorded of its maps, which is made where it is missing. */
export async function mapsFolder() {
  const folder = join(ROOT, 'models/maps', MODEL);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Has `work` done with a browser's page and the address of dist/, which ends with a slash. Nothing is given up because it takes long.
 * @param {(page: import('@playwright/test').Page, address: string) => Promise<void>} work
 * @param {import('@playwright/test').BrowserContextOptions} [options] of the page
 */
export async function withPage(work, options) {
  const site = await startSite();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
  try {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(0);
    await work(page, site.address);
  } finally {
    await browser.close();
    await site.close();
  }
}

/** The library's page: one of the site that shows nothing of ours. */
export const EMPTY = 'icons/icon.svg';

/** Opens the page on the CPU engine and waits until it has looked at its first photo. */
export async function openLooked(page, address) {
  await page.goto(`${address}?engine=cpu`);
  await page.waitForFunction(() => document.body.dataset.state === 'ready', null, { timeout: 120_000 });
}
