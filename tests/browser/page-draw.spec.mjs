// Drawing what a map looks for: through the public API, and on the page.

import AxeBuilder from '@axe-core/playwright';

import { expect as expectEngine, test as engineTest } from './engine/fixtures.mjs';
import { expect, test } from './fixtures.mjs';

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
    const preset = await model.draw({ map: 0 }, { preset: 'modern' }).catch(({ code }) => code);
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

test('a map is drawn in its card', async ({ openPage }) => {
  test.setTimeout(300_000);
  const page = await openPage();
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  const map = await page.getByTestId('map-tile').first().getAttribute('data-map');
  await card.getByText('What would it draw?').click();
  await card.getByLabel('Up to').selectOption('112');
  await card.getByRole('button', { name: 'Draw it' }).click();
  await expect(card.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(card.getByTestId('drawing')).toContainText(`Map ${map}: mean`, { timeout: 280_000 });
  await expect(card.getByRole('img', { name: `What map ${map} looks for` })).toHaveAttribute('width', '112');
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: 'PNG' }).click()]);
  expect(download.suggestedFilename()).toBe(`featurescope-map-${map}.png`);
  const { violations } = await new AxeBuilder({ page }).include('#card').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});
