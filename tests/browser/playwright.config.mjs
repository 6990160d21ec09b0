// Browser tests, in the Chromium that CHROMIUM names (`cargo xtask test` sets it) or that is found on PATH, against dist/ on
// a server of its own. By hand: `npx playwright test -c tests/browser/playwright.config.mjs`.
//
// Every test runs on both engines, and beside another one, but for those with a tag:
// - `@page`: what it proves is the page's own doing (files, names, texts, columns, downloads, markup) and would be the same on
//   any engine that works, so it runs on the CPU engine.
// - `@cpu`: it is about the CPU engine alone.
// - `@webgpu`: it is about the GPU engine, and on the CPU would prove nothing.
// - `@alone`: it holds a limit of time or fills the memory, so nothing else runs meanwhile.
// - `@self-check`: the check of the GPU on a first visit, whose outcome the other tests begin with.

import { defineConfig } from '@playwright/test';
import { chromiumArguments, chromiumPath } from './chromium.mjs';
import { SELF_CHECK } from './self-check.mjs';

const port = Number(process.env.PORT ?? 8491);
// A static host may serve dist/ from any folder: an address that begins with a slash would not be found here.
const base = '/a/sub-path/';
const xtask = process.env.XTASK ? `"${process.env.XTASK}"` : 'cargo xtask';

/** One after another, after all others. */
const alone = { grep: /@alone/, workers: 1, outputDir: '../../target/browser-results-alone' };

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.mjs',
  outputDir: '../../target/browser-results',
  // A test computes on one core for much of its time, or waits for the page; with a third one at once they only make each
  // other late.
  workers: 2,
  fullyParallel: true,
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
    { name: 'self-check', use: { engine: 'webgpu' }, grep: /@self-check/ },
    // A bar that moves while something loads is drawn sixty times a second; the other engine's tests have it moving.
    { name: 'cpu', use: { engine: 'cpu', contextOptions: { reducedMotion: 'reduce' } }, grepInvert: /@self-check|@alone|@webgpu/ },
    { name: 'webgpu', use: { engine: 'webgpu', storageState: SELF_CHECK }, grepInvert: /@self-check|@alone|@cpu|@page/, dependencies: ['self-check'] },
    // `cargo xtask test` runs these by themselves, so that they run even where something else has failed.
    { ...alone, name: 'cpu alone', use: { engine: 'cpu' }, grepInvert: /@webgpu/, dependencies: ['cpu', 'webgpu'] },
    { ...alone, name: 'webgpu alone', use: { engine: 'webgpu' }, grepInvert: /@cpu/, dependencies: ['cpu alone'] },
  ],
  webServer: {
    command: `${xtask} serve --no-build --no-open --cors --port ${port} --base ${base}`,
    cwd: '../..',
    url: `http://localhost:${port}${base}index.html`,
    reuseExistingServer: !process.env.CI,
    timeout: 120_000,
  },
});
