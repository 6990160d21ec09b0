// What the page says of a network whose end is no plain Softmax: no class scores at all, scores that nobody can tell the meaning
// of, infinity, and a file with several results.

import { readFileSync } from 'node:fs';

import { expect, test, waitUntilReady } from './fixtures.mjs';

const file = (path) => ({ name: path.split('/').at(-1), mimeType: '', buffer: readFileSync(new URL(`../${path}`, import.meta.url)) });

/** Opens a network and waits until it has looked. */
async function open(page, path) {
  const title = path.split('/').at(-1).replace('.onnx', '');
  await page.locator('#model-input').setInputFiles(file(path));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe(title);
  await waitUntilReady(page);
}

test('a network without class scores shows its maps and says what it gives instead', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await page.locator('#model-input').setInputFiles({ ...file('cases/A20-dense-map/model.onnx'), name: 'dense.onnx' });
  await expect(page.getByTestId('scores-notice')).toContainText('“scores” (1 × 5 × 20 × 20 numbers)');
  await waitUntilReady(page);
  await expect(page.getByTestId('map-tile').first()).toBeVisible();
  await expect(page.getByTestId('prediction')).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  // One that labels every place can be asked about its labels; of what nobody can tell there are no classes.
  await open(page, 'gives/tokens.onnx');
  await expect(page.getByTestId('scores-notice')).toContainText('does not name classes');
  await page.getByTestId('map-tile').first().click();
  const card = page.locator('#card');
  await card.getByText('Why this class?').click();
  await expect(card.getByTestId('cam-caption')).toContainText('there are no predictions here');
  // The public API says so in a sentence.
  const refused = await page.evaluate(async () => {
    const { model, state } = globalThis.featurescope;
    const said = async (ask) => ask().then(() => 'answered', ({ name, code, message }) => [name, code, message]);
    const image = state.photos[0].source;
    return [model.scores, await said(() => model.cam(image)), await said(() => model.ablate(image, { maps: [0] })),
      await said(() => model.confusion([{ name: 'one', images: [image] }]))];
  });
  expect(refused[0]).toBeNull();
  for (const [name, code, message] of refused.slice(1)) {
    expect([name, code]).toEqual(['FeaturescopeError', 'bad-argument']);
    expect(message).toContain('no class scores');
  }
});

test('where nobody can tell what the scores are the page asks, and believes the answer', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await open(page, 'outputs/tanh.onnx');
  await expect(page.getByTestId('scores-notice')).toContainText('What are they?');
  await expect(page.getByTestId('prediction')).toHaveCount(0);
  await page.getByRole('button', { name: 'scores, of which a softmax makes probabilities' }).click();
  await expect(page.getByTestId('prediction')).toHaveCount(3);
  await expect(page.getByTestId('scores-notice')).toBeHidden();
  expect(await page.evaluate(() => globalThis.featurescope.model.output)).toBe('logits');
});

test('infinity is said and is no probability', async ({ openPage }) => {
  const page = await openPage();
  await open(page, 'outputs/infinite.onnx');
  await expect(page.getByTestId('scores-notice')).toContainText('infinity');
  await expect(page.getByTestId('prediction')).toHaveCount(0);
  await expect(page.locator('#opening .lead')).toContainText('infinite or no numbers');
  const means = await page.evaluate(async () => {
    const { model, state } = globalThis.featurescope;
    const look = await model.look(state.photos[0].source);
    const refused = await look.cam().catch(({ name, code }) => [name, code]);
    const ablated = await look.ablate([1]).catch(({ name, code }) => [name, code]);
    return { finite: Array.from(look.means, Number.isFinite), silence: look.silence, refused, ablated };
  });
  expect(means.finite).toEqual([false, true, true, true]);
  expect(means.silence).toBe('not-finite');
  expect([means.refused, means.ablated]).toEqual([['FeaturescopeError', 'bad-argument'], ['FeaturescopeError', 'bad-argument']]);
});

test('of several results the page says which one it takes, and a card names another', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await open(page, 'outputs/boxes.onnx');
  await expect(page.getByTestId('prediction')).toHaveCount(3);
  await expect(page.getByTestId('scores-taken')).toContainText('“probabilities” is taken for the class scores, not “boxes”');
  const card = { name: 'boxes.json', mimeType: '', buffer: Buffer.from(JSON.stringify({ title: 'named', scores: 'boxes' })) };
  await page.locator('#model-input').setInputFiles([file('outputs/boxes.onnx'), card]);
  await expect(page.getByTestId('scores-taken')).toContainText('“boxes” is taken for the class scores');
  await expect(page.getByTestId('prediction')).toHaveCount(4);
});
