// What the tests of the engines share, beyond those of the page.
//
// - `openBlank()`: an empty page of the same origin as dist/; files of the repository are served there by their paths.
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
      await page.route(/\/(tests|models\/fetched)\//, async (route) => {
        const path = join(ROOT, decodeURIComponent(new URL(route.request().url()).pathname));
        if (existsSync(path)) await route.fulfill({ path });
        else await route.fulfill({ status: 404 });
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
