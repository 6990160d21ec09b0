// What the tests share. Import `test` and `expect` from here.
//
// - `engine`: 'cpu' or 'webgpu', by project.
// - `openPage(parameters)`: opens the page on that engine and waits until it is ready.
// - Whatever the page reports to the console as an error, or throws, fails the test; `expectedErrors` is the list of
//   patterns that a test puts in for the errors it provokes.
// - `anotherPage()`: a further page beside it, of which the same holds.

import { test as base, expect } from '@playwright/test';

export { expect };

export const test = base.extend({
  engine: ['cpu', { option: true }],

  expectedErrors: async ({}, use) => {
    await use([]);
  },

  page: async ({ page, expectedErrors }, use) => {
    const errors = errorsOf(page);
    await use(page);
    expect(unexpected(errors, expectedErrors), 'errors in the page').toEqual([]);
  },

  anotherPage: async ({ context, expectedErrors }, use) => {
    const all = [];
    await use(async () => {
      const page = await context.newPage();
      all.push(errorsOf(page));
      return page;
    });
    expect(unexpected(all.flat(), expectedErrors), 'errors in a further page').toEqual([]);
  },

  openPage: async ({ page, engine }, use) => {
    await use(async (parameters = {}) => {
      await page.goto(`?${new URLSearchParams({ engine, ...parameters })}`);
      await waitUntilReady(page);
      return page;
    });
  },
});

/** What the page will have reported as errors, or thrown. */
function errorsOf(page) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()}`);
  });
  return errors;
}

const unexpected = (errors, expected) => errors.filter((error) => !expected.some((pattern) => pattern.test(error)));

/** Resolves when nothing is being loaded or computed; fails with the page's own words when it reports an error. */
export async function waitUntilReady(page) {
  await expect(page.locator('body')).toHaveAttribute('data-state', /ready|error/);
  const alerts = await page.getByRole('alert').allInnerTexts();
  await expect(page.locator('body'), alerts.join('\n')).toHaveAttribute('data-state', 'ready');
}

/** Waits until every picture (`<img>`) of a locator, one at least, is decoded: an element is there before its picture is. */
export async function arePictures(images) {
  await expect.poll(() => images.evaluateAll((all) => all.length > 0 && all.every((image) => image.complete && image.naturalWidth > 0))).toBe(true);
}

/**
 * From now on the page's drawings take so many steps at each size, where they state no number themselves, and not hundreds of them: for tests of
 * what the page makes of a drawing. That it draws with the usual number is shown by page-draw.spec.mjs, on the CPU engine.
 */
export async function drawInFewSteps(page, steps = 32) {
  await page.evaluate((few) => {
    const model = Object.getPrototypeOf(globalThis.featurescope.model);
    const { draw } = model;
    model.draw = function drawShortly(target, options) {
      return draw.call(this, target, { steps: few, ...options });
    };
  }, steps);
}

/** The way to a question, by the name of its tab. `where`: the page, or anything on it. */
export function question(where, name) {
  return (where.page?.() ?? where).locator('#questions').getByRole('link', { name });
}

/** Unfolds the settings of the maps and of the input. */
export async function openSettings(page) {
  await page.locator('.settings > summary').click();
}

/** Unfolds what the questions about classes are asked of: the classes with their images, the models, the checks, the numbers of maps. */
export async function openSetUp(page) {
  const setUp = page.getByTestId('set-up');
  if (!(await setUp.evaluate(({ open }) => open))) await setUp.locator('summary').first().click();
  await expect(setUp).toHaveAttribute('open');
}
