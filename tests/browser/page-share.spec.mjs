// A finding as a link: made on one page, opened on another that knows nothing of it.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { openSetUp, question, waitUntilReady } from './fixtures.mjs';

const PHOTOS = join(ROOT, 'models/photos');
const MODEL = join(ROOT, 'tests/big-model/chain13.onnx');

/** Links hold the day they were made on, and midnight may pass between two of them: all pages live on one day. */
const onOneDay = () => {
  const written = Date.prototype.toISOString;
  Date.prototype.toISOString = function () {
    return `2026-11-24${written.call(this).slice(10)}`;
  };
};

test.beforeEach(({ context }) => context.addInitScript(onOneDay));

/** The link that the panel shows for what the page shows. */
async function share(page) {
  await page.locator('#share-button').click();
  const address = page.locator('#share-link');
  // The link of the last time is still there, out of sight, until this one has been gathered.
  await expect(address).toBeVisible();
  await expect(address).toHaveValue(/#1/);
  await expect(page.getByTestId('link-length')).toContainText('characters');
  const link = await address.inputValue();
  await page.locator('#share').getByRole('button', { name: 'Close' }).click();
  return link;
}

/** Copies the link, so that the visitor's own files are kept for when they come back to it. */
async function copyLink(page) {
  await page.locator('#share-button').click();
  const section = page.locator('.share-section').first();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  await expect(section.getByTestId('kept')).toBeHidden();
  await section.getByRole('button', { name: 'Copy' }).click();
  await expect(section.getByTestId('kept')).toContainText('kept in this browser');
  await page.locator('#share').getByRole('button', { name: 'Close' }).click();
}

/** A page that has never been here. */
async function stranger(browser, link, engine) {
  const context = await browser.newContext();
  await context.addInitScript(onOneDay);
  const page = await context.newPage();
  await page.goto(withEngine(link, engine));
  return page;
}

const withEngine = (link, engine) => link.replace('#', `?engine=${engine}#`);
const state = (page) => page.getByTestId('finding');
const means = (page) => page.getByTestId('map-tile').evaluateAll((tiles) => tiles.slice(0, 20).map(({ dataset }) => `${dataset.map} ${dataset.mean}`));
const predictions = (page) => page.getByTestId('prediction').evaluateAll((list) => list.map(({ dataset }) => `${dataset.index} ${dataset.probability}`));

/** A folder of classes made of the bundled photos. */
function classes(folder) {
  for (const [name, files] of Object.entries({ alive: ['chelsea.webp', 'astronaut.jpg'], things: ['coffee.jpg', 'rocket.jpg'] })) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) copyFileSync(join(PHOTOS, file), join(folder, name, file));
  }
  return folder;
}

test('a finding is shared as a link, and a stranger gets the same numbers', async ({ openPage, browser, engine }) => {
  const page = await openPage();
  await page.locator('.tray .thumb').nth(1).click();
  await waitUntilReady(page);
  await page.locator('#layer-select').selectOption({ index: 3 });
  await waitUntilReady(page);
  await page.getByTestId('map-tile').nth(4).click();
  const link = await share(page);
  expect(link.length).toBeLessThanOrEqual(600);

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await waitUntilReady(other);
  expect(await means(other)).toEqual(await means(page));
  expect(await predictions(other)).toEqual(await predictions(page));
  await expect(other.locator('#card-heading')).toHaveText(await page.locator('#card-heading').innerText());
  expect(await other.locator('#layer-select').inputValue()).toBe(await page.locator('#layer-select').inputValue());
  // What was shared goes on unchanged.
  expect(await share(other)).toBe(link);
  await other.context().close();
});

test('classes of bundled photos with a threshold fit into 600 characters and come back', { tag: '@page' }, async ({ openPage, browser, engine }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  await page.locator('#folder-input').setInputFiles(classes(join(outputDir, 'classes')));
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText('Found in 4 images');
  await question(page, /unique/i).click();
  const slider = page.getByRole('slider').first();
  await slider.focus();
  for (let step = 0; step < 3; step++) await slider.press('ArrowUp');
  const threshold = await page.getByTestId('threshold').innerText();
  const own = (target) => target.getByTestId('class-map').evaluateAll((list) => list.map(({ dataset }) => `${dataset.map} ${dataset.count}`));
  const link = await share(page);
  expect(link.length).toBeLessThanOrEqual(600);

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same', { timeout: 120_000 });
  await expect(other.getByTestId('threshold')).toHaveText(threshold);
  await question(page, 'Classes').click();
  await question(other, 'Classes').click();
  expect(await own(other)).toEqual(await own(page));
  await other.context().close();
});

test('what is chosen in the look comes back: order, colours, scale, number of maps, sum, second photo, list of predictions', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  const page = await openPage();
  // A network with a linear layer at its end, so that maps have contributions.
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  // A photo that is not in the link has made the scale of the image set larger.
  await page.locator('.tray .thumb').nth(3).click();
  await waitUntilReady(page);
  await page.locator('.tray .thumb').nth(0).click();
  await waitUntilReady(page);
  await page.evaluate(async () => {
    const session = globalThis.featurescope;
    await session.chooseClass(session.state.look.predictions[1].index);
    await session.compareWith(session.state.photos[1].id);
    session.setOverlay({ style: 'raw', colormap: 'cividis', scale: 'set', enlargement: 'nearest' });
    session.set({ topCount: 25, chosen: [3, 7], allPredictions: true });
  });
  await waitUntilReady(page);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.contributions !== null)).toBe(true);
  const shown = (target) => target.evaluate(() => {
    const { order, classIndex, overlay, topCount, chosen, allPredictions, setMaxima, look, photos, comparison } = globalThis.featurescope.state;
    return { order, classIndex, overlay, topCount, chosen, allPredictions, setMaximum: setMaxima[look.layer], second: photos.find(({ id }) => id === comparison)?.source };
  });
  const link = await share(page);
  expect(link.length).toBeLessThanOrEqual(600);
  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await waitUntilReady(other);
  expect(await shown(other)).toEqual(await shown(page));
  expect((await shown(page)).order).toBe('contribution');
  await expect.poll(() => means(other)).toEqual(await means(page));
  expect(await share(other)).toBe(link);
  await other.context().close();
});

test('the open drawing comes back with its settings, and a press draws the same picture @page', async ({ openPage, browser, engine }) => {
  test.setTimeout(400_000);
  const page = await openPage();
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  const card = page.locator('#card');
  await page.getByTestId('map-tile').nth(1).click();
  await question(page, 'Draw').click();
  await card.getByLabel('Method').first().selectOption('literal');
  await card.getByText('More settings').first().click();
  await card.getByLabel('Size').first().selectOption('112');
  await card.getByLabel('Blur').first().selectOption('0.5');
  await card.locator('#draw-seed').fill('12345');
  await question(page, 'Look').click();
  await card.getByText('Switch it off').first().click();
  await question(page, 'Draw').click();
  const draw = async (target) => {
    await target.locator('#card').getByRole('button', { name: 'Draw it' }).click();
    await expect(target.locator('#card').getByTestId('drawing').first()).toContainText('at the end', { timeout: 200_000 });
    return target.locator('canvas.drawing').first().evaluate((canvas) => canvas.toDataURL());
  };
  const drawn = await draw(page);
  const link = await share(page);
  expect(link.length).toBeLessThanOrEqual(600);

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await waitUntilReady(other);
  await expect(other.getByTestId('drawing-brought')).toContainText('settings of a drawing from the link');
  const there = other.locator('#card');
  await expect(there.locator('#card-heading')).toHaveText(await card.locator('#card-heading').innerText());
  await expect(there.getByLabel('Size').first()).toHaveValue('112');
  await expect(there.locator('#draw-seed')).toHaveValue('12345');
  expect(await share(other)).toBe(link);
  expect(await draw(other)).toBe(drawn);
  await expect(other.getByTestId('drawing-brought')).toBeHidden();
  // Another random seed draws another picture, so the one above was not the same by itself.
  await there.getByText('More settings').click();
  await there.locator('#draw-seed').fill('12346');
  await there.getByRole('button', { name: 'Draw again' }).click();
  const picture = () => other.locator('canvas.drawing').first().evaluate((canvas) => canvas.toDataURL());
  // The drawing before says that it is at its end until the first step of this one is here.
  await expect.poll(picture).not.toBe(drawn);
  await expect(there.getByTestId('drawing').first()).toContainText('at the end', { timeout: 200_000 });
  expect(await picture()).not.toBe(drawn);
  await other.context().close();
});

test('further models come back beside the first; one that is missing is asked for, and the rest is shown without it @page', async ({ openPage, browser, engine }, { outputDir }) => {
  test.setTimeout(400_000);
  const page = await openPage();
  await page.locator('#folder-input').setInputFiles(classes(join(outputDir, 'classes')));
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText('Found in 4 images');
  const add = async (source) => {
    const count = await page.getByTestId('study').count();
    await openSetUp(page);
    if (source) await panel.locator('.beside-models select').selectOption(source);
    else await panel.locator('.beside-models input[type=file]').setInputFiles(MODEL);
    await expect(page.getByTestId('study')).toHaveCount(count + 1, { timeout: 120_000 });
    // The status says so of the models before until the new one has looked at the images as well.
    await expect.poll(() => page.evaluate(() => globalThis.featurescope.workbench.results.length)).toBe(count + 1);
  };
  await add('story-plain');
  // The look goes on to another layer than the classes were found in.
  await page.locator('#layer-select').selectOption({ index: 3 });
  await waitUntilReady(page);
  const bundledOnly = await share(page);
  expect(bundledOnly.length).toBeLessThanOrEqual(600);
  await add(null);
  await question(page, /everywhere/i).click();
  await panel.getByLabel('Order').selectOption('weakest');
  const link = await share(page);
  const studies = (target) => target.getByTestId('study').evaluateAll((list) => list.map((chip) => chip.firstChild.textContent));
  const found = (target) => target.evaluate(() => globalThis.featurescope.workbench.results.map(({ study, classMaps }) => [study.layer, classMaps]));

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same', { timeout: 120_000 });
  expect(await studies(other)).toEqual((await studies(page)).slice(0, 2));
  await expect(other.getByTestId('needs')).toContainText('Another model stood beside it that is not here: chain13.onnx. Drop or choose its file');
  await expect(other.getByTestId('missing')).toContainText('chain13.onnx');
  await other.locator('#model-input').setInputFiles(MODEL);
  await expect(other.getByTestId('study')).toHaveCount(3, { timeout: 120_000 });
  await expect(state(other)).toHaveAttribute('data-state', 'same', { timeout: 120_000 });
  await expect(other.getByTestId('needs')).toBeHidden();
  expect(await studies(other)).toEqual(await studies(page));
  await expect.poll(() => found(other)).toEqual(await found(page));
  await expect(other.locator('#classes').getByLabel('Order')).toHaveValue('weakest');
  expect(await share(other)).toBe(link);
  await other.context().close();
});

test('a caption is read in the reader’s language @page', async ({ openPage, browser, engine }) => {
  const page = await openPage();
  const link = await share(page);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link.replace('#', `?engine=${engine}&lang=zh#`));
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await expect(state(other).locator('.claim .lead')).toHaveText(/^特征图 426 激活最强（均值 49\.1），/);
  await context.close();
});

test('a host that passes the request on is followed only after another question, and the page says where the file came from @page', async ({ browser, baseURL, engine }) => {
  const asked = [];
  const picture = readFileSync(join(PHOTOS, 'coffee.jpg'));
  const serve = async (name, answer) => {
    const server = createServer((request, response) => {
      asked.push(name);
      answer(response);
    });
    await new Promise((resolve) => server.listen(0, resolve));
    return { server, host: `localhost:${server.address().port}` };
  };
  const elsewhere = await serve('elsewhere', (response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'image/jpeg' }).end(picture));
  const pictures = await serve('pictures', (response) => response.writeHead(302, { 'Access-Control-Allow-Origin': '*', Location: `http://${elsewhere.host}/x.jpg` }).end());
  const photo = `http://${pictures.host}/coffee.jpg`;
  // The policy lets the page load over https only, which these servers have not.
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${baseURL}?engine=${engine}`);
  await waitUntilReady(page);
  const link = await linkToPhoto(page, photo);
  await page.goto(`${baseURL}?engine=${engine}&again=1${link}`);
  const load = page.getByRole('button', { name: 'Load', exact: true });
  await expect(page.getByRole('dialog', { name: 'This link wants to load something' })).toBeVisible();
  await load.click();
  const second = page.getByRole('dialog', { name: 'It is passed on to somewhere else' });
  await expect(second).toContainText(`${pictures.host} does not answer with the file itself`);
  expect(asked).toEqual(['pictures']);
  await second.getByRole('button', { name: 'Do not load' }).click();
  await expect(state(page)).toContainText('you chose not to follow');
  await page.getByRole('button', { name: 'Load from there after all' }).click();
  await load.click();
  await expect(second).toBeVisible();
  expect(asked).toEqual(['pictures', 'pictures']);
  await load.click();
  await expect(state(page)).toContainText(`${pictures.host} passed the request on, and the file came from ${elsewhere.host}.`);
  expect(asked.at(-1)).toBe('elsewhere');
  await context.close();
  for (const { server } of [pictures, elsewhere]) server.close();
});

test('without the model and the picture a stranger sees the claim, is told of a wrong file, and computes with the right ones', { tag: '@page' }, async ({ openPage, browser, engine }, { outputDir }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  await page.locator('#model-input').setInputFiles(MODEL);
  await waitUntilReady(page);
  mkdirSync(outputDir, { recursive: true });
  const photo = join(outputDir, 'my photo.jpg');
  copyFileSync(join(ROOT, 'tests/goldens/inputs/coffee-227.png'), photo);
  await page.locator('#image-input').setInputFiles(photo);
  await waitUntilReady(page);
  const link = await share(page);
  await copyLink(page);
  const strongest = await means(page);

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'missing');
  // One line, with the hashes folded away; and in the place of the page's own photo what the link has of this one.
  await expect(state(other).getByRole('status').first()).toHaveText('Not computed again: chain13.onnx, my photo.jpg are not here.');
  await expect(other.getByTestId('missing')).toBeHidden();
  await expect(other.locator('main')).toBeHidden();
  const still = other.getByTestId('finding-still').locator('img');
  await expect(still).toHaveAttribute('alt', new RegExp(`map ${strongest[0].split(' ')[0]} `));
  expect(await still.evaluate((image) => image.decode().then(() => image.naturalWidth))).toBe(448);
  await state(other).getByText('What is missing, in detail').click();
  await expect(other.getByTestId('missing')).toBeVisible();
  await expect(other.getByTestId('missing')).toContainText('chain13.onnx');
  await expect(other.getByTestId('missing')).toContainText('my photo.jpg');
  await expect(other.getByTestId('claim-maps').locator('li').first()).toContainText(`map ${strongest[0].split(' ')[0]}:`);
  const input = other.locator('#finding-input');
  const wrong = join(outputDir, 'wrong');
  mkdirSync(wrong, { recursive: true });
  writeFileSync(join(wrong, 'chain13.onnx'), 'something else');
  await input.setInputFiles(join(wrong, 'chain13.onnx'));
  await expect(state(other).getByRole('alert')).toContainText('the content is not');
  await expect(state(other)).toHaveAttribute('data-state', 'missing');
  // Dropping anywhere on the page does as well; these inputs are behind the page's own buttons.
  await other.locator('#model-input').setInputFiles(MODEL);
  await expect(other.getByTestId('missing')).not.toContainText('chain13.onnx');
  await other.locator('#image-input').setInputFiles(photo);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await expect(other.locator('main')).toBeVisible();
  await expect(still).toBeHidden();
  await waitUntilReady(other);
  expect(await means(other)).toEqual(strongest);
  await other.context().close();

  // The author's own link works when they come back, until they have the files forgotten.
  await page.goto('about:blank');
  await page.goto(withEngine(link, engine));
  await expect(state(page)).toHaveAttribute('data-state', 'same');
  await expect(page.getByTestId('kept').first()).toContainText('kept in this browser');
  await state(page).getByRole('button', { name: 'Forget them' }).click();
  await expect(page.getByTestId('kept').first()).toContainText('Forgotten');
  await page.goto('about:blank');
  await page.goto(withEngine(link, engine));
  await expect(state(page)).toHaveAttribute('data-state', 'missing');
});

test('what a visitor said that the scores are goes with the link, and with none the page asks again', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  const network = join(ROOT, 'tests/outputs/tanh.onnx');
  const page = await openPage();
  await page.locator('#model-input').setInputFiles(network);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('tanh');
  await waitUntilReady(page);
  await expect(page.getByTestId('scores-notice')).toContainText('What are they?');
  const untold = await share(page);
  await page.getByRole('button', { name: 'scores, of which a softmax makes probabilities' }).click();
  const predictions = page.getByTestId('prediction');
  await expect(predictions).toHaveCount(3);
  await waitUntilReady(page);
  const told = await share(page);
  const said = await predictions.allTextContents();

  const other = await stranger(browser, told, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'missing');
  await other.locator('#model-input').setInputFiles(network);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await waitUntilReady(other);
  expect(await other.getByTestId('prediction').allTextContents()).toEqual(said);
  await expect(other.getByTestId('scores-notice')).toBeHidden();
  // It is part of what is shared from here.
  expect((await share(other)).split('#')[1]).toBe(told.split('#')[1]);
  await other.context().close();

  // Whoever made both opens the first one again, with the network still open.
  await page.evaluate((hash) => { location.hash = hash; }, untold.split('#')[1]);
  await expect(state(page)).toHaveAttribute('data-state', 'same');
  await waitUntilReady(page);
  await expect(page.getByTestId('scores-notice')).toContainText('What are they?');
  await expect(predictions).toHaveCount(0);
});

test('where private files cannot be written the database keeps them', { tag: '@page' }, async ({ page, openPage, engine }) => {
  await page.addInitScript(() => {
    // A blank page has no such files at all.
    delete globalThis.FileSystemFileHandle?.prototype.createWritable;
  });
  await openPage();
  await page.locator('#model-input').setInputFiles(MODEL);
  await waitUntilReady(page);
  const link = await share(page);
  await copyLink(page);
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toContain('featurescope-shared-files');
  await page.goto('about:blank');
  await page.goto(withEngine(link, engine));
  await expect(state(page)).toHaveAttribute('data-state', 'same');
});

test('a picture goes into the link only when it is ticked, and then a stranger sees it and gets the same numbers', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(join(ROOT, 'tests/goldens/inputs/coffee-227.png'));
  await waitUntilReady(page);
  await page.locator('#share-button').click();
  const address = page.locator('#share-link');
  // The link of the last time is still there, out of sight, until this one has been gathered.
  await expect(address).toBeVisible();
  await expect(address).toHaveValue(/#1/);
  expect((await address.inputValue()).length).toBeLessThan(700);
  await expect(page.locator('#share')).toContainText('is not in the link, only its name and hash');
  // Asked first, with what each answer weighs and shows.
  const choice = page.getByRole('group', { name: 'Your picture is on this device alone. Shall it go along?' });
  await expect(choice.getByRole('radio', { name: 'Without my picture' })).toBeChecked();
  await expect(choice.locator('img')).toHaveCount(2);
  await expect(choice.locator('img').last()).toBeVisible();
  const along = choice.getByRole('radio', { name: /^With my picture \d+(\.\d)? kB: a small copy\. Whoever gets the link sees it/ });
  await along.check();
  await expect(page.locator('#share')).toContainText('This link holds your picture; whoever gets the link sees it.');
  await expect(page.getByTestId('link-warning')).toContainText('2,000 characters');
  await expect(page.locator('#share')).toContainText('too long for a QR code');
  await expect(page.locator('#share')).not.toContainText('is not in the link');
  const link = await address.inputValue();
  expect(link.length).toBeGreaterThan(2000);

  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same');
  await expect(other.locator('.tray .thumb[title="coffee-227.png"]')).toHaveCount(1);
  await other.context().close();
});

test('a link without its picture shows no other photo, until the visitor goes on to what the page has', { tag: '@page' }, async ({ openPage, browser, engine }, info) => {
  const page = await openPage();
  await page.locator('#image-input').setInputFiles(join(ROOT, 'tests/goldens/inputs/coffee-227.png'));
  await waitUntilReady(page);
  const [strongest] = await means(page);
  const link = await share(page);
  expect(link.length).toBeLessThanOrEqual(600);
  for (const width of [1280, 360]) {
    const other = await stranger(browser, link, engine);
    await other.setViewportSize({ width, height: 800 });
    // Not for a moment.
    await expect(state(other)).toBeVisible();
    await expect(other.locator('main')).toBeHidden();
    await expect(state(other)).toHaveAttribute('data-state', 'missing');
    await expect(state(other).getByRole('status').first()).toHaveText('Not computed again: coffee-227.png is not here.');
    await expect(state(other)).toContainText('The picture itself is not in the link; what shows is where the map fires on it.');
    await expect(other.getByTestId('finding-still').locator('img')).toHaveAttribute('alt', new RegExp(`^Where map ${strongest.split(' ')[0]} fires, mean`));
    await expect(other.getByTestId('claim-predictions')).toContainText('espresso');
    const { violations } = await new AxeBuilder({ page: other }).include('#finding').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await other.screenshot({ path: info.outputPath(`without-picture-${width}.png`) });
    if (width === 1280) await other.getByRole('link', { name: 'Classes' }).click();
    else await state(other).getByRole('button', { name: 'Close the finding' }).click();
    await expect(other.locator('main')).toBeVisible();
    await other.context().close();
  }
});

test('the photos in classes that come with the page are named by their place: a link of at most 600 characters with a QR code', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  test.setTimeout(400_000);
  const page = await openPage();
  await page.evaluate(async () => {
    location.hash = '#/classes';
  });
  await expect(page.locator('#classes').getByText(/Found in 93 images/).first()).toBeAttached({ timeout: 200_000 });
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  await expect(page.getByTestId('qr')).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  const link = await page.locator('#share-link').inputValue();
  expect(link.length).toBeLessThanOrEqual(600);
  const names = (target) => target.evaluate(() => globalThis.featurescope.workbench.collection.columns.map(({ name, images }) => [name, ...images.map((file) => file.name)]));
  const other = await stranger(browser, link, engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same', { timeout: 200_000 });
  expect((await names(other)).map(([name, ...files]) => [name, files.length])).toEqual([['fish', 28], ['monuments', 27], ['tools', 38]]);
  expect((await names(other)).map((one) => one.toSorted())).toEqual((await names(page)).map((one) => one.toSorted()));
  await other.context().close();
});

test('a link of more than 32,000 characters has its own warning', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.evaluate(async () => {
    // Noise, which no codec makes small.
    const canvas = new OffscreenCanvas(512, 512);
    const context = canvas.getContext('2d');
    const pixels = context.createImageData(512, 512);
    let seed = 1;
    pixels.data.forEach((_, place) => {
      seed = (seed * 48_271) % 2_147_483_647;
      pixels.data[place] = place % 4 === 3 ? 255 : (seed >> 8) & 255;
    });
    context.putImageData(pixels, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    await globalThis.featurescope.addPhotos(['one', 'two', 'three'].map((name) => new File([blob, name], `${name}.png`, { type: 'image/png' })));
    await globalThis.featurescope.compareWith(globalThis.featurescope.state.photos.at(-1).id);
  });
  await waitUntilReady(page);
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  await page.getByRole('radio', { name: 'With my pictures' }).check();
  await expect(page.getByTestId('link-warning')).toContainText('more than 32,000 characters');
  await expect(page.locator('.share-section').first()).toHaveAttribute('data-length', /^\d{5,}$/);
});

test('with pictures inside, the classes in the link are those of their own layer', { tag: '@page' }, async ({ openPage, browser, engine }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  const folder = classes(join(outputDir, 'classes'));
  // Pictures that do not come with the page.
  for (const name of ['alive', 'things']) copyFileSync(join(ROOT, 'tests/goldens/inputs/coffee-227.png'), join(folder, name, 'own.png'));
  await page.locator('#folder-input').setInputFiles(folder);
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status').first()).toContainText('Found in');
  // The photo is looked at in another layer from now on.
  await page.locator('#layer-select').selectOption({ index: 3 });
  await waitUntilReady(page);
  await page.locator('#share-button').click();
  const address = page.locator('#share-link');
  await expect(address).toHaveValue(/#1/);
  const short = (await address.inputValue()).length;
  await page.getByRole('radio', { name: /^With my picture/ }).check();
  await expect.poll(async () => (await address.inputValue()).length).toBeGreaterThan(short);
  const other = await stranger(browser, await address.inputValue(), engine);
  await expect(state(other)).toHaveAttribute('data-state', 'same', { timeout: 120_000 });
  await other.context().close();
});

test('a link that asks for another host is asked about, and nothing is loaded before', { tag: '@page' }, async ({ page, openPage, engine }) => {
  await openPage();
  const photo = 'https://pictures.example/coffee.jpg';
  await page.route(photo, (route) => route.fulfill({ path: join(PHOTOS, 'coffee.jpg'), headers: { 'Access-Control-Allow-Origin': '*' } }));
  const link = await page.evaluate(async (address) => {
    const { toFragment, fromFragment } = await import(new URL('share/link.js', location.href.replace(/\?.*/, '')).href);
    const { gather } = await import(new URL('share/gather.js', location.href.replace(/\?.*/, '')).href);
    const { finding } = await gather(globalThis.featurescope, null);
    return toFragment({ ...finding, images: [{ kind: 'address', address, sha256: '0'.repeat(64), erased: [] }], photo: 0 });
  }, photo);
  const asked = [];
  page.on('request', (request) => {
    if (request.url() === photo) asked.push(request);
  });
  await page.goto(`?engine=${engine}&again=1${link}`);
  const dialog = page.getByRole('dialog', { name: 'This link wants to load something' });
  await expect(dialog).toContainText(`a picture from ${new URL(photo).host}`);
  await expect(dialog).toContainText('1 file from 1 host, at most 1000 MB in all');
  await dialog.getByRole('button', { name: 'Do not load' }).click();
  await expect(state(page)).toHaveAttribute('data-state', 'missing');
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Load from there after all' }).click();
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  // It is another file than the link was made with, and another photo.
  await expect(state(page)).toHaveAttribute('data-state', 'differs');
  await expect(state(page)).toContainText('has changed since the link was made');
  await expect(state(page)).toContainText(/the link says|among the strongest in the link/);
  expect(asked.length).toBe(1);
  expect((await asked[0].allHeaders()).cookie).toBeUndefined();
});

test('a link above the limit is refused in a sentence, whether it is opened or would be made', { tag: '@page' }, async ({ page, openPage }) => {
  await openPage();
  await page.evaluate(() => (location.hash = `#1${'a'.repeat(2_000_001)}`));
  await expect(state(page).getByRole('alert')).toContainText('This link holds more than Featurescope ever puts into one, so it is not opened.');
  await expect(page.locator('body')).toHaveAttribute('data-state', 'ready');
  await state(page).getByRole('button', { name: 'Close the finding' }).click();
  await page.locator('#share-button').click();
  const address = page.locator('#share .share-link textarea');
  await expect(address).toHaveValue(/#1/);
  const section = await page.evaluateHandle(async () => {
    const module = (path) => import(new URL(path, location.href.replace(/[?#].*/, '')).href);
    const { gather } = await module('share/gather.js');
    const { createLinkSection } = await module('share/link-section.js');
    const { finding, sources } = await gather(globalThis.featurescope, null);
    // Pictures of noise that came inside a link, more than go into another one.
    const noise = () => Array.from(crypto.getRandomValues(new Uint8Array(60_000)), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[byte % 64]).join('');
    const images = Array.from({ length: 50 }, (_, place) => ({ kind: 'inline', name: `${place}.png`, type: 'image/png', data: noise(), erased: [] }));
    const created = createLinkSection({ session: globalThis.featurescope });
    document.querySelector('#share').replaceChildren(created.element);
    await created.update({ finding: { ...finding, images: [...finding.images, ...images] }, sources });
    return created.element;
  });
  await expect(section.asElement()).toBeTruthy();
  await expect(page.getByTestId('link-warning')).toHaveText(/^This finding would make a link of \d{7} characters, more than can be opened\. Leave your pictures out, or share a file instead\.$/);
  await expect(address).toHaveValue('');
  await expect(page.locator('#share').getByRole('button', { name: 'Copy' })).toBeDisabled();
});

test('what a link names can be stopped while it loads, and loaded after all', { tag: '@page' }, async ({ page, openPage, engine }) => {
  await openPage();
  const photo = 'https://pictures.example/slow.jpg';
  let slow = true;
  await page.route(photo, (route) => (slow ? new Promise(() => {}) : route.fulfill({ path: join(PHOTOS, 'coffee.jpg'), headers: { 'Access-Control-Allow-Origin': '*' } })));
  const link = await linkToPhoto(page, photo);
  await page.goto(`?engine=${engine}&again=1${link}`);
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByTestId('loading')).toContainText('Loading what the link names');
  await page.getByTestId('loading').getByRole('button', { name: 'Stop' }).click();
  await expect(state(page)).toHaveAttribute('data-state', 'missing');
  await expect(state(page)).toContainText(`Stopped: ${photo} was not loaded.`);
  await expect(page.getByTestId('loading')).toHaveCount(0);
  slow = false;
  await page.getByRole('button', { name: 'Load from there after all' }).click();
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(state(page)).toHaveAttribute('data-state', 'differs');
});

test('damaged links and those of newer pages are refused in a sentence, and the page stays usable', { tag: '@page' }, async ({ page, openPage }) => {
  await openPage();
  const address = page.url();
  await page.evaluate(() => (location.hash = '#1abcdefghijklmnop'));
  await expect(state(page).getByRole('alert')).toContainText('This link is damaged');
  await page.evaluate(() => (location.hash = '#2abcdefghijklmnop'));
  await expect(state(page).getByRole('alert')).toContainText('newer Featurescope');
  await expect(page.locator('body')).toHaveAttribute('data-state', 'ready');
  await state(page).getByRole('button', { name: 'Close the finding' }).click();
  await expect(state(page)).toHaveCount(0);
  expect(page.url()).toBe(address);
});

for (const policy of ['under the policy', 'without the policy']) {
  test(`nothing of a hostile link runs, ${policy}`, { tag: '@page' }, async ({ page, openPage, engine }) => {
    test.setTimeout(240_000);
    const { findings } = JSON.parse(readFileSync(join(ROOT, 'tests/share/hostile.json'), 'utf8'));
    await openPage();
    const links = await page.evaluate(async (all) => {
      const { toFragment } = await import(new URL('share/link.js', location.href.replace(/\?.*/, '')).href);
      return all.map(toFragment);
    }, findings);
    const ran = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) ran.push(message.text());
    });
    page.on('dialog', (dialog) => {
      ran.push(`dialog ${dialog.message()}`);
      dialog.dismiss();
    });
    if (policy === 'without the policy') {
      await page.route(/sub-path\/(index\.html)?(\?[^/]*)?$/, async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
        await route.fulfill({ response, body });
      });
    }
    for (const [place, link] of links.entries()) {
      await page.goto('about:blank');
      await page.goto(`?engine=${engine}${link}`);
      expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').count()).toBe(policy === 'under the policy' ? 1 : 0);
      await expect(state(page), `link ${place}`).toHaveAttribute('data-state', /missing|differs|same|failed/);
      // The markup is there to be read, and is nothing else.
      await expect(state(page)).toContainText('<img src=x onerror=');
      // What is shared further names the same files.
      await page.locator('#share-button').click();
      await expect(page.getByTestId('link-length')).toContainText('characters');
      expect(await page.evaluate(() => globalThis.pwned), `link ${place}`).toBeUndefined();
      expect(await page.locator('#finding :is(img, script, iframe, svg, object, embed, style, a)').count()).toBe(0);
    }
    expect(ran).toEqual([]);
  });
}

test('the panel and an opened finding are accessible', { tag: '@page' }, async ({ openPage, page }) => {
  await openPage();
  await page.locator('#share-button').click();
  await expect(page.getByTestId('qr')).toBeVisible();
  const link = await page.locator('#share-link').inputValue();
  const check = async (part) => {
    const { violations } = await new AxeBuilder({ page }).include(part).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  };
  await check('#share');
  await page.locator('#share').getByRole('button', { name: 'Close' }).click();
  await page.evaluate((fragment) => (location.hash = fragment), new URL(link).hash);
  await expect(state(page)).toHaveAttribute('data-state', 'same');
  await check('#finding');
});

/** The fragment of a link to what the page shows, with the photo at an address in the place of the page's. */
function linkToPhoto(page, photo) {
  return page.evaluate(async (address) => {
    const { toFragment } = await import(new URL('share/link.js', location.href.replace(/\?.*/, '')).href);
    const { gather } = await import(new URL('share/gather.js', location.href.replace(/\?.*/, '')).href);
    const { finding } = await gather(globalThis.featurescope, null);
    return toFragment({ ...finding, images: [{ kind: 'address', address, sha256: null, erased: [] }], photo: 0 });
  }, photo);
}
