// Bad input and lost engines: a clear sentence that names the file, and the page as it was.

import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

import { expect, test, waitUntilReady } from './fixtures.mjs';

const folder = new URL('../bad-models/', import.meta.url);
const photo = (name) => readFileSync(new URL(`../../models/photos/${name}`, import.meta.url));
const file = (name, buffer, mimeType = '') => ({ name, mimeType, buffer: Buffer.from(buffer) });

/** A PNG whose header promises so many pixels, of which it holds next to none. */
function pngHeader(width, height) {
  const chunk = (kind, content) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(kind), content, Buffer.alloc(4)]);
    bytes.writeUInt32BE(content.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const sizes = Buffer.alloc(13);
  sizes.writeUInt32BE(width, 0);
  sizes.writeUInt32BE(height, 4);
  sizes.set([8, 2], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', sizes), chunk('IDAT', deflateSync(Buffer.alloc(64)))]);
}

const BAD_IMAGES = [
  ['This file is empty', file('empty.jpg', '', 'image/jpeg')],
  ['This is a PDF, not a picture', file('page.png', '%PDF-1.7 of a page', 'image/png')],
  ['Export it as PNG', file('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'image/svg+xml')],
  ['This is a text file, not a picture', file('notes.txt', 'not a photo', 'text/plain')],
  ['the end of the picture is missing', file('cut.jpg', photo('coffee.jpg').subarray(0, 20_000), 'image/jpeg')],
  ['20000 × 20000 pixels', file('bomb.png', pngHeader(20_000, 20_000), 'image/png')],
  ['There is nothing to look at in a picture of 1 × 1 pixels', file('dot.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'), 'image/png')],
];

/** Which operators are known is the engine's own; what a file is read as is not. */
const OF_THE_ENGINE = ['unknown-op.onnx', 'dynamic.onnx', 'enormous-dimension.onnx'];
const BAD_MODELS = ['empty.onnx', 'text.onnx', 'half.onnx', 'cycle.onnx', 'negative-dimension.onnx', 'enormous-dimension.onnx', 'nested.onnx', 'external-missing.onnx', 'no-result.onnx', 'unknown-op.onnx', 'dynamic.onnx'];

/** What the sentence about each model has to say, as the tests of the core have it. */
const SAYS = JSON.parse(readFileSync(new URL('expected.json', folder)));

/** The advice that the page adds to an error of this kind. */
const ADVICE = { Unknown: 'export it with other operators', Dynamic: 'export it with other operators' };

/** What must not change when something else fails. */
async function picture(page) {
  return page.evaluate(() => ({
    tiles: Array.from(document.querySelectorAll('[data-testid=map-tile]'), ({ dataset }) => `${dataset.map} ${dataset.mean}`),
    photos: document.querySelectorAll('.thumb').length,
    layers: document.querySelectorAll('#layer-select option').length,
  }));
}

test('bad pictures are refused with a reason, one after another, and the next good one is looked at', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  for (const [place, [phrase, bad]] of BAD_IMAGES.entries()) {
    await test.step(bad.name, async () => {
      const before = await picture(page);
      await page.locator('#image-input').setInputFiles(bad);
      await expect(page.getByRole('alert')).toContainText(`${bad.name}: `);
      await expect(page.getByRole('alert')).toContainText(phrase);
      await expect(page.locator('body')).toHaveAttribute('data-state', 'error');
      expect(await picture(page)).toEqual(before);
      await page.locator('#image-input').setInputFiles(file(`coffee-${place}.jpg`, photo('coffee.jpg'), 'image/jpeg'));
      await expect(page.locator('.thumb[aria-pressed=true]')).toHaveAttribute('title', `coffee-${place}.jpg`);
      await waitUntilReadyAgain(page);
      await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
      await backToTheCat(page);
    });
  }
});

for (const [whose, tag, names] of [
  ['that are no model on any engine', '@page', BAD_MODELS.filter((name) => !OF_THE_ENGINE.includes(name))],
  ['that an engine knows no way with', [], OF_THE_ENGINE],
]) {
  test(`files ${whose} are refused with a reason, one after another, and the model before goes on`, { tag }, async ({ openPage }) => {
    const page = await openPage();
    for (const name of names) {
      await test.step(name, async () => {
        const before = await picture(page);
        await page.locator('#model-input').setInputFiles(file(name, readFileSync(new URL(name, folder))));
        await expect(page.getByRole('alert')).toContainText(`${name}: `);
        const { error, says } = SAYS[name];
        for (const phrase of [...says, ADVICE[error] ?? '']) {
          await expect(page.getByRole('alert')).toContainText(phrase, { ignoreCase: true });
        }
        expect(await picture(page)).toEqual(before);
        await page.locator('.thumb').nth(1).click();
        await waitUntilReadyAgain(page);
        await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
        await backToTheCat(page);
      });
    }
  });
}

/** To the photo that the page opens with, so that the next one is seen to be looked at. */
async function backToTheCat(page) {
  await page.locator('.thumb').first().click();
  await waitUntilReadyAgain(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
}

test('a second drop while the first runs: the latest wins', async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(file('first.jpg', photo('rocket.jpg'), 'image/jpeg'));
  await page.locator('#image-input').setInputFiles(file('second.jpg', photo('coffee.jpg'), 'image/jpeg'));
  await expect(page.locator('.thumb[aria-pressed=true]')).toHaveAttribute('title', 'second.jpg');
  await waitUntilReadyAgain(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
});

test('a killed worker is started again and the photos stay', async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(file('mine.jpg', photo('coffee.jpg'), 'image/jpeg'));
  await waitUntilReadyAgain(page);
  const before = await picture(page);
  // The browser ends it as it would for want of memory: nobody is told.
  await page.workers()[0].evaluate(() => globalThis.close()).catch(() => {});
  await expect(page.getByRole('alert')).toContainText('your photos are kept');
  await waitUntilReadyAgain(page);
  expect(await picture(page)).toEqual(before);
  await expect(page.locator('#progress')).toContainText('started again');
});

test('a lost graphics device is replaced', { tag: '@webgpu' }, async ({ openPage }) => {
  const page = await openPage();
  await page.evaluate(() => globalThis.featurescope.scope.destroyDevice());
  await page.locator('.thumb').nth(1).click();
  await waitUntilReadyAgain(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
});

test('an engine that does not load gives way to the one before', { tag: '@webgpu' }, async ({ openPage, context, expectedErrors }) => {
  expectedErrors.push(/Failed to load resource|net::ERR_FAILED/);
  const page = await openPage();
  await context.route('**/engine/cpu/**', (route) => route.abort());
  // The badge offers the other engine where this one is slow; whether it is slow here hangs on the machine.
  await page.locator('#engine-badge button').evaluate((button) => button.click());
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', 'wonnx');
  // The way back is done when the page no longer works; what went wrong still stands, and goes with the next thing that is done.
  await expect(page.locator('body')).toHaveAttribute('data-state', 'error');
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
  await page.locator('.thumb').nth(1).click();
  await waitUntilReadyAgain(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
});

/** After something was begun: first seen at work, then ready. */
async function waitUntilReadyAgain(page) {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect(page.locator('body')).toHaveAttribute('data-state', 'ready');
  await waitUntilReady(page);
}

test('on a phone an alert stands before the open card, wherever the page has been scrolled to', { tag: '@page' }, async ({ page, openPage }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openPage();
  await page.getByTestId('map-tile').first().click();
  await expect(page.locator('#card')).toBeVisible();
  await page.locator('#model-input').setInputFiles(file('text.onnx', readFileSync(new URL('text.onnx', folder))));
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('text.onnx');
  for (const top of [0, 1200]) {
    await page.evaluate((y) => scrollTo(0, y), top);
    const isInFront = await alert.evaluate((element) => {
      const { left, top: upper, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 3, upper + height / 2));
    });
    expect(isInFront, `scrolled to ${top}`).toBe(true);
  }
});
