// The README's example, as a reader copies it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const recorded = JSON.parse(readFileSync(join(ROOT, 'tests/goldens/photos.json'), 'utf8')).predictions
  .find(({ model, photo, resize }) => model === 'squeezenet1.1' && photo === 'coffee.jpg' && resize === 'crop');

test('the example of the README shows the five maps that fire most', { tag: '@page' }, async ({ page, expectedErrors }) => {
  const [, example] = readFileSync(join(ROOT, 'README.md'), 'utf8').match(/```html\n(<!doctype html>\n[^]*?)```/);
  // The example names no icon, and the browser asks for one.
  expectedErrors.push(/404/);
  await page.route('**/example.html', (route) => route.fulfill({ contentType: 'text/html', body: example }));
  const logged = page.waitForEvent('console', (message) => message.type() === 'log');
  await page.goto('example.html');
  const items = page.locator('#maps li');
  await expect(items).toHaveCount(5);
  const maps = (await items.allInnerTexts()).map((line) => /map (\d+), mean ([\d.]+)/.exec(line).slice(1).map(Number));
  expect(maps[0][0]).toBe(recorded.maps[0].map);
  for (const [map, mean] of maps) {
    const theirs = recorded.maps.find((other) => other.map === map);
    // A hundredth of the strongest mean, for the grey level by which decoding and resizing may differ.
    expect(Math.abs(mean - theirs.mean)).toBeLessThanOrEqual(0.01 * recorded.maps[0].mean);
  }
  expect(await items.first().locator('canvas').evaluate(({ width, height }) => [width, height])).toEqual([227, 227]);
  const prediction = await (await logged).args()[0].jsonValue();
  expect(prediction).toMatchObject({ index: 967, label: recorded.top5[0].label });
  expect(Math.abs(prediction.probability - recorded.top5[0].probability)).toBeLessThanOrEqual(0.01);
});
