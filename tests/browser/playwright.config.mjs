// Browser tests: every test runs on both engines, but for the few that are about one of them, in the Chromium that
// CHROMIUM names (`cargo xtask test` sets it) or that is found on PATH, against dist/ on a server of its own. By hand: `npx playwright test -c tests/browser/playwright.config.mjs`.

import { defineConfig } from '@playwright/test';
import { chromiumArguments, chromiumPath } from './chromium.mjs';

const port = Number(process.env.PORT ?? 8491);
// A static host may serve dist/ from any folder: an address that begins with a slash would not be found here.
const base = '/a/sub-path/';
const xtask = process.env.XTASK ? `"${process.env.XTASK}"` : 'cargo xtask';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.mjs',
  outputDir: '../../target/browser-results',
  // Both engines compute on every core; two tests at once would only make each other late.
  workers: 1,
  fullyParallel: false,
  // A test that needs a second try is a failure that waits to happen.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: `http://localhost:${port}${base}`,
    launchOptions: {
      executablePath: chromiumPath(),
      args: chromiumArguments,
    },
  },
  projects: [
    { name: 'cpu', use: { engine: 'cpu' } },
    // What is asked of the CPU engine alone has this tag.
    { name: 'webgpu', use: { engine: 'webgpu' }, grepInvert: /@cpu/ },
  ],
  webServer: {
    command: `${xtask} serve --no-build --no-open --cors --port ${port} --base ${base}`,
    cwd: '../..',
    url: `http://localhost:${port}${base}index.html`,
    reuseExistingServer: !process.env.CI,
    timeout: 120_000,
  },
});
