// Pictures and archives of rare forms, decoders that panic, and photos that no one here can read.

import { readFileSync, readdirSync } from 'node:fs';

import { drawInFewSteps, expect, question, test, waitUntilReady } from './fixtures.mjs';
import { openNoisy } from './noise.mjs';
import { startSite } from './site.mjs';

const variants = new URL('../domain/data/variants/', import.meta.url);
const zips = new URL('../page/zips/', import.meta.url);
const photo = (name) => readFileSync(new URL(`../../models/photos/${name}`, import.meta.url));
const file = (name, buffer, mimeType = '') => ({ name, mimeType, buffer: Buffer.from(buffer) });

/** The largest mean difference of each file from its expectation, as the page's own decoding has them. */
async function differences(page, names) {
  const files = names.map((name) => [name, ...[name, `${name}.expected.png`].map((path) => readFileSync(new URL(path, variants)).toString('base64'))]);
  return page.evaluate(async (all) => {
    const { Featurescope } = await import('./featurescope.js');
    const scope = await Featurescope.create({ engine: 'cpu' });
    const pixels = async (encoded) => {
      const blob = new Blob([Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))]);
      // As large as it is, so that nothing is resized.
      const { bitmap } = await scope.thumbnail(blob, { size: 8000 });
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height);
    };
    const found = {};
    for (const [name, actual, expected] of all) {
      const [one, other] = [await pixels(actual).catch((error) => error.message), await pixels(expected)];
      if (typeof one === 'string') found[name] = one;
      else if (one.width !== other.width || one.height !== other.height) found[name] = `${one.width}×${one.height}`;
      else found[name] = one.data.reduce((sum, value, place) => sum + Math.abs(value - other.data[place]), 0) / (one.width * one.height * 3);
    }
    scope.close();
    return found;
  }, files);
}

test('pictures of rare forms have the pixels that other programs see, whoever decodes them', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const names = readdirSync(variants).filter((name) => /^(browser|here|gif|given)-.*\.(jpg|gif)$/.test(name));
  expect(names.length).toBeGreaterThan(25);
  for (const [name, difference] of Object.entries(await differences(page, names))) {
    expect(difference, name).toEqual(expect.any(Number));
    expect(difference, name).toBeLessThanOrEqual(1);
  }
});

test('a page that is brought files is at work from that moment, chosen or dropped, though what takes them is still to be loaded', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  for (const way of ['chosen', 'dropped']) {
    const state = await page.evaluate(async (how) => {
      const transfer = new DataTransfer();
      const photo = await (await fetch('models/photos/coffee.jpg')).blob();
      for (const name of ['.hidden.jpg', `${how}.jpg`]) transfer.items.add(new File([photo], name, { type: 'image/jpeg' }));
      if (how === 'dropped') document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      else {
        const input = document.getElementById('image-input');
        input.files = transfer.files;
        input.dispatchEvent(new Event('change'));
      }
      return document.body.dataset.state;
    }, way);
    expect(state).toBe('busy');
    await waitUntilReady(page);
    await expect(page.locator(`.tray .thumb[title="${way}.jpg"]`)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(page.locator('.tray .thumb[title=".hidden.jpg"]')).toHaveCount(0);
});

test('a JPEG that nobody reads says which form it has', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(new URL('nobody-12-bit.jpg', variants).pathname);
  await expect(page.getByRole('alert')).toContainText('nobody-12-bit.jpg: This 12-bit JPEG picture could not be read');
});

test('archives have the classes that they were packed with, in any code page', { tag: '@page' }, async ({ openPage }) => {
  for (const [name, { classes }] of Object.entries(JSON.parse(readFileSync(new URL('expected.json', zips))))) {
    const page = await openPage();
    await page.locator('#image-input').setInputFiles(new URL(name, zips).pathname);
    const names = () => page.evaluate(() => globalThis.featurescope.workbench?.collection.columns.map((column) => column.name).sort());
    await expect.poll(names, name).toEqual([...classes].sort());
    await waitUntilReady(page);
  }
});

test('sixty HEIC photos are one sentence, and the photo beside them is shown', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const heic = Array.from({ length: 60 }, (_, place) => file(`IMG_${place}.HEIC`, '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'image/heic'));
  await page.locator('#image-input').setInputFiles([...heic, file('coffee.jpg', photo('coffee.jpg'), 'image/jpeg')]);
  await expect(page.getByRole('alert')).toHaveText([/^60 HEIC photos were left out/]);
  await expect(page.locator('.thumb[title="coffee.jpg"]')).toBeVisible();
});

/** A host whose engine's decoder panics at files that end with a word, which no check sees beforehand; and such a file. */
async function panickingSite() {
  const site = await startSite();
  const engine = readFileSync(new URL('../../dist/engine/cpu/featurescope.js', import.meta.url), 'utf8');
  site.replaced.set('engine/cpu/featurescope.js', `${engine}
    const decode = Picture.decode;
    Picture.decode = (bytes) => {
      if (String.fromCharCode(...bytes.slice(-5)) === 'PANIC') throw new WebAssembly.RuntimeError('unreachable');
      return decode(bytes);
    };`);
  return { site, bad: (name) => file(name, Buffer.concat([photo('rocket.jpg'), Buffer.from('PANIC')]), 'image/jpeg') };
}

test('classes and what was found in them outlive the first picture at which the decoder panics', { tag: '@page' }, async ({ page, expectedErrors }) => {
  expectedErrors.push(/unreachable/);
  const { site, bad } = await panickingSite();
  try {
    await page.goto(`${site.address}?engine=cpu`);
    await waitUntilReady(page);
    await page.getByRole('button', { name: 'Sort into classes…' }).click();
    for (const [place, name] of [[0, 'chelsea.webp'], [1, 'coffee.jpg']]) await page.getByTestId('column').nth(place).locator('input[type=file]').setInputFiles([file(name, photo(name))]);
    await page.getByRole('button', { name: 'Find the maps' }).click();
    await expect(page.locator('#classes').getByRole('status').first()).toContainText('Found in 2 images');
    await waitUntilReady(page);
    const found = () => page.getByTestId('class-map').evaluateAll((maps) => maps.map(({ dataset }) => `${dataset.map} ${dataset.count}`));
    const before = await found();
    expect(before.length).toBeGreaterThan(10);
    await page.locator('#image-input').setInputFiles(bad('one.jpg'));
    await expect(page.getByRole('alert')).toHaveText([/^one\.jpg: This picture makes its decoder fail/]);
    // One that is put into a class is left out of it, and the others stay.
    await question(page, 'Classes').click();
    await page.getByTestId('column').first().locator('input[type=file]').setInputFiles([bad('two.jpg')]);
    await page.getByRole('button', { name: 'Look at the new images' }).click();
    await expect(page.locator('#classes').getByRole('status').first()).toContainText('two.jpg');
    expect(await found()).toEqual(before);
    await expect(page.locator('#classes').getByRole('status').first()).toContainText('Found in 2 images');
  } finally {
    await site.close();
  }
});

test('a picture at which the decoder panics costs the engine once, is named, and is never tried again', { tag: '@page' }, async ({ page, expectedErrors }) => {
  expectedErrors.push(/unreachable/);
  const { site, bad } = await panickingSite();
  try {
    await page.goto(`${site.address}?engine=cpu`);
    await waitUntilReady(page);
    await page.locator('#image-input').setInputFiles(bad('one.jpg'));
    await expect(page.getByRole('alert')).toHaveText([/^one\.jpg: This picture makes its decoder fail/]);
    await expect(page.locator('[data-testid=map-tile]').first()).toBeVisible();
    // From now on pictures are decoded apart from the engine.
    await page.evaluate(() => { globalThis.ended = 0; const { terminate } = Worker.prototype; Worker.prototype.terminate = function end() { globalThis.ended += 1; return terminate.call(this); }; });
    await page.locator('#image-input').setInputFiles([bad('two.jpg'), file('coffee.jpg', photo('coffee.jpg'), 'image/jpeg')]);
    await expect(page.getByRole('alert').filter({ hasText: 'two.jpg: This picture makes its decoder fail' })).toBeVisible();
    expect(await page.evaluate(() => globalThis.ended)).toBe(0);
  } finally {
    await site.close();
  }
});

test('where canvases give back noise nothing is read or written through one, and what cannot be done says so', { tag: '@page' }, async ({ page, openPage }) => {
  // With the pixels as they are.
  await openPage();
  const means = () => page.locator('[data-testid=map-tile]').evaluateAll((tiles) => tiles.map(({ dataset }) => `${dataset.map} ${dataset.mean}`));
  await page.locator('#image-input').setInputFiles(file('coffee.jpg', photo('coffee.jpg'), 'image/jpeg'));
  await expect(page.locator('.thumb[title="coffee.jpg"]').last()).toBeVisible();
  await waitUntilReady(page);
  const truly = await means();

  const site = await openNoisy(page);
  try {
    await page.locator('#image-input').setInputFiles(file('coffee.jpg', photo('coffee.jpg'), 'image/jpeg'));
    await expect(page.locator('.thumb[title="coffee.jpg"]').last()).toBeVisible();
    await waitUntilReady(page);
    expect(await means()).toEqual(truly);

    // An <img> is loaded again; a canvas or a format that only the browser knows cannot be read.
    const found = await page.evaluate(async () => {
      const { Featurescope } = await import('./featurescope.js');
      const scope = await Featurescope.create({ engine: 'cpu' });
      const model = await scope.open('squeezenet1.1');
      const image = new Image();
      image.src = 'models/photos/coffee.jpg';
      await image.decode();
      const [element, given] = [await model.look(image), await model.look('models/photos/coffee.jpg')];
      const canvas = new OffscreenCanvas(64, 64);
      canvas.getContext('2d').fillRect(0, 0, 9, 9);
      const bitmap = await model.look(await createImageBitmap(canvas)).catch(({ code, message }) => `${code}: ${message}`);
      const { pictureFile } = await import('./files/picture-file.js');
      const pixels = new ImageData(Uint8ClampedArray.from({ length: 4 * 9 }, (_, at) => (at % 4 === 3 ? 255 : at * 7)), 3, 3);
      const written = await pictureFile(pixels, { type: 'image/webp' });
      scope.close();
      return { same: element.means.every((mean, map) => mean === given.means[map]), bitmap, type: written.type, size: written.size };
    });
    expect(found).toMatchObject({ same: true, bitmap: expect.stringMatching(/^bad-image: This browser changes the pixels/), type: 'image/png' });

    await page.locator('#image-input').setInputFiles(new URL('given-jpeg-arith.jpg', variants).pathname);
    await expect(page.getByRole('alert')).toHaveText([/^given-jpeg-arith\.jpg: This browser changes the pixels/]);
    await page.getByRole('button', { name: 'Grid as PNG' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'This browser changes the pictures that a page makes' })).toBeVisible();
  } finally {
    await site.close();
  }
});

test('where canvases give back noise, the pictures of a lesson, a snapshot and a drawing are what was seen, and a link is made without any', { tag: '@page' }, async ({ page, browser }) => {
  test.setTimeout(240_000);
  const site = await openNoisy(page);
  try {
    await drawInFewSteps(page);
    await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
    await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.offered)).toBe('story-plain');
    await page.locator('#image-input').setInputFiles(file('mine.png', readFileSync(new URL('../goldens/inputs/coffee-227.png', import.meta.url)), 'image/png'));
    await expect(page.locator('.thumb[title="mine.png"]')).toBeVisible();
    await waitUntilReady(page);
    await page.getByTestId('map-tile').first().click();
    const card = page.locator('#card');
    await question(page, 'Draw').click();
    await card.getByText('More settings').click();
    await card.getByRole('group', { name: 'Settings', exact: true }).getByLabel('Size').selectOption('64');
    await card.getByRole('button', { name: 'Draw it' }).click();
    await expect(card.getByTestId('drawing').first()).toContainText(/mean .* steps/, { timeout: 200_000 });
    await page.locator('#share-button').click();
    await expect(page.locator('#share-link')).toHaveValue(/#1/);
    const link = await page.locator('#share-link').inputValue();

    // A picture in a link would be a photo as a canvas writes it.
    await page.locator('#share').getByRole('radio', { name: /^With my/ }).click();
    await expect(page.getByRole('alert')).toHaveText([/^This browser changes the pictures that a page makes/]);
    await expect(page.locator('#share-link')).toHaveValue(link);
    await expect(page.locator('#share').getByRole('radio', { name: /^Without/ })).toBeChecked();

    const lesson = page.getByTestId('share-lesson');
    await lesson.locator('summary').click();
    await lesson.getByRole('button', { name: 'Add what the page shows' }).click();
    await expect(lesson.locator('.lesson-figure').first()).toBeVisible();
    const seen = await page.evaluate(() => Array.from(globalThis.featurescope.state.look.seen().data));
    const drawn = await page.evaluate(() => Array.from(globalThis.featurescope.state.drawings.easels[0].stages.at(-1).image.data));
    const pictures = await lesson.locator('.lesson-figure img').evaluateAll((images) => images.map(({ src }) => src));
    const section = page.getByTestId('share-snapshot');
    await section.locator('summary').click();
    const [saved] = await Promise.all([page.waitForEvent('download'), section.getByRole('button', { name: 'Save the snapshot' }).click()]);
    const { unzipSync } = await import('fflate');
    const files = unzipSync(readFileSync(await saved.path()));
    const path = (pattern) => Object.keys(files).find((name) => pattern.test(name));
    const png = (name) => `data:image/png;base64,${Buffer.from(files[name]).toString('base64')}`;

    // A browser that can be believed reads them.
    const believed = await (await browser.newContext()).newPage();
    const pixels = (address) => believed.evaluate(async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data);
    }, address);
    expect(await pixels(png(path(/figures\/seen\.png$/)))).toEqual(seen);
    expect(await pixels(png(path(/drawings\/drawing-1\.png$/)))).toEqual(drawn);
    const inLesson = await Promise.all(pictures.filter((address) => address.startsWith('data:image/png')).map(pixels));
    expect(inLesson.some((one) => one.length === seen.length && one.every((value, at) => value === seen[at]))).toBe(true);
    await believed.context().close();
    await expect(page.getByRole('alert')).toHaveCount(1);
  } finally {
    await site.close();
  }
});

test('where canvases give back noise the story’s riddle has the same shares', { tag: '@page' }, async ({ page }) => {
  test.setTimeout(240_000);
  const { models } = JSON.parse(readFileSync(new URL('../../models/story/figures.json', import.meta.url), 'utf8'));
  const site = await openNoisy(page);
  try {
    await drawInFewSteps(page);
    await page.getByRole('button', { name: 'A guided story…' }).click();
    const walk = page.getByTestId('walk');
    await expect(walk.getByTestId('walk-line')).toBeEmpty({ timeout: 120_000 });
    await walk.getByRole('button', { name: '2. Knives and guns' }).click();
    for (let step = 5; step <= 11; step++) {
      await expect(walk).toContainText(`step ${step} of 12`);
      await expect(walk.getByTestId('walk-line')).toBeEmpty({ timeout: 120_000 });
      if (step < 11) await walk.getByRole('button', { name: 'Next' }).click();
    }
    const percent = (share) => `${Number((100 * share).toFixed(1))}%`;
    const { knives, others } = models['story-plain'].riddleOutside;
    await expect(walk).toContainText(`${percent(others.knifeMaps)} where there is no knife`);
    await expect(walk).toContainText(`${percent(knives.knifeMaps)} where there is one`);
    await expect(page.getByRole('alert')).toHaveCount(0);
  } finally {
    await site.close();
  }
});

test('after a photo of fifty megapixels the engine is replaced with the next one, and its memory with it', { tag: ['@page', '@alone'] }, async ({ openPage }) => {
  const page = await openPage();
  const memory = () => page.evaluate(async () => (await globalThis.featurescope.scope.memory()).wasmBytes);
  const before = await memory();
  // Made in the page: a PNG of this size takes no time there.
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8000, 6200);
    const context = canvas.getContext('2d');
    for (let x = 0; x < 8000; x += 100) {
      context.fillStyle = `hsl(${x / 20} 80% 50%)`;
      context.fillRect(x, x / 2, 90, 3000);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.7 });
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], 'large.jpg', { type: 'image/jpeg' }));
    const input = document.querySelector('#image-input');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change'));
  });
  await expect(page.locator('.thumb[title="large.jpg"]')).toBeVisible();
  await waitUntilReady(page);
  const large = await memory();
  // The picture itself is 149 MB; copies of it would be as much again.
  expect(large - before).toBeLessThan(260 * 2 ** 20);
  await page.locator('#image-input').setInputFiles(file('coffee.jpg', photo('coffee.jpg'), 'image/jpeg'));
  await expect(page.locator('.thumb[title="coffee.jpg"]')).toBeVisible();
  await waitUntilReady(page);
  await expect.poll(memory).toBeLessThan(before + 32 * 2 ** 20);
  await waitUntilReady(page);
});
