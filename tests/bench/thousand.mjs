// A class of a thousand images through the page, as a visitor drops them.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneCore } from './one-core.mjs';

/** Images of the large class, and of the small one beside it, since one folder alone is no class. */
const IMAGES = { many: 1000, few: 10 };
/** Images written by one call, so that no message between node and browser is too large. */
const BATCH = 50;
/** Runs that the bare time is the median of. So many before them make the browser compile the engine as well as it can. */
const BARE = 25;
/** Images after which memory counts as that of the start: what a first run allocates is not growth. */
const START = 100;

/** Bytes that the engine keeps of each map of an image: mean, maximum, its place, and a place in the ranking
 * (src/analysis/image_set.rs). They are what the visitor asked for, and no leak. */
const KEPT = 4 * 4;

/**
 * @typedef {object} Thousand
 * @property {number} images
 * @property {number} perImage milliseconds, from the press of the button to the last image
 * @property {number} bare milliseconds of a run of the network alone on such an image, the median; the mean of before and
 *   after, since a machine may be faster at one time than at another
 * @property {number} wasmAtStart bytes of the engine's memory after the first hundred images
 * @property {number} wasmAtEnd
 * @property {number} kept bytes of the numbers that are kept of the images in between
 * @property {number} heapAtStart bytes of the page's own JavaScript
 * @property {number} heapAtEnd the same at the last tenth of the images
 * @property {number} heapWithFindings and when what was found in them is shown, with the code and the charts that show it
 * @property {number} longest milliseconds of the longest task on the main thread, 0 where none was over 50
 */

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address of the page
 * @param {string} root of the checkout's server
 * @param {{ alone?: boolean }} [options] `alone`: with a single worker, whatever the machine has
 * @returns {Promise<Thousand>}
 */
export async function thousand(browser, address, root, { alone = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'featurescope-thousand-'));
  const context = await browser.newContext();
  try {
    if (alone) await oneCore(context);
    const page = await context.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(address);
    await ready(page);
    await writeImages(page, folder, root);
    await page.locator('#folder-input').setInputFiles(folder);
    await ready(page);
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
      }).observe({ type: 'longtask' });
    });
    const protocol = await context.newCDPSession(page);
    const heap = async () => {
      await protocol.send('HeapProfiler.collectGarbage');
      return (await protocol.send('Runtime.getHeapUsage')).usedSize;
    };
    const wasm = () => page.evaluate(async () => (await globalThis.featurescope.scope.memory()).wasmBytes);
    const bareRun = () => page.evaluate(async (runs) => {
      const { model, state } = globalThis.featurescope;
      const photo = state.photos.at(-1).source;
      const times = [];
      for (let run = 0; run < runs; run++) {
        const look = await model.look(photo);
        times.push(look.milliseconds);
        look.close();
      }
      return times.sort((a, b) => a - b)[runs >> 1];
    }, BARE);

    await bareRun();
    const before = await bareRun();
    const total = IMAGES.many + IMAGES.few;
    await page.evaluate(() => (globalThis.longest = 0));
    await timeUntil(page, `Found in ${total} images`);
    await page.getByRole('button', { name: 'Find the maps' }).click();
    const reached = (count) => page.waitForFunction((images) => {
      const { textContent } = document.querySelector('#classes [role=status]');
      return textContent.includes('Found in') || Number(/\b(\d+) of \d+ images/.exec(textContent)?.[1]) >= images;
    }, count);
    await reached(START);
    const atStart = { wasm: await wasm(), heap: await heap() };
    await reached(Math.floor(total * 0.9));
    // Before the findings are shown, whose code and charts come once, however many images there are.
    const heapAtEnd = await heap();
    const perImage = (await page.evaluate(() => globalThis.found)) / total;
    const longest = await page.evaluate(() => globalThis.longest);
    const bare = (before + (await bareRun())) / 2;
    const kept = (total - START) * KEPT * (await page.evaluate(() => globalThis.featurescope.workbench.study.channels));
    return { images: total, kept, perImage, bare, wasmAtStart: atStart.wasm, wasmAtEnd: await wasm(), heapAtStart: atStart.heap, heapAtEnd, heapWithFindings: await heap(), longest };
  } finally {
    await context.close();
    await rm(folder, { recursive: true });
  }
}

/**
 * Lets the page itself measure from the next press of a button to a sentence of the classes' status: asking from outside would
 * add up to half a second.
 * @param {import('@playwright/test').Page} page
 * @param {string} sentence
 */
async function timeUntil(page, sentence) {
  await page.evaluate((sentence) => {
    const classes = document.querySelector('#classes');
    globalThis.found = new Promise((resolve) => {
      classes.addEventListener('click', () => {
        const begun = performance.now();
        const observer = new MutationObserver(() => {
          if (!classes.querySelector('[role=status]').textContent.includes(sentence)) return;
          observer.disconnect();
          resolve(performance.now() - begun);
        });
        observer.observe(classes, { subtree: true, childList: true, characterData: true });
      }, { once: true, capture: true });
    });
  }, sentence);
}

/** @param {import('@playwright/test').Page} page */
async function ready(page) {
  await page.waitForFunction(() => document.body.dataset.state === 'ready');
}

/**
 * Writes different cuts of the bundled photos as JPEG files of 320×320 pixels.
 * @param {import('@playwright/test').Page} page
 * @param {string} folder
 * @param {string} root
 */
async function writeImages(page, folder, root) {
  for (const [name, count] of Object.entries(IMAGES)) {
    await mkdir(join(folder, name));
    for (let from = 0; from < count; from += BATCH) {
      const files = await page.evaluate(async ([root, from, to]) => {
        const photos = ['astronaut.jpg', 'chelsea.webp', 'coffee.jpg', 'rocket.jpg'];
        globalThis.bitmaps ??= await Promise.all(photos.map(async (photo) => createImageBitmap(await (await fetch(`${root}models/photos/${photo}`)).blob())));
        const canvas = new OffscreenCanvas(320, 320);
        const context = canvas.getContext('2d');
        const files = [];
        for (let place = from; place < to; place++) {
          const bitmap = globalThis.bitmaps[place % globalThis.bitmaps.length];
          const side = Math.min(bitmap.width, bitmap.height) * (0.6 + 0.4 * ((place * 0.618) % 1));
          context.drawImage(bitmap, (bitmap.width - side) * ((place * 0.755) % 1), (bitmap.height - side) * ((place * 0.57) % 1), side, side, 0, 0, 320, 320);
          const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })).arrayBuffer());
          files.push(bytes.toBase64());
        }
        return files;
      }, [root, from, Math.min(count, from + BATCH)]);
      await Promise.all(files.map((file, place) => writeFile(join(folder, name, `${from + place}.jpg`), Buffer.from(file, 'base64'))));
    }
  }
}
