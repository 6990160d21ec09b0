// The guided story, to its end, with the numbers that models/story/measure.py found with onnxruntime.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const { models } = JSON.parse(readFileSync(join(ROOT, 'models/story/figures.json'), 'utf8'));
const NAMES = ['story-plain', 'story-augmented', 'story-adapted'];
/** Half of the last digit that the page shows. */
const SHOWN = 0.0006;

test('the story runs through the questions, and its figures are the recorded ones', async ({ openPage }) => {
  test.setTimeout(600_000);
  const page = await openPage();
  await page.getByRole('button', { name: 'A guided story…' }).click();
  const walk = page.getByTestId('walk');
  const step = async (number) => {
    await expect(walk).toContainText(`step ${number} of 8`, { timeout: 60_000 });
    await expect(walk.getByRole('status').last()).toBeEmpty({ timeout: 300_000 });
  };
  const next = () => walk.getByRole('button', { name: 'Next' }).click();
  await step(1);
  await expect(page.getByTestId('column')).toHaveCount(6);
  await next();
  await step(2);
  await expect(walk).toContainText('96 feature maps');
  await next();
  await step(3);
  const lists = page.getByTestId('class');
  await expect(lists).toHaveCount(3);
  const shown = await lists.evaluateAll((list) => Object.fromEntries(list.map((one) =>
    [one.dataset.name, [...one.querySelectorAll('[data-testid=class-map]')].map(({ dataset }) => Number(dataset.map))])));
  expect(shown).toEqual(models['story-plain'].threeClasses.maps);
  await next();
  await step(4);
  await expect(walk.getByTestId('drawn')).toHaveCount(4);
  await expect(walk.locator('[data-testid=drawn][data-done]')).toHaveCount(4);
  for (const caption of await walk.getByTestId('drawn').locator('.tile').allTextContents()) expect(caption).toMatch(/^#\d+, mean (?!0$)\d/);
  await next();
  await step(5);
  const matrix = await page.getByTestId('confusion').locator('[data-count]').evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.count)));
  const { xray } = models['story-plain'].confusion;
  // The page's columns: knife, gun, harmless (which this network has no output for), other.
  expect(matrix).toEqual(['knife', 'gun', 'harmless'].flatMap((name) => [...xray[name], 0, 0]));
  await next();
  await step(6);
  const areas = await page.getByTestId('areas').locator('tbody tr td:nth-of-type(1)').allInnerTexts();
  expect(areas).toHaveLength(3);
  NAMES.forEach((name, place) => expect(Math.abs(Number(areas[place]) - models[name].threeClasses.auc.xray.knife), name).toBeLessThan(SHOWN));
  await next();
  await step(7);
  await expect(walk.getByTestId('gallery-tile')).toHaveCount(24);
  await expect(walk).toContainText('tennis ball');
  const { violations } = await new AxeBuilder({ page }).include('.walk').analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await next();
  await step(8);
  await walk.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(walk).toHaveCount(0);
});
