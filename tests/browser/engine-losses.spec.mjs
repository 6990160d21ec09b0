// Lost devices and workers in the middle of a run, and two runs at a time.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test, waitUntilReady } from './engine/fixtures.mjs';

const SQUEEZENET = ['models/squeezenet1.1.onnx', { name: 'data', shape: [1, 3, 227, 227] }];
const CHAIN = ['tests/big-model/chain13.onnx', { name: 'input', shape: [1, 3, 64, 64] }];

/** A module whose function `fail` traps, as a panic does. */
const TRAP = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 102, 97, 105, 108, 0, 0, 10, 5, 1, 3, 0, 0, 11];

test('a device that is destroyed in the middle of a run is reported as lost', { tag: '@webgpu' }, async ({ callEngine }) => {
  test.setTimeout(300_000);
  const { running, during, after } = await callEngine('loseDevice', ...SQUEEZENET);
  expect(running).toBe(true);
  expect([during, after]).toEqual(['device-lost', 'device-lost']);
});

test('two runs at a time do not disturb each other', async ({ callEngine }) => {
  test.setTimeout(300_000);
  expect(await callEngine('runTogether', ...CHAIN)).toBe(0);
});

test('two looks at a time through the public API', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const classes = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('squeezenet1.1');
    const looks = await Promise.all(['chelsea.webp', 'coffee.jpg'].map((photo) => model.look(`${globalThis.root}models/photos/${photo}`)));
    scope.close();
    return looks.map(({ predictions }) => predictions[0].index);
  }, engine);
  expect(classes).toEqual([285, 967]);
});

const LOSSES = {
  'the graphics device is destroyed': () => globalThis.testDevice?.destroy(),
  'the engine panics': (bytes) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
    setTimeout(exports.fail);
  },
  'the browser ends the worker': () => globalThis.close(),
};

for (const [what, lose] of Object.entries(LOSSES)) {
  test(`${what} while the visitor's photo is analysed: the page starts again with it`, async ({ page, openPage, engine, expectedErrors }) => {
    test.setTimeout(300_000);
    expectedErrors.push(/unreachable/);
    await page.route('**/worker/main.js', async (route) => {
      const response = await route.fetch();
      // Keeps the device that the engine asks for where the test can reach it.
      const keep = `
        if (globalThis.GPUAdapter) {
          const { requestDevice } = GPUAdapter.prototype;
          GPUAdapter.prototype.requestDevice = async function (...content) {
            return (globalThis.testDevice = await requestDevice.apply(this, content));
          };
        }`;
      await route.fulfill({ response, body: `${await response.text()}\n${keep}` });
    });
    await openPage();
    const before = await page.locator('.thumb').count();
    await page.evaluate(() => {
      globalThis.alerts = [];
      new MutationObserver(() => globalThis.alerts.push(...Array.from(document.querySelectorAll('[role=alert]'), ({ innerText }) => innerText)))
        .observe(document.body, { childList: true, subtree: true, characterData: true });
      // The look is under way once the worker's first word of it arrives. A look at the state now and then might miss it.
      globalThis.underWay = new Promise((resolve) => {
        const { featurescope } = globalThis;
        const set = featurescope.set.bind(featurescope);
        featurescope.set = (change) => {
          set(change);
          if (change.progress?.stage === 'run' && 'total' in change.progress) resolve();
        };
      });
    });
    const buffer = readFileSync(join(ROOT, 'models/photos/coffee.jpg'));
    await page.locator('#image-input').setInputFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer });
    await page.evaluate(() => globalThis.underWay);
    await page.workers()[0].evaluate(lose, TRAP).catch(() => {});
    if (engine === 'cpu' && what === 'the graphics device is destroyed') {
      await waitUntilReady(page);
    } else {
      await expect.poll(() => page.evaluate(() => globalThis.alerts.join('\n'))).toContain('your photos are kept');
      await waitUntilReady(page);
      await expect(page.locator('#progress')).toContainText('started again');
    }
    await expect(page.locator('.thumb')).toHaveCount(before + 1);
    await expect(page.locator('.thumb[aria-pressed=true]')).toHaveAttribute('title', 'mine.jpg');
    await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
  });
}
