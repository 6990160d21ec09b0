// The page in Chinese in every state that a visitor can bring it into: nothing in sight is in English. What the texts' catalogues
// and the core's sentences hold is compared in tests/page/language.test.js and engine-words.test.js; here is what the page makes of them.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromiumArguments } from './chromium.mjs';
import { ROOT } from './engine/fixtures.mjs';
import { english, unfoldAll } from './english.mjs';
import { drawInFewSteps, expect, openSetUp, question, test, waitUntilReady } from './fixtures.mjs';
import { ablation, bring, classes as inClasses, classroom, draw, look, page as words, share, story } from '../../www/zh/index.js';
import { samples } from '../share/samples.js';

// A camera that shows a moving pattern, and a visitor who allows it.
test.use({ launchOptions: async ({ launchOptions }, use) => use({
  ...launchOptions, args: [...chromiumArguments, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
}) });

const file = (path, name = path.split('/').at(-1)) => ({ name, mimeType: '', buffer: readFileSync(join(ROOT, path)) });
const photo = (name) => file(`models/photos/${name}`);

/** All that can be unfolded is, and nothing in sight is in English. */
async function isChinese(page, where) {
  await unfoldAll(page);
  expect.soft(await english(page), where).toEqual([]);
}

/** Opens a model of the visitor's own. */
async function own(page, path, name) {
  await page.locator('#model-input').setInputFiles(file(path, `${name}.onnx`));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe(name);
  await waitUntilReady(page);
}

test('in Chinese: the look, a card, contributions, and models of one’s own without a card', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage({ lang: 'zh' });
  await isChinese(page, 'first screen');
  await page.locator('#image-input').setInputFiles(photo('coffee.jpg'));
  await waitUntilReady(page);
  await isChinese(page, 'a photo of one’s own');
  await page.locator('#layer-select').selectOption('conv1');
  await waitUntilReady(page);
  await isChinese(page, 'before the activation, with negative values');
  await page.getByTestId('map-tile').nth(1).click();
  await isChinese(page, 'a card');
  const card = page.locator('#card');
  await page.evaluate(() => [1, 2].forEach((map) => globalThis.featurescope.toggleChosen(map)));
  await isChinese(page, 'a sum of maps');
  await expect(card.getByTestId('cam-caption')).not.toBeEmpty();
  await card.getByRole('button', { name: ablation.chosen(2) }).click();
  await expect(card.getByTestId('ablation')).toContainText('2 张特征图');
  await isChinese(page, 'Grad-CAM and maps that are switched off');
  const dead = await page.evaluate(() => {
    const { look } = globalThis.featurescope.state;
    return look.dead.indexOf(1);
  });
  if (dead >= 0) {
    await page.evaluate((map) => globalThis.featurescope.openMap(map), dead);
    await isChinese(page, 'a dead map');
  }
  await page.getByRole('button', { name: words.eraser.start }).click();
  await page.locator('canvas.eraser').press('Space');
  await waitUntilReady(page);
  await isChinese(page, 'erasing');
  await page.getByRole('button', { name: look.eraser.clear }).click();
  await page.getByRole('button', { name: words.eraser.stop }).click();
  await page.getByLabel(words.tray.compare).selectOption({ index: 2 });
  await waitUntilReady(page);
  await isChinese(page, 'two photos side by side');
  await page.getByLabel(look.controls.article).check();
  await waitUntilReady(page);
  await isChinese(page, 'as the article');

  // A network with a linear layer at its end.
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.offered)).toBe('story-plain');
  await waitUntilReady(page);
  await page.getByTestId('prediction').first().click();
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.contributions !== null)).toBe(true);
  await waitUntilReady(page);
  await page.getByTestId('map-tile').first().click();
  await isChinese(page, 'contributions');

  for (const [path, name] of [['outputs/tanh.onnx', 'tanh'], ['outputs/boxes.onnx', 'boxes'], ['outputs/infinite.onnx', 'infinite'], ['cases/A20-dense-map/model.onnx', 'dense'], ['architectures/squeezenet.onnx', 'nameless']]) {
    await own(page, `tests/${path}`, name);
    await page.getByTestId('map-tile').first().click();
    await isChinese(page, name);
  }
  await page.getByRole('button', { name: words.model.bring }).click();
  await expect(page.locator('dialog')).toContainText(bring.heading);
  await isChinese(page, 'bringing a model');
});

test('in Chinese: drawing, while it runs, stopped and done', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage({ lang: 'zh' });
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.offered)).toBe('story-plain');
  await waitUntilReady(page);
  await page.getByTestId('map-tile').first().click();
  await question(page, words.questions.tabs.draw).click();
  await unfoldAll(page);
  const card = page.locator('#card');
  // What is unfolded in the part that has to be loaded first.
  await expect(card.getByText(draw.more)).toBeVisible();
  await unfoldAll(page);
  await card.getByLabel(draw.two).check();
  await isChinese(page, 'settings');
  for (const target of ['spot', 'class', 'mix', 'map']) {
    await card.getByLabel(draw.target).selectOption(target);
    await isChinese(page, target);
  }
  await card.getByRole('button', { name: draw.draw }).click();
  await expect(card.getByRole('button', { name: draw.cancel })).toBeVisible();
  await expect(card.getByTestId('drawing').first()).toContainText('第');
  await isChinese(page, 'running');
  await card.getByRole('button', { name: draw.pause }).click();
  await isChinese(page, 'held');
  await card.getByRole('button', { name: draw.goOn }).click();
  await card.getByRole('button', { name: draw.cancel }).click();
  await expect(card).toContainText(draw.stopped);
  await isChinese(page, 'stopped');
  await drawInFewSteps(page);
  await card.getByLabel(draw.two).uncheck();
  await card.getByRole('group', { name: draw.settings, exact: true }).getByLabel(draw.size).selectOption('64');
  await card.getByRole('button', { name: draw.again }).or(card.getByRole('button', { name: draw.draw })).first().click();
  await expect(card.getByTestId('drawing').first()).toContainText('均值从', { timeout: 200_000 });
  await expect(card.getByTestId('drawing-patch')).not.toHaveCount(0);
  await isChinese(page, 'done');
});

test('in Chinese: classes, empty, untied, and with every question, control and second model', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage({ lang: 'zh' });
  await page.getByRole('button', { name: words.tray.sort }).click();
  const columns = page.getByTestId('column');
  await expect(columns).toHaveCount(2);
  await isChinese(page, 'empty');
  const panel = page.locator('#classes');
  for (const [id, title] of [['everywhere', words.questions.tabs.everywhere], ['unique', words.questions.tabs.unique], ['own', words.questions.tabs.own]]) {
    await question(panel, title).click();
    await isChinese(page, `${id}, without a result`);
  }
  // A question without images is asked of those that come with the page.
  await panel.getByRole('button', { name: inClasses.examples.useMine }).click();
  await expect(columns).toHaveCount(2);
  const inputs = 'tests/goldens/inputs';
  const sets = [['老虎猫', ['chelsea-227.png', 'chelsea-224.png', 'chelsea-32.png']], ['espresso', ['coffee-227.png', 'coffee-224.png', 'coffee-32.png']]];
  for (const [place, [name, files]] of sets.entries()) {
    await columns.nth(place).locator('input[type=file]').setInputFiles(files.map((one) => file(`${inputs}/${one}`)));
    await columns.nth(place).getByLabel(inClasses.columns.name).fill(name);
    await columns.nth(place).getByLabel(inClasses.columns.name).press('Enter');
  }
  await isChinese(page, 'with images');
  await panel.getByRole('button', { name: inClasses.find }).click();
  await expect(panel.getByRole('status').first()).toContainText('6 张图片');
  await waitUntilReady(page);
  await isChinese(page, 'own maps, a class untied');
  await question(panel, words.questions.tabs.everywhere).click();
  await expect(page.getByTestId('confusion')).toBeVisible();
  await isChinese(page, 'everywhere, a class untied');
  await panel.getByRole('button', { name: inClasses.confusion.tie('老虎猫') }).click();
  const field = page.getByLabel(inClasses.ties.addTo('老虎猫'));
  await field.fill('feline');
  await field.press('Enter');
  await expect(page.getByTestId('confusion')).toContainText(inClasses.confusion.recall);
  await field.fill('no such output');
  await field.press('Enter');
  await expect(page.locator('#classes')).toContainText('模型没有叫“no such output”的输出');
  await field.fill('');
  await page.getByTestId('confusion').locator('[data-count] button, button[data-row]').first().click();
  await isChinese(page, 'everywhere, the images of a cell');
  await panel.locator('.question:not([hidden])').locator('.chips [data-map]').first().click();
  await isChinese(page, 'everywhere, one map and its crops');

  await question(panel, words.questions.tabs.unique).click();
  await expect(panel.getByRole('slider').first()).toBeVisible();
  await isChinese(page, 'unique, the automatic threshold');
  await panel.getByRole('slider').first().press('Home');
  await isChinese(page, 'unique, a threshold by hand');
  await openSetUp(page);
  for (const name of [inClasses.controls.maps, inClasses.controls.labels, inClasses.controls.network]) await panel.getByRole('button', { name, exact: true }).click();
  await expect(panel.locator('.model:visible')).toHaveCount(4, { timeout: 120_000 });
  await panel.getByLabel(inClasses.models.add, { exact: true }).selectOption('story-plain');
  await expect(page.getByTestId('study')).toHaveCount(2);
  await expect(panel.locator('.model:visible')).toHaveCount(7, { timeout: 120_000 });
  await waitUntilReady(page);
  await isChinese(page, 'unique, with controls and a second model');
  await question(panel, words.questions.tabs.own).click();
  await isChinese(page, 'own maps, with controls');
  // A class that is nobody's any more, and one of the same name.
  await columns.first().getByLabel(inClasses.columns.name).fill('espresso');
  await columns.first().getByLabel(inClasses.columns.name).press('Enter');
  await isChinese(page, 'a name that is taken');
  await columns.first().getByRole('button', { name: inClasses.columns.remove('老虎猫') }).click();
  await isChinese(page, 'a class removed');
});

test('in Chinese: every step of the story', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(600_000);
  const page = await openPage({ lang: 'zh' });
  await drawInFewSteps(page);
  await page.getByRole('button', { name: words.tray.story }).click();
  const walk = page.getByTestId('walk');
  for (let step = 1; step <= 12; step++) {
    await expect(walk).toContainText(story.step(step, 12));
    await expect(walk.getByTestId('walk-line')).toBeEmpty({ timeout: 300_000 });
    await isChinese(page, `step ${step}`);
    if (step < 12) await walk.getByRole('button', { name: story.next }).click();
  }
});

test('in Chinese: the classroom, and a link whose picture is not there', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage({ lang: 'zh' });
  await page.getByRole('button', { name: words.tray.classroom }).click();
  const room = page.locator('#classroom');
  await isChinese(page, 'classroom');
  await room.getByRole('button', { name: classroom.modes.predict }).click();
  await expect(page.locator('.predict-map')).toHaveCount(6);
  await page.getByRole('button', { name: classroom.predict.show }).click();
  await isChinese(page, 'nothing predicted');
  await page.locator('.predict-map input').first().check();
  await page.getByRole('button', { name: classroom.predict.show }).click();
  await expect(page.locator('.predict-map.strongest')).toHaveCount(1);
  await isChinese(page, 'predicted');
  await room.getByRole('button', { name: classroom.modes.camera }).click();
  await page.getByRole('button', { name: classroom.camera.start }).click();
  await expect(page.locator('.camera')).toContainText(classroom.camera.live);
  await isChinese(page, 'camera');
  await page.getByRole('button', { name: classroom.camera.stop }).click();
  await room.getByRole('button', { name: classroom.modes.present }).click();
  await expect(page.locator('.presenter-bar')).toBeVisible();
  const places = Number((await page.locator('.presenter-bar').innerText()).match(/共 (\d+) 幅/)[1]);
  for (let place = 1; place <= places; place++) {
    await isChinese(page, `presented ${place}`);
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Escape');

  // With files that are not here, addresses that are asked about, a picture inside, and classes that are found again.
  for (const name of ['own-files', 'addresses', 'picture', 'unique']) {
    const fragment = await page.evaluate(async (json) => {
      const { FINDING } = await import('./share/finding.js');
      const { seal } = await import('./share/link.js');
      return seal(JSON.stringify(FINDING.pack(json)));
    }, { ...samples[name], language: 'en', claim: { ...samples[name].claim, generated: [0.5, 0.5] } });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
    const dialog = page.getByRole('dialog');
    await expect(dialog.or(page.getByTestId('finding')).first()).toBeVisible();
    await isChinese(page, `the link “${name}”`);
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: share.ask.refuse }).click();
    await expect(page.getByTestId('finding')).toHaveAttribute('data-state', /same|differs|missing|failed/, { timeout: 120_000 });
    await isChinese(page, `the link “${name}”, when all is said`);
    await page.getByTestId('finding').getByRole('button', { name: share.open.close }).click();
  }
});

test('in Chinese: what is said of every bad model, picture, archive and card', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage({ lang: 'zh' });
  const alerts = page.getByRole('alert');
  const dismiss = async () => {
    await page.evaluate(() => globalThis.featurescope.set({ errors: [] }));
    await expect(alerts).toHaveCount(0);
  };
  const models = readdirSync(join(ROOT, 'tests/bad-models')).filter((name) => !/\.(json|py)$/.test(name));
  expect(models.length).toBeGreaterThan(40);
  for (const name of models) {
    await page.locator('#model-input').setInputFiles(file(`tests/bad-models/${name}`, name.endsWith('.onnx') ? name : `${name}.onnx`));
    // Some of them can be looked at all the same.
    await expect.poll(async () => await alerts.count() > 0 || await page.evaluate((title) => globalThis.featurescope.state.model?.title === title, name.replace('.onnx', '')), name).toBe(true);
    await waitUntilSettled(page);
    await isChinese(page, name);
    await dismiss();
  }
  const png = readFileSync(join(ROOT, 'tests/domain/data/grey.png'));
  const jpeg = readFileSync(join(ROOT, 'models/photos/coffee.jpg'));
  const pictures = {
    'empty.png': '', 'text.jpg': 'no picture at all', 'page.png': '<!doctype html><title>Hello</title>', 'drawing.png': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'document.jpg': '%PDF-1.7 and more',
    'archive.png': 'PK\x03\x04 and more', 'cut.png': png.subarray(0, 60), 'cut.jpg': jpeg.subarray(0, 3000), 'odd.webp': 'RIFF\x10\0\0\0WEBPVP8 \0\0\0\0', 'photo.heic': '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    'unknown.tif': 'II*\0 nothing that a browser shows', 'broken.zip': 'PK\x05\x06 and no more', 'unknown.xyz': 'what is this',
    'nobody.jpg': readFileSync(join(ROOT, 'tests/domain/data/variants/nobody-12-bit.jpg')), 'palette.png': readFileSync(join(ROOT, 'tests/domain/data/damaged/plte4.png')),
  };
  for (const [name, content] of Object.entries(pictures)) {
    await page.locator('#image-input').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
    await expect(alerts.first(), name).toBeVisible();
    await waitUntilSettled(page);
    await isChinese(page, name);
    await dismiss();
  }
  for (const [name, content] of [['card.json', '[]'], ['card.json', '{"recipe": {"size": -1}}'], ['card.json', '{"output": "maybe"}'], ['card.json', '{"scores": "nothing"}'], ['card.json', '{"defaultLayer": "nothing"}'], ['card.json', '{"labels": "nothing.json"}']]) {
    await page.locator('#model-input').setInputFiles([file('tests/outputs/boxes.onnx', 'carded.onnx'), { name, mimeType: '', buffer: Buffer.from(content) }]);
    await waitUntilSettled(page);
    await isChinese(page, content);
    await dismiss();
  }
});

/** Nothing is being done, whether it has succeeded or not. */
async function waitUntilSettled(page) {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect(page.locator('body')).toHaveAttribute('data-state', /ready|error/);
}
