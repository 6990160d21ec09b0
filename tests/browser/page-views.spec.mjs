// Each question is a view with an address, a title and an active tab, and none of them opens empty.

import { expect, test, waitUntilReady } from './fixtures.mjs';

const questions = (page) => page.locator('#questions');
const current = (page) => questions(page).locator('[aria-current=page]');

test('questions have addresses, titles and active tabs; Back, Forward and a reload know which was asked', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await expect(current(page)).toHaveText('Where does it look?');
  await expect(page).toHaveTitle('Featurescope: see what a CNN looks at');
  await questions(page).getByRole('link', { name: 'Draw me one' }).click();
  await expect(page).toHaveURL(/#\/draw$/);
  await expect(page).toHaveTitle('Draw me one · Featurescope');
  await expect(page.locator('#card').getByRole('button', { name: 'Draw it' })).toBeVisible();
  await questions(page).getByRole('link', { name: 'Where does it look?' }).click();
  await expect(page).toHaveURL(/#\/look$/);
  await expect(page.locator('#look')).toBeFocused();
  await page.goBack();
  await expect(current(page)).toHaveText('Draw me one');
  await page.goForward();
  await expect(current(page)).toHaveText('Where does it look?');
  await page.goBack();
  await page.reload();
  await waitUntilReady(page);
  await expect(current(page)).toHaveText('Draw me one');
});

test('a question about classes opens with the photos that come with the page; the visitor’s own take their place', async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage();
  await page.goto(`${page.url()}#/unique`);
  const panel = page.locator('#classes');
  await expect(panel.getByRole('status').first()).toContainText('Found in 93 images', { timeout: 200_000 });
  await expect(panel.getByRole('tab', { name: 'Is it unique?' })).toHaveAttribute('aria-selected', 'true');
  await expect(panel.getByTestId('threshold')).toContainText('hreshold');
  await expect(panel.getByTestId('examples')).toContainText('93 photos of fish, monuments and tools');
  // The question comes first, and the classes are one line above it.
  await expect(panel.getByTestId('column').first()).toBeHidden();
  await expect(panel.getByText('3 classes, 93 images')).toBeVisible();
  await panel.getByRole('tab', { name: 'Which muscles for which class?' }).click();
  await expect(page).toHaveURL(/#\/classes$/);
  await expect(panel.getByTestId('class')).toHaveCount(3);
  expect(await panel.getByTestId('class-map').count()).toBeGreaterThan(10);
  await panel.getByRole('button', { name: 'Use my images…' }).click();
  await expect(panel.getByTestId('examples')).toBeHidden();
  await expect(panel.getByTestId('column')).toHaveCount(2);
  await expect(panel.getByRole('textbox', { name: 'Name of the class' }).first()).toHaveValue('class 1');
});
