// Drawing what a map looks for: through the public API, and on the page.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect as expectEngine, test as engineTest } from './engine/fixtures.mjs';
import { drawInFewSteps, expect, openSettings, openSetUp, question, test, waitUntilReady } from './fixtures.mjs';

engineTest('a drawing makes its map fire, streams, is seeded, and can be cancelled', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    const seen = [];
    const options = { size: 39, steps: 10, seed: 3 };
    const drawing = await model.draw({ map: 41 }, { ...options, onProgress: (progress) => seen.push(progress) });
    const again = await model.draw({ map: 41 }, options);
    const controller = new AbortController();
    const stopped = await model.draw({ map: 41 }, { ...options, signal: controller.signal, onProgress: () => controller.abort() }).catch(({ code }) => code);
    const refused = await model.draw({ map: 96 }).catch(({ code }) => code);
    const large = await model.draw({ map: 0 }, { size: 5000 }).catch(({ code, message }) => `${code}: ${message}`);
    const preset = await model.draw({ map: 0 }, { preset: 'fancy' }).catch(({ code }) => code);
    scope.close();
    const { image, activations, sizes, grey } = drawing;
    return {
      size: [image.width, image.height], sizes: [...sizes], activations: [...activations], grey, stopped, refused, large, preset,
      same: again.image.data.every((level, place) => level === image.data[place]),
      pictures: seen.filter((progress) => progress.image).length, steps: seen.filter(({ activation }) => activation !== undefined).length,
    };
  }, engine);
  expectEngine(found.size).toEqual([39, 39]);
  expectEngine(found.sizes).toEqual([33, 39]);
  expectEngine(found.activations).toHaveLength(20);
  expectEngine(found.activations[9]).toBeGreaterThan(2 * found.activations[0]);
  expectEngine([found.pictures, found.steps]).toEqual([4, 20]);
  expectEngine([found.grey, found.same, found.stopped, found.refused, found.preset]).toEqual([false, true, 'cancelled', 'bad-argument', 'bad-argument']);
  expectEngine(found.large).toMatch(/^too-large: .*up to \d+ pixels fit/);
});

engineTest('a modern drawing is seeded, has one size, and can be blurred and held back', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    const options = { preset: 'modern', size: 40, steps: 48, seed: 3 };
    const seen = [];
    const drawing = await model.draw({ map: 41 }, { ...options, onProgress: (progress) => seen.push(progress) });
    const again = await model.draw({ map: 41 }, options);
    const other = await model.draw({ map: 41 }, { ...options, seed: 4 });
    /** The mean difference of neighbours. */
    const rough = ({ image: { data, width } }) => {
      let sum = 0;
      for (let place = 4; place < data.length; place++) if (place % (4 * width) >= 4) sum += Math.abs(data[place] - data[place - 4]);
      return sum / data.length;
    };
    const blurred = await model.draw({ map: 41 }, { ...options, blur: 2 });
    const varied = await model.draw({ map: 41 }, { ...options, totalVariation: 8 });
    const distant = await model.draw({ map: 41 }, { ...options, l2: 8 });
    const grey = ({ image: { data } }) => data.reduce((sum, level, place) => (place % 4 === 3 ? sum : sum + (level - 127.5) ** 2), 0) / data.length;
    const refused = await model.draw({ map: 41 }, { ...options, blur: -1 }).catch(({ code, message }) => `${code}: ${message}`);
    scope.close();
    const same = (one) => one.image.data.every((level, place) => level === drawing.image.data[place]);
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const { activations, sizes, image } = drawing;
    return {
      size: image.width, sizes: [...sizes], steps: activations.length, same: [same(again), same(other)], refused,
      first: mean(activations.slice(0, 8)), last: mean(activations.slice(-8)), pictures: seen.filter((progress) => progress.image).length,
      roughness: [rough(drawing), rough(blurred), rough(varied)], distance: [grey(drawing), grey(distant)],
    };
  }, engine);
  expectEngine([found.size, found.sizes, found.steps, found.pictures]).toEqual([40, [40], 48, 3]);
  expectEngine(found.same).toEqual([true, false]);
  expectEngine(found.last).toBeGreaterThan(2 * found.first);
  const [rough, blurred, varied] = found.roughness;
  expectEngine(blurred).toBeLessThan(0.95 * rough);
  expectEngine(varied).toBeLessThan(0.95 * rough);
  expectEngine(found.distance[1]).toBeLessThan(0.95 * found.distance[0]);
  expectEngine(found.refused).toMatch(/^bad-argument: .*blur is -1; it has to be a number from 0\.$/);
});

engineTest('a drawing that is held waits, leaves the engine to others, and goes on as if nothing had been', async ({ openBlank, engine }) => {
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const { Pause } = await import(`${globalThis.root}questions/draw/pause.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    // So many steps that the message to hold arrives long before the last, however fast a step is.
    const options = { size: 39, steps: 60, seed: 3 };
    const straight = await model.draw({ map: 41 }, options);
    const pause = new Pause();
    let steps = 0;
    let held = () => {};
    const until = new Promise((resolve) => (held = resolve));
    const drawn = model.draw({ map: 41 }, { ...options, pause, onProgress: ({ activation }) => {
      if (activation === undefined || ++steps !== 4) return;
      pause.held = true;
      held();
    } });
    await until;
    // The step that was under way when the message came.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const atRest = steps;
    const look = await model.look(new ImageData(64, 64));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const later = steps;
    pause.held = false;
    const drawing = await drawn;
    // A held drawing can be cancelled, too.
    const controller = new AbortController();
    const waiting = new Pause();
    waiting.held = true;
    const stopped = model.draw({ map: 41 }, { ...options, pause: waiting, signal: controller.signal }).catch(({ code }) => code);
    await new Promise((resolve) => setTimeout(resolve, 200));
    controller.abort();
    const code = await stopped;
    await scope.settled();
    scope.close();
    return { atRest, later, maps: look.channels, steps: drawing.activations.length, code, same: drawing.image.data.every((level, place) => level === straight.image.data[place]) };
  }, engine);
  expectEngine(found.atRest).toBeLessThan(120);
  expectEngine(found.later).toBe(found.atRest);
  expectEngine([found.maps, found.steps, found.same, found.code]).toEqual([96, 120, true, 'cancelled']);
});

// The CPU engine holds its thread during a step.
engineTest('cancelling at 230 pixels frees the engine within 200 ms, and twenty drawings leave no memory behind', { tag: ['@cpu', '@alone'] }, async ({ openBlank }) => {
  engineTest.setTimeout(600_000);
  const page = await openBlank();
  const found = await page.evaluate(async () => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: 'cpu' });
    const model = await scope.open('squeezenet1.1');
    const answers = [];
    const ends = [];
    // A few steps for each size, so that it soon is at 230 pixels and not done there before it is cancelled, at different places of a step.
    for (const delay of [0, 37, 71, 113]) {
      const controller = new AbortController();
      let begun = 0;
      await model.draw({ map: 0 }, { size: 230, steps: 10, signal: controller.signal, onProgress: ({ size }) => {
        if (size === 230 && begun === 0) {
          begun = 1;
          setTimeout(() => {
            begun = performance.now();
            controller.abort();
          }, delay);
        }
      } }).then(() => answers.push(Infinity), () => answers.push(performance.now() - begun));
      await scope.settled();
      ends.push(performance.now() - begun);
    }
    const memory = [];
    for (let drawing = 0; drawing < 20; drawing++) {
      await model.draw({ map: drawing }, { size: 94, steps: 2, seed: drawing, preset: drawing % 2 ? 'modern' : 'article' });
      memory.push((await scope.memory()).wasmBytes);
    }
    scope.close();
    return { answers, ends, memory };
  });
  const milliseconds = (times) => times.map((time) => time.toFixed(0)).join(', ');
  console.log(`cancelling at 230 pixels: answered after ${milliseconds(found.answers)} ms, engine free after ${milliseconds(found.ends)} ms;`
    + ` memory after 1, 3 and 20 drawings: ${[0, 2, 19].map((place) => (found.memory[place] / 1e6).toFixed(1)).join(', ')} MB`);
  for (const time of [...found.answers, ...found.ends]) expectEngine(time).toBeLessThan(200);
  expectEngine(found.memory[19]).toBe(found.memory[2]);
});

engineTest('drawing after drawing leaves nothing behind, and a closed model keeps nothing', { tag: '@alone' }, async ({ openBlank, engine }) => {
  engineTest.setTimeout(300_000);
  const page = await openBlank();
  const { samples, open, closed } = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('story-plain');
    const open = await scope.memory();
    const samples = [];
    for (let drawing = 0; drawing < 20; drawing++) {
      const options = drawing % 2 ? { preset: 'modern', size: 40, steps: 4 } : { size: 39, steps: 3 };
      await model.draw({ map: drawing }, { ...options, seed: drawing });
      samples.push(await scope.memory());
    }
    model.close();
    await scope.settled();
    const closed = await scope.memory();
    scope.close();
    return { samples, open, closed };
  }, engine);
  // By then every gradient that is kept has been prepared, those of dead maps among them.
  const first = samples[9];
  console.log(`${engine}: open ${JSON.stringify(open)}, after 10 drawings ${JSON.stringify(first)}, after 20 ${JSON.stringify(samples[19])}, closed ${JSON.stringify(closed)}`);
  for (const sample of samples.slice(10)) {
    expectEngine(sample.wasmBytes).toBe(first.wasmBytes);
    expectEngine(sample.gpuBuffers).toBe(first.gpuBuffers);
    expectEngine(sample.gpuBytes).toBe(first.gpuBytes);
  }
  expectEngine(closed.gpuBuffers).toBeLessThanOrEqual(open.gpuBuffers);
  expectEngine(closed.gpuBytes).toBeLessThanOrEqual(open.gpuBytes);
});

// In the usual number of steps.
test('a map is drawn in its card', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await question(page, 'Draw').click();
  await expect(card.getByLabel('Method').first()).toHaveValue('modern');
  await card.getByText('More settings').click();
  await card.getByRole('group', { name: 'Settings', exact: true }).getByLabel('Size').selectOption('64');
  await card.getByRole('button', { name: 'Draw it' }).click();
  await expect(card.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(card.getByTestId('drawing').first()).toContainText(`Map ${map}: mean`, { timeout: 280_000 });
  await expect(card.getByTestId('drawing').first()).toContainText('in 512 steps');
  await expect(card.getByTestId('drawing-patch')).not.toHaveCount(0);
  await expect(card.getByRole('img', { name: `What map ${map} looks for`, exact: true }).first()).toHaveAttribute('width', '64');
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: 'PNG' }).click()]);
  expect(download.suggestedFilename()).toBe(`featurescope-map-${map}-modern.png`);
  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});

test('drawing has a view of its own; a part of the card is unfolded by its line and by a browser that finds a word in it', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const card = page.locator('#card');
  const drawing = card.locator('[data-part=drawing]');
  await expect(drawing).toBeHidden();
  await question(page, 'Draw').click();
  await expect(page.locator('#card-heading')).toBeFocused();
  await expect(drawing).toHaveAttribute('open');
  await expect(card.getByRole('button', { name: 'Draw it', exact: true })).toBeInViewport();
  await question(page, 'Look').click();
  await expect(drawing).toBeHidden();

  const line = card.locator('summary', { hasText: 'Why this class?' });
  const part = card.locator('[data-part=cam]');
  const open = () => page.evaluate(() => globalThis.featurescope.state.card.cam.open);
  await line.press('Enter');
  await expect(part).toHaveAttribute('open');
  expect(await open()).toBe(true);
  await line.press('Enter');
  await expect(part).not.toHaveAttribute('open');
  expect(await open()).toBe(false);
  await part.evaluate((details) => {
    details.open = true;
  });
  await expect.poll(open).toBe(true);
  await expect(part).toHaveAttribute('open');
  await line.click();
  await expect(part).not.toHaveAttribute('open');
});

/** The view of drawings, with its settings, for the strongest map of a small network: for tests that are not about what drawings make. */
async function openSmall(page) {
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  const tiles = page.getByTestId('map-tile');
  await tiles.first().click();
  const [map, next] = await Promise.all([0, 1].map((place) => tiles.nth(place).getAttribute('data-map')));
  await question(page, 'Draw').click();
  const card = page.locator('#card');
  await card.getByText('More settings').click();
  return { card, map, next };
}

// About the page's buttons; that drawings wait and go on is shown on both engines above.
test('a drawing can be paused, looked back at, set beside another one, and saved', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  // This is about 672 steps.
  const { card, map } = await openSmall(page);
  await card.getByLabel('A second drawing beside it').check();
  const [one, other] = ['Settings', 'Settings of the second drawing'].map((name) => card.getByRole('group', { name, exact: true }));
  await expect(one.getByText('The way that has become usual since')).toBeVisible();
  await card.getByLabel('Method').first().selectOption('as the article');
  await expect(one.getByText('The article’s way, smoothed a little')).toBeVisible();
  await card.getByLabel('Method').first().selectOption('as the article, literal');
  await one.getByLabel('Size').selectOption('112');
  await expect(one.getByText('The article’s program to the letter: a tiny picture')).toBeVisible();
  await other.getByLabel('Method').selectOption('modern');
  await other.getByLabel('Size').selectOption('64');
  await expect(other.getByText('The way that has become usual since')).toBeVisible();
  await other.getByLabel('Blur').selectOption('1');
  await card.getByRole('button', { name: 'Draw it' }).click();
  const lines = card.getByTestId('drawing');
  await expect(lines.first()).toContainText('Step', { timeout: 100_000 });
  await expect(lines.last()).toContainText('Step', { timeout: 100_000 });
  await card.getByRole('button', { name: 'Pause' }).click();
  await page.waitForTimeout(1500);
  const held = await lines.allTextContents();
  await page.waitForTimeout(1500);
  expect(await lines.allTextContents()).toEqual(held);
  await card.getByRole('button', { name: 'Go on' }).click();
  for (const line of await lines.all()) await expect(line).toContainText(`Map ${map}: mean`, { timeout: 280_000 });
  const pictures = card.locator('canvas.drawing:visible');
  await expect(pictures.first()).toHaveAttribute('width', '112');
  await expect(pictures.last()).toHaveAttribute('width', '64');

  const slider = card.getByLabel('Back through the drawing').first();
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(card.getByTestId('drawing-stage').first()).toHaveText(/^The start, \d\d pixels$/);
  expect(Number(await pictures.first().getAttribute('width'))).toBeLessThan(112);
  await page.keyboard.press('End');
  await expect(pictures.first()).toHaveAttribute('width', '112');

  const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: 'GIF' }).first().click()]);
  expect(download.suggestedFilename()).toBe(`featurescope-map-${map}-literal.gif`);
  const file = await readFile(await download.path());
  expect(file.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  expect([file.readUInt16LE(6), file.readUInt16LE(8)]).toEqual([112, 112]);
  // As many pictures as the slider has places, which the browser counts itself.
  const frames = await page.evaluate(async (bytes) => {
    const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: 'image/gif' });
    await decoder.tracks.ready;
    await decoder.completed;
    return decoder.tracks.selectedTrack?.frameCount;
  }, [...file]);
  expect(frames).toBe(Number(await slider.getAttribute('max')) + 1);

  // With another input it would be another drawing.
  await question(page, 'Look').click();
  await openSettings(page);
  await page.getByLabel('As the article').check();
  await waitUntilReady(page);
  await question(page, 'Draw').click();
  await expect(pictures).toHaveCount(0);
  await expect(lines.first()).toBeEmpty();
});

// That they are drawn on both engines is shown by engine-draw.spec.mjs.
test('a spot of a map, a class and a mix are chosen, drawn, named, and come back from their link', { tag: '@page' }, async ({ openPage, browser, engine }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  await drawInFewSteps(page);
  const { card, map, next } = await openSmall(page);
  await card.getByRole('group', { name: 'Settings', exact: true }).getByLabel('Size').selectOption('64');
  const target = card.getByLabel('What to draw');
  const line = card.getByTestId('drawing').first();
  const draw = async () => {
    await card.getByRole('button', { name: /^Draw (it|again)$/ }).click();
    // What the drawing before said stands there for a frame longer.
    await page.waitForFunction(() => !globalThis.featurescope.state.drawings.running && globalThis.featurescope.isDrawn, null, { timeout: 200_000 });
    await expect(line).toContainText('at the end');
    return page.locator('canvas.drawing').first().evaluate((canvas) => canvas.toDataURL());
  };
  const pictures = [await draw()];

  // Where the map is largest, until another spot is pressed or gone to.
  await target.selectOption('one spot of it');
  const spot = card.getByRole('application', { name: 'Spot on this photo' });
  const place = await page.evaluate(() => {
    const { look, openMap } = globalThis.featurescope.state;
    const { width } = look.map(openMap);
    return [Math.floor(look.peaks[openMap] / width), look.peaks[openMap] % width];
  });
  await expect(card.getByText(`Row ${place[0] + 1}, column ${place[1] + 1}.`)).toBeVisible();
  await spot.click({ position: { x: 2, y: 2 } });
  await expect(card.getByText('Row 1, column 1.')).toBeVisible();
  await spot.press('ArrowDown');
  await spot.press('ArrowRight');
  await spot.press('ArrowRight');
  await expect(card.getByText('Row 2, column 3.')).toBeVisible();
  pictures.push(await draw());
  await expect(line).toContainText(`Map ${map}, row 2 and column 3: value`);
  await expect(card.getByRole('img', { name: `What map ${map}, row 2 and column 3 looks for` })).toBeVisible();

  await target.selectOption('a mix with another map');
  await expect(card.getByLabel('With map')).toHaveValue(next);
  pictures.push(await draw());
  await expect(line).toContainText(`Maps ${map} + ${next}: sum of means`);

  await target.selectOption('a class');
  const labels = await page.evaluate(() => globalThis.featurescope.state.model.labels);
  const name = card.getByLabel('Class', { exact: true }).last();
  await name.fill('no such class');
  await name.press('Enter');
  await expect(card.getByText('The model has no class “no such class”')).toBeVisible();
  await name.fill(labels[1]);
  await name.press('Enter');
  pictures.push(await draw());
  await expect(line).toContainText(`Class “${labels[1]}”: score`);
  expect(new Set(pictures).size).toBe(4);
  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);

  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  const link = await page.locator('#share-link').inputValue();
  const other = await (await browser.newContext()).newPage();
  await other.goto(link.replace('#', `?engine=${engine}#`));
  await expect(other.getByTestId('drawing-brought')).toBeVisible();
  await waitUntilReady(other);
  const there = other.locator('#card');
  await expect(there.getByLabel('What to draw')).toHaveValue('class');
  await drawInFewSteps(other);
  await there.getByRole('button', { name: 'Draw it' }).click();
  await expect(there.getByTestId('drawing').first()).toContainText(`Class “${labels[1]}”: score`, { timeout: 200_000 });
  await expect(there.getByTestId('drawing').first()).toContainText('at the end', { timeout: 200_000 });
  expect(await other.locator('canvas.drawing').first().evaluate((canvas) => canvas.toDataURL())).toBe(pictures[3]);
  await other.context().close();
});

// What is recorded is made by record-maps.mjs; here it stands in for it, so that this is about what the page shows of it.
test('where drawings are recorded the view opens with them, and what is drawn here takes their place', { tag: '@page' }, async ({ page, openPage }) => {
  const map = 426;
  const picture = readFileSync(join(ROOT, 'models/photos/chelsea.webp'));
  const places = Array.from({ length: 512 }, () => []);
  await page.route('**/models/maps/**', (route) => (route.request().url().endsWith('.json')
    ? route.fulfill({ json: { model: 'squeezenet1.1', layer: 'fire9/concat', photos: [], strongest: places, drawn: [map, 111] } })
    : route.fulfill({ body: picture, contentType: 'image/webp' })));
  await openPage();
  await question(page, 'Draw').click();
  const card = page.locator('#card');
  const recorded = card.locator('.draw-easel').getByRole('img', { name: `What map ${map} looks for` });
  await expect(recorded).toBeVisible();
  await expect(card.getByText('Drawn beforehand.').first()).toBeVisible();
  await expect(card.getByTestId('recorded-drawing')).toHaveCount(2);
  // It says nothing of another way, of another target or of another map.
  await card.getByLabel('Method').first().selectOption('as the article');
  await expect(recorded).toBeHidden();
  await card.getByLabel('Method').first().selectOption('modern');
  await card.getByLabel('What to draw').selectOption('one spot of it');
  await expect(recorded).toBeHidden();
  await card.getByLabel('What to draw').selectOption('this map');
  await expect(recorded).toBeVisible();
  await card.getByTestId('recorded-drawing').last().getByRole('button').click();
  await expect(card.locator('#card-heading')).toContainText('111');
  await expect(card.locator('.draw-easel').getByRole('img', { name: 'What map 111 looks for' })).toBeVisible();
  await card.getByRole('button', { name: 'Draw it', exact: true }).click();
  await expect(card.getByText('Drawn beforehand.').first()).toBeHidden();
  await expect(card.locator('.draw-easel canvas.drawing').first()).toBeVisible();
  await expect(card.locator('.draw-easel img')).toHaveCount(2);
  for (const image of await card.locator('.draw-easel img').all()) await expect(image).toBeHidden();
  await card.getByRole('button', { name: 'Stop' }).click();
});

test('the photo’s strongest maps become a gallery below the picture, in which each tile opens large', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  await question(page, 'Draw').click();
  const card = page.locator('#card');
  await card.getByText('More settings').click();
  await card.getByRole('group', { name: 'Settings', exact: true }).getByLabel('Size').selectOption('64');
  // Enough that most of the gallery is still to be drawn when it is stopped.
  await drawInFewSteps(page, 160);
  const strongest = await page.evaluate(() => globalThis.featurescope.state.look.top(12).map(({ map }) => String(map)));
  await card.getByRole('button', { name: 'Draw the 12 strongest' }).click();
  const tiles = card.getByTestId('drawn');
  await expect.poll(() => tiles.evaluateAll((all) => all.map(({ dataset }) => dataset.map))).toEqual(strongest);
  await expect(tiles.nth(1)).toHaveAttribute('data-done', { timeout: 200_000 });
  expect((await tiles.first().boundingBox())?.width).toBeGreaterThanOrEqual(140);
  await expect(tiles.getByTestId('drawing-patch')).toHaveCount(0);
  await card.getByTestId('draw-wall').getByRole('button', { name: 'Stop' }).click();
  await card.getByRole('button', { name: 'Show where they fire' }).click();
  await expect(tiles.first().getByTestId('drawing-patch')).not.toHaveCount(0);
  await tiles.nth(1).getByRole('button').click();
  await expect(card.locator('#card-heading')).toHaveText(`Map ${strongest[1]}`);
  const pixels = (canvas) => canvas.evaluate((one) => one.toDataURL());
  expect(await pixels(card.locator('.draw-easel canvas').first())).toBe(await pixels(tiles.nth(1).locator('canvas.drawing')));
  await expect(card.getByTestId('drawing').first()).toContainText(`Map ${strongest[1]}: mean`);
});

// That drawings are made on both engines is shown above.
test('the maps of a class become a wall, of which every tile says how much its map fires', { tag: '@page' }, async ({ openPage }, { outputDir }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  for (const [name, file] of [['cat', 'chelsea-227.png'], ['cup', 'coffee-227.png']]) {
    mkdirSync(join(outputDir, 'animals', name), { recursive: true });
    copyFileSync(join(ROOT, 'tests/goldens/inputs', file), join(outputDir, 'animals', name, file));
  }
  await page.locator('#folder-input').setInputFiles(join(outputDir, 'animals'));
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status')).toContainText('Found in 2 images');
  await drawInFewSteps(page);
  await openSetUp(page);
  await panel.getByLabel('Maps of each class').fill('3');
  const cat = page.getByTestId('class').first();
  await expect.poll(() => cat.getByTestId('class-map').count()).toBeLessThanOrEqual(3);
  const maps = await cat.getByTestId('class-map').evaluateAll((list) => list.map(({ dataset }) => dataset.map));
  expect(maps.length).toBeGreaterThan(0);
  await cat.getByRole('button', { name: 'Draw these maps' }).click();
  const tiles = cat.getByTestId('drawn');
  // All of them are there at once, and each is drawn in its turn.
  await expect(tiles).toHaveCount(maps.length);
  await expect(tiles.last()).toContainText(/waiting|mean/);
  await expect(cat.locator('[data-testid=drawn][data-done]')).toHaveCount(maps.length, { timeout: 200_000 });
  for (const [place, map] of maps.entries()) {
    await expect(tiles.nth(place)).toHaveAttribute('data-map', map);
    await expect(tiles.nth(place).getByRole('button')).toContainText(new RegExp(`^#${map}, mean (?!0$)[0-9]`));
    const levels = await tiles.nth(place).locator('canvas.drawing').evaluate((canvas) =>
      new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size);
    expect(levels).toBeGreaterThan(50);
  }
});
