// What a file takes, and what lies beside it: files of Hugging Face dropped together with a model or after it, weights beside an address, channels
// and inputs that are no picture; the model's sheet says what was found and where.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

import { english } from './english.mjs';
import { expect, test, waitUntilReady } from './fixtures.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const file = (name, content) => ({ name, mimeType: '', buffer: Buffer.from(content) });
const own = () => file('birds.onnx', read('outputs/tanh.onnx'));

const CONFIG = JSON.stringify({ model_type: 'resnet', id2label: { 0: 'crow', 1: 'owl', 2: 'wren' } });
const PREPROCESSOR = JSON.stringify({
  do_normalize: true, do_resize: true, image_mean: [0.5, 0.4, 0.3], image_std: [0.25, 0.5, 0.125], size: { height: 24, width: 24 },
});

async function bring(page, files) {
  const name = files.find(({ name }) => name.endsWith('.onnx')).name.replace('.onnx', '');
  await page.locator('#model-input').setInputFiles(files);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe(name);
  await waitUntilReady(page);
}

const inState = (page) => page.evaluate(() => {
  const { recipe, labels, told, takes, recipeIsKnown } = globalThis.featurescope.state.model;
  return { recipe, labels, told, takes, recipeIsKnown };
});

async function openSheet(page) {
  await page.evaluate(() => globalThis.featurescope.openSheet());
  return page.getByRole('dialog');
}

test('Hugging Face’s files dropped with a model tell its names and its pixels, and the sheet says which', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, [own(), file('config.json', CONFIG), file('preprocessor_config.json', PREPROCESSOR)]);
  expect(await inState(page)).toMatchObject({
    labels: ['crow', 'owl', 'wren'], recipeIsKnown: true,
    recipe: { size: 24, resize: 'squash', mean: [0.5, 0.4, 0.3], std: [0.25, 0.5, 0.125], scale: 1 / 255 },
    told: { recipeFrom: 'preprocessor_config.json', labelsFrom: 'config.json', notTwice: false, unread: [], unfit: null },
  });
  const sheet = await openSheet(page);
  await expect(sheet).toContainText('How it wants its pixels was found in preprocessor_config.json.');
  await expect(sheet).toContainText('The names of its classes were found in config.json.');
});

test('the same files after the model are taken, and bad ones lose nothing', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, [own(), file('config.json', '{"id2label": {"0": "crow"}}'), file('preprocessor_config.json', '{"size":')]);
  expect((await inState(page)).told).toMatchObject({ recipeFrom: null, labelsFrom: null, unread: ['preprocessor_config.json'], unfit: ['config.json', 1] });
  const sheet = await openSheet(page);
  await expect(sheet).toContainText('config.json was not used: it has 1 name, but the network has 3 outputs.');
  await expect(sheet).toContainText('preprocessor_config.json says nothing about the network that could be read');
  await page.keyboard.press('Escape');
  await page.locator('#model-input').setInputFiles([file('preprocessor_config.json', PREPROCESSOR)]);
  await expect(page.locator('#progress')).toContainText('Taken from preprocessor_config.json for “birds”: how a photo becomes the input.');
  await waitUntilReady(page);
  expect(await inState(page)).toMatchObject({ recipe: { mean: [0.5, 0.4, 0.3] }, told: { recipeFrom: 'preprocessor_config.json' } });
  await page.locator('#model-input').setInputFiles([file('config.json', CONFIG)]);
  await expect(page.getByTestId('prediction').filter({ hasText: 'wren' }).or(page.getByText('3 class names')).first()).toBeVisible();
  expect((await inState(page)).labels).toEqual(['crow', 'owl', 'wren']);
});

for (const lang of ['en', 'zh']) {
  test(`channels and inputs that are no picture are said, and can be chosen, ${lang}`, { tag: '@page' }, async ({ openPage }) => {
    const page = await openPage({ lang });
    await bring(page, [file('beside.onnx', read('cases/ND-beside-size/model.onnx'))]);
    expect((await inState(page)).takes.beside).toEqual([
      { name: 'orig_target_sizes', standsFor: 'size', value: null }, { name: 'timestep', standsFor: 'number', value: 0 },
    ]);
    if (lang === 'en') await expect(page.locator('#progress')).toContainText('Its input “timestep” gets 0 everywhere');
    const first = await openSheet(page);
    await expect(first).toContainText('orig_target_sizes');
    await page.keyboard.press('Escape');
    await bring(page, [file('bands.onnx', read('cases/ND-bands-4/model.onnx'))]);
    expect((await inState(page)).takes.bands).toEqual(['red', 'green', 'blue', null]);
    const sheet = await openSheet(page);
    if (lang === 'en') await expect(sheet).toContainText('It takes 4 channels; they get red, green, blue, nothing.');
    else expect(await english(page)).toEqual([]);
    await sheet.locator('details summary').click();
    const bands = sheet.getByLabel(/What its channels get|各通道得到什么/);
    await expect(bands).toHaveValue('r g b 0');
    await bands.fill('0 b');
    await expect(bands).toHaveAttribute('aria-invalid', 'true');
    await bands.fill('0 b g r');
    await sheet.getByRole('button', { name: /^(Use it|采用)$/ }).click();
    await expect(sheet).toBeHidden();
    await waitUntilReady(page);
    expect((await inState(page)).takes.bands).toEqual([null, 'blue', 'green', 'red']);
  });
}

/** A host of models, with weights in files of their own. Returns what it was asked for. */
async function hub(page) {
  const folder = new URL('../cases/X-subdirs-same-name/', import.meta.url);
  const asked = [];
  await page.context().route('**/hub/resolve/main/**', async (route) => {
    const path = new URL(route.request().url()).pathname.split('/hub/resolve/main/')[1];
    asked.push(path);
    const texts = { 'preprocessor_config.json': JSON.stringify({ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }) };
    const known = readdirSync(folder, { recursive: true }).includes(path.replace('onnx/', ''));
    if (texts[path]) await route.fulfill({ body: texts[path] });
    else if (known) await route.fulfill({ body: readFileSync(new URL(path.replace('onnx/', ''), folder)) });
    else await route.fulfill({ body: '{"model_type": "vit"}' });
  });
  return asked;
}

test('weights beside an address are found, and what its host says of names and pixels', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const asked = await hub(page);
  await page.evaluate(() => globalThis.featurescope.openModel(new URL('hub/resolve/main/onnx/model.onnx', location.href).href, null));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('model');
  await waitUntilReady(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect((await inState(page)).told).toMatchObject({ recipeFrom: 'preprocessor_config.json', unread: [] });
  expect(asked.filter((path) => /weight|\.bin|\.data/.test(path)).length).toBeGreaterThan(1);
});

/** The fragment of a link to what the page shows. */
const linkOf = (page) => page.evaluate(async () => {
  const base = location.href.replace(/[?#].*/, '');
  const { toFragment } = await import(new URL('share/link.js', base).href);
  const { gather } = await import(new URL('share/gather.js', base).href);
  return toFragment((await gather(globalThis.featurescope, null)).finding);
});

test('a link to a model at an address brings the weights beside it', { tag: '@page' }, async ({ openPage, engine }) => {
  const page = await openPage();
  const asked = await hub(page);
  await page.evaluate(() => globalThis.featurescope.openModel(new URL('hub/resolve/main/onnx/model.onnx', location.href).href, null));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('model');
  await waitUntilReady(page);
  const link = await linkOf(page);
  asked.length = 0;
  await page.goto(`?engine=${engine}&again=1${link}`);
  await page.getByRole('dialog', { name: 'This link wants to load something' }).getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByTestId('finding')).toHaveAttribute('data-state', 'same');
  expect(asked.filter((path) => /weight|\.bin|\.data/.test(path)).length).toBeGreaterThan(1);
  // What the host says of its pixels came with the link.
  expect((await inState(page)).recipe.mean).toEqual([0.5, 0.5, 0.5]);
  // And the next link is the same.
  expect(await linkOf(page)).toContain('#1');
});

test('a link brings what the channels get', { tag: '@page' }, async ({ openPage, engine }) => {
  const page = await openPage();
  await bring(page, [file('bands.onnx', read('cases/ND-bands-4/model.onnx'))]);
  await page.locator('#model-input').setInputFiles([file('card.json', JSON.stringify({ bands: ['blue', null, 'red', 'green'] }))]);
  await expect.poll(async () => (await inState(page)).takes.bands).toEqual(['blue', null, 'red', 'green']);
  await waitUntilReady(page);
  const link = await linkOf(page);
  await page.goto(`?engine=${engine}&again=1${link}`);
  await page.getByTestId('finding').locator('input[type=file]').setInputFiles([file('bands.onnx', read('cases/ND-bands-4/model.onnx'))]);
  await expect(page.getByTestId('finding')).toHaveAttribute('data-state', 'same');
  expect((await inState(page)).takes.bands).toEqual(['blue', null, 'red', 'green']);
});

test('names that are dropped later leave it said where the recipe was found', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, [own(), file('preprocessor_config.json', PREPROCESSOR)]);
  await page.locator('#model-input').setInputFiles([file('labels.txt', 'crow\nowl\nwren')]);
  await expect.poll(async () => (await inState(page)).labels).toEqual(['crow', 'owl', 'wren']);
  await waitUntilReady(page);
  expect(await inState(page)).toMatchObject({ recipeIsKnown: true, recipe: { mean: [0.5, 0.4, 0.3] }, told: { recipeFrom: 'preprocessor_config.json' } });
});

test('a file of the ONNX Model Zoo is known by its hash', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const content = own().buffer;
  await page.context().route('**/models/model-zoo.json', (route) => route.fulfill({
    json: {
      ways: { birds: { recipe: { size: 24, channels: 'bgr', mean: [1, 2, 3], std: [4] }, labels: ['crow', 'owl', 'wren'] } },
      files: [[content.length, 'other', 'none'], [content.length, createHash('sha256').update(content).digest('hex'), 'birds']],
    },
  }));
  await bring(page, [own()]);
  expect(await inState(page)).toMatchObject({
    labels: ['crow', 'owl', 'wren'], recipeIsKnown: true, recipe: { channels: 'bgr', mean: [1, 2, 3] },
    told: { recipeFrom: 'github.com/onnx/models', labelsFrom: 'github.com/onnx/models' },
  });
  await page.locator('#model-input').setInputFiles([file('labels.txt', 'a\nb\nc')]);
  await expect.poll(async () => (await inState(page)).labels).toEqual(['a', 'b', 'c']);
  await waitUntilReady(page);
  expect(await inState(page)).toMatchObject({ recipe: { channels: 'bgr' }, told: { recipeFrom: 'github.com/onnx/models', labelsFrom: null } });
});
