// What a visitor does while a model is opening, or after a start that did not succeed: nothing of it is lost, and the page
// goes on with a model that works.

import { readFileSync } from 'node:fs';

import { expect, openSettings, test, waitUntilReady } from './fixtures.mjs';

const photo = (name) => readFileSync(new URL(`../../models/photos/${name}`, import.meta.url));
const bad = { name: 'text.onnx', mimeType: '', buffer: readFileSync(new URL('../bad-models/text.onnx', import.meta.url)) };
const network = readFileSync(new URL('../../models/squeezenet1.1.onnx', import.meta.url));
const { recipe } = JSON.parse(readFileSync(new URL('../../models/squeezenet1.1.json', import.meta.url), 'utf8'));

/** A visitor's model with its card. */
function model(title) {
  const card = { title, recipe };
  return [{ name: `${title}.onnx`, mimeType: '', buffer: network }, { name: `${title}.json`, mimeType: '', buffer: Buffer.from(JSON.stringify(card)) }];
}

const coffee = { name: 'mine.jpg', mimeType: 'image/jpeg', buffer: photo('coffee.jpg') };

/** Title of the model and first prediction of what is shown. */
const shown = (page) => page.evaluate(() => {
  const { state } = globalThis.featurescope;
  return { title: state.model.title, isOpen: globalThis.featurescope.model?.title === state.model.title, first: state.look.predictions[0].index, recorded: state.recorded };
});

/** The bundled model, a cup of coffee: everything works. */
async function chooseCoffee(page) {
  await page.locator('.thumb').nth(1).click();
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
  await waitUntilReady(page);
}

test('a photo that is added while a model opens is what the model looks at', async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#model-input').setInputFiles(model('mine'));
  await page.locator('#image-input').setInputFiles(coffee);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
  await waitUntilReady(page);
  expect(await shown(page)).toEqual({ title: 'mine', isOpen: true, first: 967, recorded: false });
});

// The same network is among those of engine-cases.spec.mjs, on either engine.
test('data files of one name and size in two dropped folders are told apart by where they lay', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const folder = new URL('../cases/X-subdirs-same-size/', import.meta.url);
  const { files, layers, recipe } = JSON.parse(readFileSync(new URL('case.json', folder), 'utf8'));
  const content = [...files, 'image.png'].map((path) => [path, readFileSync(new URL(path, folder)).toString('base64')]);
  const means = await page.evaluate(async ({ all, layer, recipe: known }) => {
    const { droppedPaths } = await import('./files/file-kinds.js');
    const dropped = all.map(([path, encoded]) => {
      const file = new File([Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))], path.split('/').at(-1));
      // As the browser tells it of a folder that is dropped; the file itself does not know.
      droppedPaths.set(file, `/my model/${path}`);
      return file;
    });
    const image = dropped.pop();
    const session = globalThis.featurescope;
    await session.takeFiles(dropped);
    if (session.state.errors.length > 0) return session.state.errors.map(({ message }) => message);
    return Array.from((await session.model.look(image, { layer, recipe: known })).means);
  }, { all: content, layer: Object.keys(layers).at(-1), recipe });
  const expected = layers[Object.keys(layers).at(-1)].means;
  expect(means).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  means.forEach((mean, map) => expect(Math.abs(mean - expected[map])).toBeLessThan(1e-4 * largest));
  await waitUntilReady(page);
});

test('of two models that are given at once the later one is opened', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#model-input').setInputFiles(model('first'));
  await page.locator('#model-input').setInputFiles(model('second'));
  await expect.poll(() => shown(page)).toEqual({ title: 'second', isOpen: true, first: 285, recorded: false });
  await waitUntilReady(page);
});

test('a bad model before the first one is open: it is named, and the first one goes on', { tag: '@page' }, async ({ page, engine }) => {
  await page.goto(`?engine=${engine}`);
  await page.locator('#model-input').setInputFiles(bad);
  await expect(page.getByRole('alert')).toContainText('text.onnx: ');
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.model !== null)).toBe(true);
  await expect(page.getByRole('alert')).toContainText('text.onnx: ');
  expect((await shown(page)).recorded).toBe(false);
  await chooseCoffee(page);
});

test('after a start that was cancelled the next choice starts anew', { tag: '@page' }, async ({ openPage, engine }) => {
  const page = await openPage();
  await page.evaluate(async (device) => {
    const switching = globalThis.featurescope.switchEngine(device);
    globalThis.featurescope.cancel();
    await switching;
  }, engine);
  expect(await page.evaluate(() => globalThis.featurescope.model)).toBe(null);
  await chooseCoffee(page);
});

test('a model whose first look fails leaves the one before as it was', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const before = await shown(page);
  await page.evaluate(() => {
    const { scope } = globalThis.featurescope;
    const open = scope.open.bind(scope);
    scope.open = async (...content) => {
      const opened = await open(...content);
      opened.look = () => Promise.reject(Object.assign(new Error('It ran out of memory.'), { code: 'engine-failed' }));
      return opened;
    };
  });
  await page.locator('#model-input').setInputFiles(model('large'));
  await expect(page.getByRole('alert')).toContainText('large.onnx: ');
  expect(await shown(page)).toEqual(before);
  await expect(page.locator('#layer-select option').first()).not.toHaveText('');
  await chooseCoffee(page);
});

test('a photo to compare with that cannot be read is named, and keeps no other from being looked at', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.evaluate(async () => {
    const session = globalThis.featurescope;
    const [{ id }] = session.addToTray([new File(['no picture'], 'broken.jpg', { type: 'image/jpeg' })]);
    await session.compareWith(id);
  });
  await expect(page.getByRole('alert')).toContainText('broken.jpg: ');
  expect(await page.evaluate(() => globalThis.featurescope.state.comparison)).toBe(null);
  await chooseCoffee(page);
});

test('two photos stand side by side only as long as both are there', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(coffee);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
  await page.locator('.thumb').first().click();
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
  await page.getByLabel('Compare with').selectOption({ label: 'mine.jpg' });
  await expect(page.locator('.compare')).toBeVisible();
  await page.getByLabel('Remove mine.jpg').click();
  await expect(page.locator('.compare')).toBeHidden();
});

test('data-state tells of work at once, without waiting for a frame', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const state = await page.evaluate(() => {
    const session = globalThis.featurescope;
    session.choosePhoto(session.state.photos[1].id);
    return document.body.dataset.state;
  });
  expect(state).toBe('busy');
  await waitUntilReady(page);
});

test('a part that cannot be drawn says so once and does not stop the others', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.evaluate(() => globalThis.featurescope.set({ offeredModels: null }));
  await expect(page.getByRole('alert')).toContainText('inside Featurescope');
  await expect(page.getByRole('alert')).toHaveCount(1);
  await page.evaluate(() => globalThis.featurescope.set({ offeredModels: [] }));
  await chooseCoffee(page);
});

test('choosing a class as the article leaves the article’s mode, and says so', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  // SqueezeNet's maps have no exact share in a class.
  await page.evaluate(() => globalThis.featurescope.openModel('efficientnet-lite0', 'efficientnet-lite0'));
  await openSettings(page);
  const article = page.getByLabel('As the article');
  await article.check();
  await waitUntilReady(page);
  // Without the article's recipe another class may be the first.
  const index = await page.getByTestId('prediction').first().getAttribute('data-index');
  await page.getByTestId('prediction').first().click();
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.contributions !== null)).toBe(true);
  await expect(page.locator(`[data-testid=prediction][data-index="${index}"]`)).toHaveAttribute('aria-pressed', 'true');
  await expect(article).not.toBeChecked();
});

test('a class that is chosen while the article’s look is on its way is chosen', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.evaluate(() => globalThis.featurescope.openModel('efficientnet-lite0', 'efficientnet-lite0'));
  await waitUntilReady(page);
  const { article, order, classIndex } = await page.evaluate(async () => {
    const session = globalThis.featurescope;
    const looking = session.setArticle(true);
    const choosing = session.chooseClass(282);
    await Promise.all([looking, choosing]);
    return session.state;
  });
  expect({ article, order, classIndex }).toEqual({ article: false, order: 'contribution', classIndex: 282 });
  await waitUntilReady(page);
  await expect(page.getByTestId('prediction').first()).toHaveAttribute('aria-pressed', 'true');
});

// On the CPU engine there is no device to lose, and nothing may happen.
test('a graphics device that is lost outside a look is replaced', async ({ openPage, engine }) => {
  const page = await openPage();
  const replaced = await page.evaluate(async () => {
    const session = globalThis.featurescope;
    const { scope } = session;
    await scope.destroyDevice();
    await session.state.look.ablate([0]).catch((error) => session.report(error));
    return session.scope !== scope;
  });
  expect(replaced).toBe(engine === 'webgpu');
  await waitUntilReady(page);
  await chooseCoffee(page);
});
