// What the page shows of a network that gives something else than class scores: boxes, a mask, the nearest photos, a picture.

import { readFileSync } from 'node:fs';

import AxeBuilder from '@axe-core/playwright';

import { expect, test, waitUntilReady } from './fixtures.mjs';

const at = (path) => new URL(`../gives/${path}`, import.meta.url);
const { networks } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));
const file = (name, mimeType = '') => ({ name, mimeType, buffer: readFileSync(at(name)) });

/** Brings a network and the picture that its values are known for. */
async function bring(page, name) {
  const { recipe } = networks[name];
  const card = { name: `${name}.json`, mimeType: '', buffer: Buffer.from(JSON.stringify({ title: name, recipe })) };
  await page.locator('#image-input').setInputFiles(file('picture.png', 'image/png'));
  await waitUntilReady(page);
  await page.locator('#model-input').setInputFiles(recipe ? [file(`${name}.onnx`), card] : [file(`${name}.onnx`)]);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe(name);
  await waitUntilReady(page);
}

/** Whether nothing is wider than the page. */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

test('a detector: its boxes stand in words and over the photo, and pointing at one shows it alone', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'yolov8');
  const { boxes } = networks.yolov8;
  await expect(page.locator('#predictions-heading')).toHaveText('What does it find?');
  await expect(page.getByTestId('boxes-sentence')).toHaveText(`It finds ${boxes.length} things in this photo.`);
  await expect(page.locator('#opening .lead')).toContainText('It finds: ');
  await expect(page.getByTestId('prediction')).toHaveCount(0);
  const rows = page.getByTestId('found-box');
  const frames = page.getByTestId('box-frame');
  await expect(rows).toHaveCount(8);
  await expect(frames).toHaveCount(8);
  // The first three are where onnxruntime and the reference NMS have them, in the photo's own pixels.
  const { width, height } = await page.evaluate(() => {
    const { state } = globalThis.featurescope;
    return state.photos.find(({ id }) => id === state.photo);
  });
  expect([width, height]).toEqual([150, 90]);
  const places = await frames.evaluateAll((all) => all.map(({ style }) => [style.left, style.top, style.width, style.height].map(Number.parseFloat)));
  for (const [place, [x1, y1, x2, y2]] of boxes.slice(0, 3).entries()) {
    const [left, top, right, bottom] = [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
    const [x, y, wide, high] = places[place];
    for (const [found, expected] of [[(x * width) / 100, left], [(y * height) / 100, top], [((x + wide) * width) / 100, right], [((y + high) * height) / 100, bottom]])
      expect(Math.abs(found - expected)).toBeLessThan(1);
  }
  await rows.nth(1).focus();
  await expect(frames.nth(1)).toHaveClass(/pointed/);
  await expect(rows.nth(1)).toHaveClass(/pointed/);
  // Pressed, it sorts the maps by what they show in the box, and is what Grad-CAM is asked about.
  await rows.nth(1).click();
  await expect(rows.nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('The maps are sorted by how much of what they show lies in box 2.')).toBeVisible();
  const parts = await page.locator('#look .tile-share').evaluateAll((all) => all.map(({ textContent }) => Number.parseFloat(textContent)));
  expect(parts.length).toBeGreaterThan(2);
  expect(parts).toEqual([...parts].sort((one, other) => other - one));
  await page.locator('#card').getByText('Why this class?').click();
  await expect(page.locator('#cam-class')).toHaveValue(/^2 /);
  await expect(page.getByTestId('cam-caption')).toContainText(/What speaks for 2 |Nothing on this photo speaks for 2 /);
  await rows.nth(1).click();
  await page.getByRole('button', { name: `Show all ${boxes.length}` }).click();
  await expect(rows).toHaveCount(boxes.length);
  // What asks about classes says why it cannot.
  await expect(page.getByTestId('scores-notice')).toContainText('no score for each class');
  await expect(page.getByTestId('map-tile').first()).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await fits(page)).toBe(true);
  const { violations } = await new AxeBuilder({ page }).include('#side').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});

test('the shapes of a detector lie over the photo where the things are, with their areas', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  // Its masks are wherever the photo is blue.
  await bring(page, 'yolov8_seg_blue');
  const rows = page.getByTestId('found-box');
  const shapes = page.getByTestId('box-shape');
  await expect(rows).toHaveCount(8);
  await expect(shapes).toHaveCount(8);
  const { masks } = networks.yolov8_seg_blue;
  const shown = await shapes.evaluateAll((all) => all.map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const has = Array.from({ length: data.length / 4 }, (_, place) => data[4 * place + 3] > 0);
    const { left, top, width, height } = canvas.style;
    return { has, width: canvas.width, height: canvas.height, sides: [left, top, width, height].map(Number.parseFloat), hidden: canvas.hidden };
  }));
  // A place that is drawn lies on the blue rectangle of the photo, from 80 to 130 across and from 30 to 80 down, but for its edge.
  let drawn = 0;
  for (const { has, width, height, sides: [left, top, wide, high], hidden } of shown) {
    if (hidden) continue;
    has.forEach((is, place) => {
      if (!is) return;
      const x = (150 * (left + (wide * ((place % width) + 0.5)) / width)) / 100;
      const y = (90 * (top + (high * (Math.floor(place / width) + 0.5)) / height)) / 100;
      expect(x > 75 && x < 135 && y > 25 && y < 85, `${x}, ${y}`).toBe(true);
      drawn++;
    });
  }
  expect(drawn).toBeGreaterThan(80);
  const [rowsOfMask, columns] = networks.yolov8_seg_blue.grid;
  const least = [...masks[0]].filter((place) => place === '1').length;
  const most = [...masks[0]].filter((place) => place !== '0').length;
  const told = await page.locator('.found-area').first().textContent();
  const share = (Number.parseFloat(told.match(/its shape: (.*)% of what it sees/)[1]) / 100) * rowsOfMask * columns;
  expect(share).toBeGreaterThan(least - 0.5);
  expect(share).toBeLessThan(most + 0.5);
  // The box that is pressed has the strongest shape, and the maps are sorted by what they show in it.
  const opacity = (number) => shapes.evaluateAll((all, from) => {
    const element = all.at(from);
    return [element, element.parentElement].reduce((product, one) => product * Number(getComputedStyle(one).opacity), 1);
  }, -number);
  const usual = await opacity(1);
  expect(usual).toBeLessThan(0.6);
  await expect(page.getByText('in its shape')).toBeVisible();
  await rows.first().click();
  await expect(page.getByText('lies in the shape in box 1')).toBeVisible();
  await page.mouse.move(0, 0);
  expect(await opacity(1)).toBeGreaterThan(usual);
  expect(await opacity(2)).toBeLessThan(usual);
  const parts = await page.locator('#look .tile-share').evaluateAll((all) => all.map(({ textContent }) => Number.parseFloat(textContent)));
  expect(parts).toEqual([...parts].sort((one, other) => other - one));
  await page.locator('#card').getByText('Why this class?').click();
  await expect(page.getByTestId('cam-caption')).toContainText(/What speaks for 1 |Nothing on this photo speaks for 1 /);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await fits(page)).toBe(true);
  const { violations } = await new AxeBuilder({ page }).include('#side').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await page.getByLabel('Show the shapes over the photo').uncheck();
  await expect(shapes).toHaveCount(0);
  await expect(page.getByTestId('box-frame')).toHaveCount(8);
  // A detector without masks has nothing to show or to tell of them.
  await bring(page, 'yolov8');
  await expect(page.getByLabel('Show the shapes over the photo')).toBeHidden();
  await expect(page.locator('.found-area').first()).toBeHidden();
});

test('switching a map off moves what is found, and says by how much', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'yolov8');
  const card = page.locator('#card');
  await card.getByText('Switch it off').click();
  await card.getByRole('button', { name: /^Without map \d+$/ }).click();
  await expect(page.getByTestId('ablation')).toContainText(/Without map \d+, .+ \(box 1\) goes from \d+(\.\d)?% to /);
  const rows = page.getByTestId('ablated');
  await expect(rows).toHaveCount(6);
  await expect(rows.first()).toContainText('(box 1)');
  // Where things are found now is what a look's own question says.
  const found = await page.evaluate(async () => {
    const { look, openMap } = globalThis.featurescope.state;
    const { finds } = await look.ablate(openMap, { controls: 0 });
    return finds.boxes.map(({ classIndex, score }) => [classIndex, score]);
  });
  const moved = page.getByTestId('moved-box');
  await expect(moved).toHaveCount(Math.min(8, found.length));
  await expect(card.getByText('In the photo, dashed')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  // Another map is another question.
  await page.getByTestId('map-tile').nth(1).click();
  await expect(moved).toHaveCount(0);

  await bring(page, 'unet');
  await card.getByRole('button', { name: /^Without map \d+$/ }).click();
  await expect(page.getByTestId('ablation')).toContainText(/the area of .* goes from/);
  await bring(page, 'embedding');
  await card.getByRole('button', { name: /^Without map \d+$/ }).click();
  await expect(page.getByTestId('ablation')).toContainText('the likeness to what it gave before goes from 100% to');
});

test('a segmenter: its mask lies over the photo, with the area of each class', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'deeplab');
  await expect(page.locator('#predictions-heading')).toHaveText('What is where?');
  await expect(page.getByTestId('mask-sentence')).toContainText('mostly class 1, on 38.7%');
  await expect(page.getByTestId('found-class')).toHaveCount(5);
  const canvas = page.getByTestId('mask-canvas');
  await expect(canvas).toBeVisible();
  // The colour of each place is that of its class.
  const colours = await canvas.evaluate((element) => {
    const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
    return Array.from({ length: data.length / 4 }, (_, place) => data.slice(4 * place, 4 * place + 3).join());
  });
  const { mask } = networks.deeplab;
  const other = new Map(mask.map((kind, place) => [kind, colours[place]]));
  const different = mask.filter((kind, place) => colours[place] !== other.get(kind)).length;
  expect(new Set(other.values()).size).toBe(5);
  expect(different).toBeLessThan(mask.length / 200);
  await page.locator('#card').getByText('Why this class?').click();
  await expect(page.getByTestId('cam-caption')).toContainText('speaks for class 1');
  await page.getByLabel('Show it over the photo').uncheck();
  await expect(canvas).toBeHidden();
});

test('a place of a mask is asked about by a click or by the arrow keys', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'unet');
  // Of a mask of one class it is yes or no.
  await expect(page.getByTestId('mask-sentence')).toContainText('It tells for each place yes or no: yes on ');
  await expect(page.getByTestId('found-class').first()).toContainText('no');
  const picker = page.locator('.place-picker');
  const { width, height } = await picker.boundingBox();
  await picker.click({ position: { x: 0.25 * width, y: 0.6 * height } });
  await expect(page.getByTestId('cam-caption')).toContainText('at the marked place');
  const asked = () => page.evaluate(() => {
    const { look, card: { cam } } = globalThis.featurescope.state;
    const { mask, frame } = look;
    const [column, row] = [((cam.at.x - frame.x) / frame.width) * mask.width, ((cam.at.y - frame.y) / frame.height) * mask.height];
    return { classIndex: cam.classIndex, ofMask: mask.data[Math.floor(row) * mask.width + Math.floor(column)], x: cam.at.x, y: cam.at.y };
  });
  const first = await asked();
  expect(first.classIndex).toBe(first.ofMask);
  await expect(page.locator('.place-mark')).toBeVisible();
  // What the page shows is what the library says of that place.
  const same = await page.evaluate(async ({ classIndex, x, y }) => {
    const { look, found } = globalThis.featurescope.state;
    const own = await look.cam(classIndex, { at: [x, y] });
    const whole = await look.cam(classIndex);
    const shown = Array.from(found.cam.cam.weights);
    return [own, whole].map(({ weights }) => weights.every((weight, map) => weight === shown[map]));
  }, first);
  expect(same).toEqual([true, false]);
  await picker.press('ArrowRight');
  await expect.poll(async () => (await asked()).x).toBeGreaterThan(first.x);
  // A class is asked about as a whole again.
  await page.getByTestId('found-class').first().click();
  await expect(page.getByTestId('cam-caption')).not.toContainText('at the marked place');
  const refused = await page.evaluate(async () => {
    const { look } = globalThis.featurescope.state;
    return look.cam(0, { at: [1e6, 0] }).catch(({ code, message }) => `${code}: ${message}`);
  });
  expect(refused).toMatch(/^bad-argument: .*at\[0\] is 1000000/);
  const { violations } = await new AxeBuilder({ page }).include('#side').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});

test('an embedding: the other photos at hand, those most alike first', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'embedding');
  await expect(page.getByTestId('embedding-sentence')).toContainText('It gives 24 numbers');
  const nearest = page.getByTestId('nearest');
  await expect(nearest.first()).toBeVisible({ timeout: 60_000 });
  const found = await page.evaluate(async () => {
    const { model, state } = globalThis.featurescope;
    const vectors = [];
    for (const photo of state.photos) vectors.push([photo.name, (await model.look(photo.source)).embedding]);
    const own = vectors.find(([name]) => name === state.photos.find(({ id }) => id === state.photo).name)[1];
    const product = (one) => one.reduce((sum, value, place) => sum + value * own[place], 0);
    return vectors.filter(([, vector]) => vector !== own && product(vector) < 0.99999).map(([name, vector]) => [name, product(vector)])
      .sort((one, other) => other[1] - one[1]);
  });
  await expect(nearest).toHaveCount(Math.min(6, found.length));
  const said = await nearest.evaluateAll((all) => all.map((element) => element.title));
  expect(said).toEqual(found.slice(0, 6).map(([name]) => name));
  await nearest.first().click();
  await waitUntilReady(page);
  expect(await page.evaluate(() => globalThis.featurescope.state.photos.find(({ id }) => id === globalThis.featurescope.state.photo).name)).toBe(said[0]);
});

test('a picture is shown, and what nobody can tell is said in a sentence', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page, 'restored');
  const size = await page.getByTestId('made-picture').evaluate(({ width, height }) => [width, height]);
  expect(size).toEqual([128, 128]);
  await bring(page, 'tokens');
  await expect(page.getByTestId('made-picture')).toBeHidden();
  await expect(page.getByTestId('scores-notice')).toContainText('“last_hidden_state” (1 × 64 × 16 numbers)');
});
