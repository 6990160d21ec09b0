// What a patch attends to, on the page: it is chosen on the large picture, and a link holds it.

import { readFileSync } from 'node:fs';

import AxeBuilder from '@axe-core/playwright';

import { expect, test, waitUntilReady } from './fixtures.mjs';

const at = (path) => new URL(`../${path}`, import.meta.url);
const file = (path, name) => ({ name, mimeType: '', buffer: readFileSync(at(path)) });
const { values } = JSON.parse(readFileSync(at('attention/rows.json'), 'utf8')).networks['NV-registers'];
const LAYER = 'softmax1';

const stateOf = (page) =>
  page.evaluate(() => {
    const { look, card } = globalThis.featurescope.state;
    return { patch: card.patch, row: look.patch?.row, column: look.patch?.column, heads: Array.from({ length: look.channels }, (_, head) => [...look.map(head).data]) };
  });

/** Brings a vision transformer and the picture that its attention is known for, and shows a layer of attention. */
async function bring(page) {
  const { recipe } = JSON.parse(readFileSync(at('cases/NV-registers/case.json'), 'utf8'));
  const card = { name: 'card.json', mimeType: '', buffer: Buffer.from(JSON.stringify({ title: 'registers', recipe })) };
  await page.locator('#image-input').setInputFiles({ ...file('cases/NV-registers/image.png', 'image.png'), mimeType: 'image/png' });
  await waitUntilReady(page);
  await page.locator('#model-input').setInputFiles([file('cases/NV-registers/model.onnx', 'registers.onnx'), card]);
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('registers');
  await waitUntilReady(page);
  await page.evaluate((layer) => globalThis.featurescope.chooseLayer(layer), `${LAYER}/attention`);
  await waitUntilReady(page);
}

/** The heads are those that onnxruntime has for a patch, or for the class token. */
async function expectRow(page, cell) {
  const { heads } = values[LAYER].find((row) => String(row.cell) === String(cell));
  await expect.poll(async () => {
    const found = await stateOf(page);
    if (String(cell && [found.row, found.column]) !== String(cell)) return Number.POSITIVE_INFINITY;
    return Math.max(...heads.flatMap((row, head) => row.map((value, place) => Math.abs(value - found.heads[head][place]))));
  }).toBeLessThan(1e-4);
}

test('a press on the large picture shows what the patch there attends to, arrow keys go on, and a link holds it', { tag: '@page' }, async ({ openPage, page: opened }) => {
  const page = await openPage();
  await bring(page);
  const part = page.locator('#card .attention');
  const frame = page.getByRole('application', { name: /choose the patch that attends/ });
  await expect(part).toContainText('What the class token attends to.');
  await expect(part.getByRole('button')).toBeHidden();
  await expectRow(page, null);
  // The patch in row 4, column 1 of 6 × 6.
  const { width, height } = await frame.boundingBox();
  await frame.click({ position: { x: (1.5 / 6) * width, y: (4.5 / 6) * height } });
  await expect(part).toContainText('What this patch attends to: row 4, column 1');
  await expectRow(page, [4, 1]);
  const marker = await frame.locator('.cell-marker').boundingBox();
  const box = await frame.boundingBox();
  expect(Math.abs((marker.x - box.x) / box.width - 1 / 6)).toBeLessThan(0.02);
  expect(Math.abs((marker.y - box.y) / box.height - 4 / 6)).toBeLessThan(0.02);
  // From there to the middle of the picture, three steps at once.
  await frame.focus();
  for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect(part).toContainText('row 3, column 3');
  await expectRow(page, [3, 3]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  const { violations } = await new AxeBuilder({ page: opened }).include('#card').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);

  // What a link says of it, and back: to another layer, then with the link's finding.
  const finding = await page.evaluate(async () => {
    const { gather } = await import(`${document.baseURI.replace(/[^/]*([?#].*)?$/, '')}share/gather.js`);
    return (await gather(globalThis.featurescope, null)).finding;
  });
  expect(finding.view.patch).toEqual({ x: 3.5 / 6, y: 3.5 / 6 });
  await part.getByRole('button', { name: 'Choose no patch' }).click();
  await expect(part).toContainText('What the class token attends to.');
  await expectRow(page, null);
  await page.evaluate(async (found) => {
    const session = globalThis.featurescope;
    const { apply } = await import(`${document.baseURI.replace(/[^/]*([?#].*)?$/, '')}share/apply.js`);
    const { state, opened: open } = session;
    const sources = { model: open.source, images: [state.photos.find(({ id }) => id === state.photo).source], models: [] };
    await apply(found, session, { sources, openClasses: async () => null });
  }, finding);
  await waitUntilReady(page);
  await expectRow(page, [3, 3]);
  // In a layer that is no attention it says nothing.
  await page.evaluate(() => globalThis.featurescope.chooseLayer(globalThis.featurescope.state.model.defaultLayer));
  await waitUntilReady(page);
  await expect(part).toBeHidden();
  await expect(frame).toBeHidden();
});
