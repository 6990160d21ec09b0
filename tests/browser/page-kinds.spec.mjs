// Classes whose name is no label of ImageNet's but a word for some of its outputs.

import { readFileSync } from 'node:fs';

import { ROOT, expect, test } from './engine/fixtures.mjs';
import { question, waitUntilReady } from './fixtures.mjs';

const photo = (name) => ({ name, mimeType: '', buffer: readFileSync(`${ROOT}/models/photos/${name}`) });

/** Two classes with a photo each: SqueezeNet says Egyptian Mau of the cat and espresso of the cup. */
async function twoClasses(page, cat, coffee) {
  await page.getByRole('button', { name: 'Sort into classes…' }).click();
  const columns = page.getByTestId('column');
  for (const [place, name, file] of [[0, cat, 'chelsea.webp'], [1, coffee, 'coffee.jpg']]) {
    await columns.nth(place).locator('input[type=file]').setInputFiles([photo(file)]);
    await columns.nth(place).getByLabel('Name of the class').fill(name);
    await columns.nth(place).getByLabel('Name of the class').press('Enter');
  }
  await page.getByRole('button', { name: 'Find the maps' }).click();
  await expect(page.locator('#classes').getByRole('status').first()).toContainText('Found in 2 images');
  await waitUntilReady(page);
}

const counts = (page) => page.getByTestId('confusion').locator('[data-count]').evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.count)));

test('an answer that is a kind of the class is that class', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await twoClasses(page, 'Cats', 'beverages');
  await question(page, 'Everywhere').click();
  expect(await counts(page)).toEqual([1, 0, 0, 0, 1, 0]);
  await expect(page.getByTestId('confusion')).toContainText('recall');
  await expect(page.getByTestId('confusion').getByRole('cell', { name: '100%' })).toHaveCount(4);
  // The public call says the same.
  const confusion = await page.evaluate(async () => {
    const model = globalThis.featurescope.model;
    const file = async (name) => (await fetch(`models/photos/${name}`)).blob();
    return model.confusion([{ name: 'cats', images: [await file('chelsea.webp')] }, { name: 'animal', images: [await file('coffee.jpg')] }]);
  });
  expect(confusion).toEqual({ labels: ['cats', 'animal', 'other'], counts: [[1, 0, 0], [0, 0, 1]] });
});

// What the network says of a picture on the graphics card, engine-goldens.spec.mjs has.
test('dogs and birds: whichever of its 118 dogs and 59 birds the network says, it is right', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  // The number of the photo and of its class among ImageNet's; the network's answers are 243, 246 and 99, 22 and 129.
  const folders = { dog: ['00_243', '16_251'], bird: ['14_129', '15_99', '17_22'] };
  const { confusion, predicted } = await page.evaluate(async (pictures) => {
    const { model } = globalThis.featurescope;
    const blobs = (list) => list.map((encoded) => new Blob([Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))]));
    const classes = Object.entries(pictures).map(([name, list]) => ({ name, images: blobs(list) }));
    const looks = await Promise.all(classes.flatMap(({ images }) => images).map((image) => model.look(image)));
    return { confusion: await model.confusion(classes), predicted: looks.map(({ predictions }) => predictions[0].index) };
  }, Object.fromEntries(Object.entries(folders).map(([name, files]) => [name, files.map((file) => readFileSync(`${ROOT}/models/fetched/imagenet-photos/${file}.png`, 'base64'))])));
  console.log(predicted);
  expect(confusion).toEqual({ labels: ['dog', 'bird', 'other'], counts: [[2, 0, 0], [0, 3, 0]] });
});

test('while a class is tied to nothing nothing is counted of the network’s answers, and the page leads to the field', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await twoClasses(page, 'Chelsea', 'coffee');
  await question(page, 'Everywhere').click();
  await expect(page.getByTestId('confusion')).not.toContainText('recall');
  await expect(page.getByTestId('confusion')).not.toContainText('precision');
  await question(page, 'Unique').click();
  await expect(page.locator('#classes')).not.toContainText('McNemar');
  await question(page, 'Everywhere').click();
  await page.locator('#classes').getByRole('button', { name: 'Say what it calls Chelsea' }).click();
  const field = page.getByLabel('Add an output of the model to Chelsea');
  await expect(field).toBeFocused();
  await field.fill('feline');
  await field.press('Enter');
  await expect(page.getByTestId('confusion')).toContainText('recall');
  expect(await counts(page)).toEqual([1, 0, 0, 0, 1, 0]);
  // That there is no such class is an answer as well: then the other one is counted, and this one has no recall.
  for (let left = 13; left > 0; left--) await page.getByTestId('column').first().locator('.remove-chip').first().click();
  await expect(page.getByTestId('confusion')).toContainText('recall');
  await expect(page.locator('#classes')).toContainText('The model has no output for Chelsea, so its images count as “other”');
  await expect(page.getByTestId('confusion').getByRole('row', { name: /^Chelsea/ }).getByRole('cell').last()).toHaveText('–');
});
