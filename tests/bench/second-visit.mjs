// What a visit waits for, and what the next one does.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../browser/chromium.mjs';

/** How long a visit may take before it counts as failed, in milliseconds. */
const LONGEST = 300_000;

/**
 * Between two visits, in milliseconds. Once a first look shows, the page loads the rest of the engine and begins threads, and the browser writes
 * down what it has compiled: a visit in the middle of that waits for the processor, and took half as long again as the first.
 */
const BETWEEN = 5_000;

/**
 * Opens the page in a profile that nothing was opened in, and once more when all that a visit keeps is kept.
 * @param {string} address of the page, by another name than `localhost`, where it keeps nothing
 * @param {'cpu' | 'webgpu'} device
 * @returns {Promise<{ first: number, second: number }>} milliseconds from the navigation until the page says that it is ready: the engine's own maps are drawn
 */
export async function twoVisits(address, device) {
  const folder = await mkdtemp(join(tmpdir(), 'featurescope-visits-'));
  const context = await chromium.launchPersistentContext(folder, { executablePath: chromiumPath(), args: chromiumArguments });
  try {
    const first = await visit(context, `${address}?engine=${device}`, device);
    const second = await visit(context, `${address}?engine=${device}`);
    return { first, second };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} address
 * @param {'cpu' | 'webgpu'} [keeps] the engine whose files are to be kept before the page is left
 */
async function visit(context, address, keeps) {
  const page = await context.newPage();
  page.setDefaultTimeout(LONGEST);
  await page.addInitScript(() => {
    const look = () => {
      if (document.body?.dataset.state === 'ready') globalThis.readyAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(address);
  await page.waitForFunction(() => globalThis.readyAt || document.body.dataset.state === 'error');
  const ready = await page.evaluate(() => globalThis.readyAt);
  if (!ready) throw new Error(`the page failed: ${(await page.getByRole('alert').allInnerTexts()).join(' ')}`);
  if (keeps) {
    const parts = [`engine/${keeps === 'webgpu' ? 'gpu' : keeps}/featurescope_later.wasm`, 'models/squeezenet1.1.onnx'];
    await page.waitForFunction(areKept, parts, { polling: 200 });
    await page.waitForTimeout(BETWEEN);
  }
  await page.close();
  return ready;
}

/** Whether files with these parts in their addresses are kept, and the page's own would come from there. @param {string[]} parts */
async function areKept(parts) {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.active) return false;
  const urls = [];
  for (const name of await caches.keys()) urls.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
  return parts.every((part) => urls.some((url) => url.includes(part)));
}
