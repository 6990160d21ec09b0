// A browser that protects against fingerprinting (Firefox's resistFingerprinting, some of Brave's settings).

import { readFileSync } from 'node:fs';

import { waitUntilReady } from './fixtures.mjs';
import { startSite } from './site.mjs';

/** What a browser that protects against fingerprinting does: pixels that are read are changed a little, files that are made too. */
export const NOISE = `
  for (const Context of [globalThis.CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D].filter(Boolean)) {
    const { getImageData } = Context.prototype;
    Context.prototype.getImageData = function (...place) {
      const pixels = getImageData.apply(this, place);
      for (let at = 0; at < pixels.data.length; at += 101) pixels.data[at] ^= 1;
      return pixels;
    };
  }
  for (const [Canvas, name] of [[globalThis.HTMLCanvasElement, 'toBlob'], [OffscreenCanvas, 'convertToBlob']]) {
    const make = Canvas?.prototype[name];
    if (make) Canvas.prototype[name] = function (...options) {
      this.getContext('2d').fillRect(0, 0, 1, 1);
      return make.apply(this, options);
    };
  }
`;

/** Opens the page where this is so on the page itself and in the worker. The site is the caller's to close. */
export async function openNoisy(page, parameters = '') {
  const site = await startSite();
  site.replaced.set('worker/inbox.js', `${NOISE}\n${readFileSync(new URL('../../dist/worker/inbox.js', import.meta.url), 'utf8')}`);
  await page.addInitScript(NOISE);
  await page.goto(`${site.address}?engine=cpu${parameters}`);
  await waitUntilReady(page);
  return site;
}
