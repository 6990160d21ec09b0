// Own pictures as the slices of one volume: they stand in the order of their names, the slice that is chosen and the map that shows go together,
// and what is seen is what onnxruntime makes of the same slices (tests/volumes/record.py).

import { readFileSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';

import { english } from './english.mjs';
import { expect, test, waitUntilReady } from './fixtures.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const { side, networks } = JSON.parse(read('volumes/recorded.json'));
const MODEL = 'cases/ND-volume-convolutions/model.onnx';
const { recipe, stacks } = networks[`tests/${MODEL}`];
const seven = stacks.find(({ pictures }) => pictures === 7);

/** A picture of `slices.rgb` as PNG. */
function png(number) {
  const rgb = read('volumes/slices.rgb').subarray(number * side * side * 3, (number + 1) * side * side * 3);
  const rows = Array.from({ length: side }, (_, row) => Buffer.concat([Buffer.from([0]), rgb.subarray(row * side * 3, (row + 1) * side * 3)]));
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [data.length, crc32(body)].map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    });
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The seven pictures, whose names put 10 before 9 unless numbers count, in another order. */
const pictures = () => [6, 0, 3, 1, 5, 2, 4].map((number) => ({ name: `scan-${number + 5}.png`, mimeType: 'image/png', buffer: png(number) }));
const model = () => [
  { name: 'volume.onnx', mimeType: '', buffer: read(MODEL) },
  { name: 'card.json', mimeType: '', buffer: Buffer.from(JSON.stringify({ recipe })) },
];

async function bring(page) {
  await page.locator('#model-input').setInputFiles(model());
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('volume');
  await waitUntilReady(page);
}

const inState = (page) => page.evaluate(() => {
  const { look, openMap, photos, photo } = globalThis.featurescope.state;
  const { slices, means, layer } = look;
  const current = photos.find(({ id }) => id === photo);
  return { slices: slices && [...slices], means: [...means], layer, openMap, name: current.name, names: current.slices?.map(({ name }) => name), photos: photos.length };
});

test('own pictures become the slices of a volume, and single pictures again', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  await bring(page);
  const volume = page.getByTestId('volume');
  await expect(volume).toContainText('This network takes a stack of 4 slices, and the photo is every one of them.');
  await expect(volume.getByRole('button')).toHaveCount(0);
  const before = (await inState(page)).photos;
  await page.locator('#image-input').setInputFiles(pictures());
  await expect(volume).toContainText('Your 7 pictures can be the slices instead, in the order of their names.');
  await waitUntilReady(page);
  await page.evaluate(() => globalThis.featurescope.chooseLayer('stem/maps'));
  await volume.getByRole('button', { name: 'Look at 7 pictures as one volume' }).click();
  await expect(volume).toContainText('This network takes 4 slices: 4 of the 7 pictures are seen, picked evenly in the order of their names.');
  await waitUntilReady(page);
  const joined = await inState(page);
  expect(joined).toMatchObject({ slices: seven.slices, layer: 'stem/maps', name: 'scan-5.png … scan-11.png', photos: before + 1 });
  expect(joined.names).toEqual([5, 6, 7, 8, 9, 10, 11].map((number) => `scan-${number}.png`));
  const differences = seven.means.stem.map((mean, map) => Math.abs(mean - joined.means[map]));
  expect(Math.max(...differences)).toBeLessThan(1e-4);

  // The slice follows the map, and the map the slice.
  const slider = volume.getByRole('slider', { name: 'Slice' });
  await page.evaluate(() => globalThis.featurescope.openMap(9));
  await expect(volume).toContainText('2 of 4: scan-7.png');
  await expect(volume).toContainText('Map 9: channel 2, slice 2 of 4 in this layer.');
  await slider.fill('4');
  await expect(volume).toContainText('4 of 4: scan-11.png');
  expect((await inState(page)).openMap).toBe(11);
  await slider.press('ArrowLeft');
  await expect(volume).toContainText('3 of 4: scan-9.png');
  expect((await inState(page)).openMap).toBe(10);
  // The photo on the page is that slice.
  const colour = () => page.evaluate(() => {
    const { photos, photo } = globalThis.featurescope.state;
    const { thumbnail } = photos.find(({ id }) => id === photo);
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.drawImage(thumbnail, 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  });
  await expect.poll(colour).toEqual([...read('volumes/slices.rgb').subarray(4 * side * side * 3, 4 * side * side * 3 + 3)]);

  // No link holds it, which is said.
  await page.evaluate(() => globalThis.featurescope.closeCard());
  await page.getByRole('button', { name: 'Share' }).first().click();
  await expect(page.locator('#share')).toContainText('A volume of several pictures cannot be shared yet.');
  await page.keyboard.press('Escape');

  // A network of single pictures sees one of them, and says which.
  await page.evaluate(() => globalThis.featurescope.openModel('squeezenet1.1', 'squeezenet1.1'));
  await waitUntilReady(page);
  await expect(volume).toContainText('This network takes one picture. Of the 7 slices it sees the middle one, scan-9.png.');
  expect((await inState(page)).slices).toBeUndefined();

  await volume.getByRole('button', { name: 'Back to single pictures' }).click();
  await waitUntilReady(page);
  expect(await inState(page)).toMatchObject({ name: 'scan-5.png', photos: before + 7 });
  await expect(volume).toBeHidden();
});

test('fewer pictures than slices are spread, and nothing of it is in English', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage({ lang: 'zh' });
  await bring(page);
  const volume = page.getByTestId('volume');
  await page.locator('#image-input').setInputFiles(pictures().filter(({ name }) => ['scan-5.png', 'scan-6.png'].includes(name)));
  await volume.getByRole('button', { name: '把 2 张图片当作一个体数据来看' }).click();
  await expect(volume).toContainText('2 张图片按名称顺序分布在这个网络要的 4 个切片上');
  await waitUntilReady(page);
  expect((await inState(page)).slices).toEqual([0, 0, 1, 1]);
  expect(await english(page)).toEqual([]);
});
