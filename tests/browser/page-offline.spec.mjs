// Once visited, the page works without a network; a newer version waits until the visitor asks for it.

import { expect, question, test, waitUntilReady } from './fixtures.mjs';
import { otherVersion, startSite } from './site.mjs';

/** Paths of what is kept, without the hash of their content. */
const kept = (page) => page.evaluate(async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  }
  return found;
});

const keptWith = (page, part) => expect.poll(async () => (await kept(page)).some((url) => url.includes(part)), { timeout: 60_000 });

const means = (page) => page.getByTestId('map-tile').evaluateAll((tiles) => tiles.slice(0, 10).map(({ dataset }) => [dataset.map, dataset.mean]));

test('a visit later it opens without a network, after an old version gave way to this one @page', async ({ page, engine, context }) => {
  test.setTimeout(300_000);
  const site = await startSite('/a/b/');
  try {
    site.replaced = await otherVersion({ 'page/text.js': (code) => code.replace('All maps, strongest first', 'This is an older version.') });
    const [used, unused] = engine === 'cpu' ? ['engine/cpu/', 'engine/gpu/'] : ['engine/gpu/', 'engine/cpu/'];
    const open = async () => {
      await page.goto(`${site.address}?engine=${engine}`);
      await waitUntilReady(page);
    };

    await open();
    await expect(page.getByText('This is an older version.')).toBeVisible();
    await keptWith(page, `${used}featurescope_bg.wasm`).toBe(true);
    await keptWith(page, `${used}featurescope_later.wasm`).toBe(true);
    await keptWith(page, 'models/squeezenet1.1.onnx').toBe(true);
    await keptWith(page, 'classes/panel.js').toBe(true);
    expect((await kept(page)).filter((url) => url.includes(unused)), 'the other engine').toEqual([]);
    expect((await kept(page)).filter((url) => url.endsWith('.onnx')).length).toBeLessThanOrEqual(1);
    const oldFiles = await kept(page);

    // The host has this version now; the visitor still sees the old one, whole, and is asked.
    site.replaced = new Map();
    await open();
    await expect(page.getByText('This is an older version.')).toBeVisible();
    await expect(page.locator('.new-version')).toContainText('There is a new version.');
    // Isolated by now, the CPU engine has threads.
    if (engine === 'cpu') await keptWith(page, 'featurescope_thread.wasm').toBe(true);
    site.requests.length = 0;
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByText('All maps, strongest first')).toBeVisible();
    await waitUntilReady(page);
    const before = await means(page);
    expect(site.requests.filter((path) => /\.(wasm|onnx)$/.test(path)), 'what has not changed is not loaded again').toEqual([]);
    const oldText = oldFiles.find((url) => url.includes('/page/text.js?'));
    await expect.poll(async () => (await kept(page)).includes(oldText), 'the old file is gone').toBe(false);

    await site.close();
    await context.setOffline(true);
    await page.reload();
    await waitUntilReady(page);
    expect(await means(page)).toEqual(before);
    await page.getByRole('button', { name: 'Look at Coffee cup' }).click();
    await expect.poll(() => means(page)).not.toEqual(before);
    await waitUntilReady(page);
    // Parts that load on demand, and the other language.
    await page.getByRole('button', { name: 'Sort into classes…' }).click();
    await expect(page.locator('#classes h2').first()).toBeVisible();
    // Without a network the photos of classes are not there to be asked of.
    await question(page, 'Look').click();
    await page.getByRole('button', { name: '中文' }).click();
    await expect(page.locator('#look-heading')).toHaveText('它在看哪里？');
    await waitUntilReady(page);
  } finally {
    await site.close();
  }
});

test('a file of another version is never used beside this one, and every tab is told of a new version', { tag: '@page' }, async ({ page, engine, context, expectedErrors }) => {
  test.setTimeout(240_000);
  expectedErrors.push(/Failed to load resource|Failed to fetch|net::ERR_FAILED/);
  const site = await startSite('/a/b/');
  try {
    const open = async (tab) => {
      await tab.goto(`${site.address}?engine=${engine}`);
      await waitUntilReady(tab);
    };
    await open(page);
    await keptWith(page, 'classes/panel.js').toBe(true);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const second = await context.newPage();
    await open(second);
    // A hard reload goes past the service worker, as a tab does that loads in the moment in which a first version starts.
    const past = await context.newPage();
    await open(past);
    await (await context.newCDPSession(past)).send('Page.reload', { ignoreCache: true });
    await past.waitForFunction(() => navigator.serviceWorker.controller === null);
    await waitUntilReady(past);
    // What is not kept yet is asked for when the host has another version.
    await page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) if (/\/models\/story\//.test(url) || url.includes('share/panel.js')) await cache.delete(url);
      }
    });
    site.replaced = await otherVersion({ 'share/panel.js': (code) => `${code}\nglobalThis.another = true;` });
    const outcome = await page.evaluate(async () => import(new URL('share/panel.js', location.href.replace(/\?.*/, '')).href).then(() => 'loaded', () => 'refused'));
    expect(outcome).toBe('refused');
    expect(await page.evaluate(() => globalThis.another)).toBe(undefined);
    for (const tab of [page, second, past]) await expect(tab.locator('.new-version')).toContainText('There is a new version.');
    // The visitor may put that off, and is told again when another tab goes over.
    await past.getByRole('button', { name: 'Later' }).click();
    await expect(past.locator('.new-version')).toHaveCount(0);
    // One tab goes over; the others are told, and go over when they want to.
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(page.locator('.new-version')).toHaveCount(0);
    await waitUntilReady(page);
    for (const tab of [second, past]) {
      await expect(tab.locator('.new-version')).toBeVisible();
      await tab.getByRole('button', { name: 'Reload' }).click();
      await expect(tab.locator('.new-version')).toHaveCount(0);
    }
    for (const tab of [page, second, past]) {
      await waitUntilReady(tab);
      await tab.evaluate(() => import(new URL('share/panel.js', location.href.replace(/\?.*/, '')).href).then(() => {}));
      expect(await tab.evaluate(() => globalThis.another)).toBe(true);
    }
  } finally {
    await site.close();
  }
});

test('it can be installed as an app', { tag: '@page' }, async ({ page, engine }) => {
  const site = await startSite('/a/b/');
  try {
    await page.goto(`${site.address}?engine=${engine}`);
    await waitUntilReady(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const session = await page.context().newCDPSession(page);
    const { errors, manifest, url } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(url).toBe(`${site.address}manifest.webmanifest`);
    expect(manifest.startUrl ?? '').toContain('/a/b/');
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A test's window is a private one, which is all that may stand in the way.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  } finally {
    await site.close();
  }
});

test('on the machine of whoever develops it nothing is kept', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});
