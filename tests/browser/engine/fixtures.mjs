// What the tests of the engines share, beyond those of the page.
//
// - `openBlank()`: an empty page of the same origin as dist/; the repository's tests/ and models are served there too. Its
//   `root` is the address of dist/.
// - `callEngine(name, ...content)`: runs a function of worker.mjs on the project's engine.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { test as base } from '../fixtures.mjs';

export { expect, waitUntilReady } from '../fixtures.mjs';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export const test = base.extend({
  openBlank: async ({ page, engine }, use) => {
    await use(async () => {
      await page.route(/\/(tests\/.*|models\/[^/]*\.onnx)/, async (route) => {
        const [inside] = /(tests|models)\/.*/.exec(decodeURIComponent(new URL(route.request().url()).pathname));
        // What dist/ holds comes from there; it lacks models that the page does not offer.
        if (existsSync(join(ROOT, 'dist', inside))) return route.continue();
        const places = [inside, inside.replace('models/', 'models/fetched/')].map((place) => join(ROOT, place));
        const path = places.find((place) => existsSync(place));
        await route.fulfill(path ? { path } : { status: 404 });
      });
      await page.goto(`tests/browser/engine/page.html?engine=${engine}`);
      return page;
    });
  },

  callEngine: async ({ page, openBlank }, use) => {
    await openBlank();
    await page.waitForFunction(() => globalThis.callEngine);
    await use((name, ...content) => page.evaluate(([called, passed]) => globalThis.callEngine(called, ...passed), [name, content]));
  },
});
