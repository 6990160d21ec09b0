// A visitor brings a model without a card, sees what was guessed, puts it right, names its classes, saves the card and drops it again.

import { readFileSync } from 'node:fs';

import AxeBuilder from '@axe-core/playwright';

import { english } from './english.mjs';
import { expect, openSettings, test, waitUntilReady } from './fixtures.mjs';

const own = () => ({ name: 'birds.onnx', mimeType: '', buffer: readFileSync(new URL('../outputs/tanh.onnx', import.meta.url)) });
const file = (name, content) => ({ name, mimeType: '', buffer: Buffer.from(content) });

async function bring(page, files) {
  await page.locator('#model-input').setInputFiles(files);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.offered ?? 'own')).toBe('own');
  await waitUntilReady(page);
}

/** What it says of the photo, as a visitor reads it. */
const says = async (page) => {
  await waitUntilReady(page);
  return page.getByTestId('prediction').evaluateAll((rows) => rows.map((row) => `${row.querySelector('.label').textContent} ${row.dataset.probability}`));
};

/** Files dropped on the page. */
async function drop(page, dropped) {
  await page.evaluate(async ([name, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, dropped);
}

test('a model without a card: its sheet says what was guessed, takes corrections and names, and saves a card that does the same again', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  await expect(page.getByText('We guessed')).toBeHidden();
  await bring(page, [own()]);
  await expect(page.getByText('Your file does not say how it wants its pixels. We guessed: torchvision. Right?')).toBeVisible();
  await page.getByRole('button', { name: 'Check' }).press('Enter');
  const sheet = page.getByRole('dialog', { name: 'How “birds” is read' });
  await expect(sheet).toContainText('We took torchvision’s way');
  await expect(sheet.getByText('This is what the network sees')).toBeVisible();

  // A way to read photos is one press away, and what is seen changes with it.
  await expect(sheet).toContainText('As numbers it runs from −');
  await sheet.getByRole('button', { name: 'numbers from 0 to 255' }).press('Enter');
  await expect(sheet).toContainText(/As numbers it runs from \d+(\.\d+)? to \d+/);
  await sheet.getByText('Change it by hand').press('Enter');

  // What is wrong says so at its field, and nothing is lost.
  await sheet.getByLabel('Mean').fill('1 2');
  await sheet.getByLabel('Names of the classes').fill('crow\nowl');
  await expect(sheet).toContainText('These are 3 numbers with commas or spaces between them');
  await expect(sheet).toContainText('2 names, but the network has 3 outputs');
  await sheet.getByRole('button', { name: 'Use it' }).press('Enter');
  await expect(sheet.getByLabel('Names of the classes')).toBeFocused();
  await expect(sheet.getByLabel('Mean')).toHaveValue('1 2');
  await expect(sheet.getByRole('button', { name: 'Save the card' })).toBeDisabled();

  await sheet.getByLabel('Names of the classes').fill('crow\nowl\nwren');
  await expect(sheet).toContainText('3 names for 3 outputs.');
  await sheet.getByLabel('To fit that size').selectOption('squash all of it');
  await sheet.getByLabel('Colours').selectOption('blue, green, red');
  await sheet.getByLabel('Scale').fill('1/255');
  await sheet.getByLabel('Mean').fill('0.5 0.4, 0.3');
  await sheet.getByLabel('Deviation').fill('0.25');
  await sheet.getByLabel('Its last numbers are').selectOption('scores');
  const saved = page.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Save the card' }).press('Enter');
  const download = await saved;
  expect(download.suggestedFilename()).toBe('birds.json');
  const card = readFileSync(await download.path(), 'utf8');
  expect(JSON.parse(card)).toMatchObject({
    file: 'birds.onnx', bytes: own().buffer.length, labels: ['crow', 'owl', 'wren'], output: 'logits',
    recipe: { size: 24, resize: 'squash', channels: 'bgr', scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.25], layout: 'nchw' },
  });
  await sheet.getByRole('button', { name: 'Use it' }).press('Enter');
  await expect(sheet).toBeHidden();
  await expect(page.getByTestId('prediction').filter({ hasText: 'wren' })).toBeVisible();
  await expect(page.getByText('We guessed')).toBeHidden();
  const said = await says(page);
  expect(said).toHaveLength(3);

  // The same after a loss of the engine.
  await page.workers()[0].evaluate(() => globalThis.close()).catch(() => {});
  await expect(page.locator('#progress')).toContainText('started again');
  expect(await says(page)).toEqual(said);

  // On a fresh page the card alone brings it all back, from the link the recipe, what the scores are and the names.
  await openPage();
  await bring(page, [own()]);
  expect(await page.getByTestId('prediction').count()).toBe(0);
  await drop(page, ['birds.json', card]);
  await expect(page.locator('#progress')).toContainText('Taken from birds.json for “birds”: 3 class names, how a photo becomes the input');
  expect(await says(page)).toEqual(said);
  const finding = await page.evaluate(async () => (await (await import('./share/gather.js')).gather(globalThis.featurescope, null)).finding);
  expect(finding).toMatchObject({ labels: ['crow', 'owl', 'wren'], output: 'logits', recipe: JSON.parse(card).recipe });

  // Back to what was guessed.
  await openSettings(page);
  await page.getByRole('button', { name: 'Change…' }).click();
  const again = page.getByRole('dialog', { name: 'How “birds” is read' });
  await expect(again).toContainText('It is read as you said.');
  await again.getByRole('button', { name: 'Back to what was guessed' }).click();
  await expect(again.getByLabel('Names of the classes')).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(again).toBeHidden();
  expect(await says(page)).toEqual(said);
});

test('files with names alone go to the open model, and what does not fit says so', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, [{ ...own(), buffer: readFileSync(new URL('../outputs/boxes.onnx', import.meta.url)) }]);
  await page.locator('#model-input').setInputFiles(file('labels.txt', 'crow\nowl\nwren\n'));
  await expect(page.locator('#progress')).toContainText('Taken from labels.txt for “birds”: 3 class names.');
  await expect(page.getByTestId('prediction').filter({ hasText: 'owl' })).toBeVisible();
  await drop(page, ['labels.json', '{"0": "dog", "1": "cat", "2": "cow"}']);
  await expect(page.getByTestId('prediction').filter({ hasText: 'cow' })).toBeVisible();
  const said = await says(page);
  await drop(page, ['package.json', '{"version": "1.0"}']);
  await expect(page.getByRole('alert')).toContainText('package.json: This JSON is neither a card');
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  // Too few names stand in the sheet, to be put right there.
  await drop(page, ['labels.txt', 'dog\ncat']);
  const sheet = page.getByRole('dialog', { name: 'How “birds” is read' });
  await expect(sheet.getByLabel('Names of the classes')).toHaveValue('dog\ncat');
  await expect(sheet).toContainText('2 names, but the network has 3 outputs');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  expect(await says(page)).toEqual(said);
});

test('the article’s switch says what it changes, and what that does to the answer', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const [before] = await says(page);
  const label = before.replace(/ [\d.e-]+$/, '');
  await openSettings(page);
  await page.getByLabel('As the article').check();
  const line = page.getByTestId('article-line');
  await expect(line).toContainText('This network was trained on other numbers');
  await expect(line).toContainText(new RegExp(`${label}: [\\d.]+% → [<\\d. ]+%\\.`));
  await page.getByLabel('As the article').uncheck();
  await expect(line).toBeHidden();
});

for (const [width, colorScheme, lang] of [[360, 'light', 'en'], [1440, 'dark', 'zh']]) {
  test(`the sheet has no serious finding of axe and does not scroll sideways at ${width} px, ${colorScheme}, ${lang}`, { tag: '@page' }, async ({ page, openPage }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await openPage({ lang });
    await bring(page, [own()]);
    await page.getByTestId('check-line').getByRole('button').click();
    const sheet = page.getByRole('dialog');
    await sheet.locator('details summary').click();
    await sheet.locator('textarea').fill('a\nb');
    await expect(sheet.locator('[aria-invalid=true]')).toHaveCount(1);
    const { violations } = await new AxeBuilder({ page }).include('dialog[open]').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await sheet.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBeLessThanOrEqual(0);
    if (lang !== 'zh') return;
    expect(await english(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const [name, content] of [['a.json', '{"x": "y"}'], ['labels.txt', 'a'], ['a.json', '{"recipe": {"size": 0}}'], ['labels.json', '["a", "b", "c"]']]) {
      await drop(page, [name, content]);
      if (name === 'labels.json') await expect(page.locator('#progress')).toContainText('labels.json');
      else await expect(page.getByRole('alert').last()).toContainText(`${name}: `);
      expect(await english(page), content).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });
}
