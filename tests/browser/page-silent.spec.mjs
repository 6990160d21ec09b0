// A browser or a graphics card that never answers: the page says what it waits for, offers the CPU engine, and where the choice is
// its own takes it.

import { expect, test, waitUntilReady } from './fixtures.mjs';

/** Beyond what the browser's software adapter lets a page believe. */
const REAL = `
  for (const prototype of [GPUAdapter.prototype, globalThis.GPUAdapterInfo?.prototype]) {
    if (prototype && 'isFallbackAdapter' in prototype) Object.defineProperty(prototype, 'isFallbackAdapter', { get: () => false });
  }`;

/** What never settles. */
const SILENT = {
  adapter: 'GPU.prototype.requestAdapter = () => new Promise(() => {});',
  device: `${REAL} GPUAdapter.prototype.requestDevice = () => new Promise(() => {});`,
  answer: `${REAL} GPUBuffer.prototype.mapAsync = () => new Promise(() => {});`,
  report: `${REAL} GPUDevice.prototype.popErrorScope = () => new Promise(() => {});`,
};

/** The class of the cat that the page opens with. */
const TABBY = '285';

/** Opens the page with this added to its worker. */
async function open(page, parameters, added) {
  await page.route('**/worker/main.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${added}` });
  });
  await page.goto(`?${new URLSearchParams(parameters)}`);
}

/** The CPU engine has taken over, with this reason. */
async function expectCpu(page, reason) {
  const badge = page.locator('#engine-badge');
  await expect(badge).toHaveAttribute('data-engine', 'rten');
  await expect(badge).toContainText(reason);
  await waitUntilReady(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', TABBY);
  await expect(badge.getByRole('button')).toBeHidden();
}

const STEPS = [
  ['requestAdapter', SILENT.adapter, 'name a graphics card', 'has not named a graphics card for 10 seconds'],
  ['requestDevice', SILENT.device, 'hand out the graphics card', 'has not handed out the graphics card for 10 seconds'],
  ['the first run’s mapAsync', SILENT.answer, 'the graphics card’s first run', 'has not answered in its first run for 10 seconds'],
  ['the first run’s popErrorScope', SILENT.report, 'the graphics card’s first run', 'has not answered in its first run for 10 seconds'],
];

// All pages wait at once.
test(`${STEPS.map(([what]) => what).join(', ')}: where one never settles it is said, and after ten seconds the CPU computes`, { tag: '@webgpu' }, async ({ anotherPage }) => {
  test.setTimeout(300_000);
  await Promise.all(STEPS.map(async ([what, added, waiting, reason]) => {
    const page = await anotherPage();
    await open(page, {}, added);
    const badge = page.locator('#engine-badge');
    await expect(badge, what).toContainText(`Waiting for`);
    await expect(badge, what).toContainText(waiting);
    await expect(badge.getByRole('button', { name: 'Use the CPU engine' }), what).toBeVisible();
    await expectCpu(page, reason);
  }));
});

test.describe('on a first visit', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('the check never settles: it is said, and after ten seconds the CPU computes', { tag: '@webgpu' }, async ({ page }) => {
    test.setTimeout(300_000);
    await open(page, {}, SILENT.answer);
    await expect(page.locator('#engine-badge')).toContainText('Waiting for the check of the graphics card');
    await expectCpu(page, 'check of the graphics card has not answered for 10 seconds');
  });
});

test('the offer is taken before the time is over', { tag: '@webgpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  await open(page, { lang: 'zh' }, SILENT.device);
  const badge = page.locator('#engine-badge');
  await expect(badge).toContainText('正在等浏览器交出显卡');
  await badge.getByRole('button', { name: '改用 CPU 引擎' }).click();
  await expectCpu(page, '已按要求使用 CPU 引擎');
});

test('a forced adapter that never answers is an error with a way out, a forced card that never ends its first run is waited for until the visitor takes the CPU', { tag: '@webgpu' }, async ({ anotherPage }) => {
  test.setTimeout(300_000);
  const adapter = async () => {
    const page = await anotherPage();
    await open(page, { engine: 'webgpu' }, SILENT.adapter);
    await expect(page.locator('body')).toHaveAttribute('data-state', 'error');
    await expect(page.getByRole('alert')).toContainText('has not handed out the graphics card for 10 seconds');
    const badge = page.locator('#engine-badge');
    await expect(badge).toContainText('not started');
    await badge.getByRole('button', { name: 'Use the CPU engine' }).click();
    await expectCpu(page, 'The CPU engine was asked for');
    await expect(page.getByRole('alert')).toHaveCount(0);
  };
  const card = async () => {
    const page = await anotherPage();
    await open(page, { engine: 'webgpu' }, SILENT.answer);
    const badge = page.locator('#engine-badge');
    // Beyond the limit that holds where the choice is the page's.
    await expect(badge).toContainText('first run, 12 s so far…');
    await expect(page.locator('body')).toHaveAttribute('data-state', 'loading');
    await badge.getByRole('button', { name: 'Use the CPU engine' }).click();
    await expectCpu(page, 'The CPU engine was asked for');
  };
  await Promise.all([adapter(), card()]);
});

// The public API, without a look before it. Only steps of a drawing run a network here.
test('a drawing whose first run’s mapAsync or popErrorScope never settles is said and moves to the CPU', { tag: '@webgpu' }, async ({ page, anotherPage }) => {
  test.setTimeout(300_000);
  const silent = async (own, added) => {
    await own.route('**/worker/main.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n${added}` });
    });
    // Any page of the site that starts no engine of its own.
    await own.goto('licences.txt');
    const found = await own.evaluate(async () => {
      const { Featurescope } = await import(new URL('featurescope.js', location.href).href);
      const scope = await Featurescope.create();
      const model = await scope.open('story-plain');
      const before = model.engine.name;
      const waited = [];
      const onProgress = ({ waiting }) => waiting && waited.push(waiting);
      const drawing = await model.draw({ map: 0 }, { preset: 'modern', size: 48, steps: 3, onProgress });
      return { before, waited, steps: drawing.activations.length, name: model.engine.name, reason: model.engine.reason };
    });
    expect(found.before).toBe('wonnx');
    expect(found.waited[0]).toEqual({ for: 'run', seconds: 3, limit: 10 });
    expect([found.steps, found.name]).toEqual([3, 'rten']);
    expect(found.reason).toContain('has not answered in its first run for 10 seconds');
  };
  const other = await anotherPage();
  await Promise.all([silent(page, SILENT.answer), silent(other, SILENT.report)]);
});
