// What any patch attends to, through the public API, on both engines, against onnxruntime's rows (tests/attention/record.py).

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const { networks } = JSON.parse(readFileSync(join(ROOT, 'tests/attention/rows.json'), 'utf8'));

/** The largest difference of an attention, which is at most 1. */
const TOLERANCE = 1e-4;

/** Of each network a class token's, and without one a patch's; its files and its picture. */
const SOURCES = {
  'NV-registers': { files: ['tests/cases/NV-registers/model.onnx'], picture: 'tests/cases/NV-registers/image.png' },
  'small-detr': { files: ['tests/networks/small-detr.onnx'], picture: 'tests/networks/64x64.rgb' },
};
const caseRecipe = (name) => {
  const path = join(ROOT, 'tests/cases', name, 'case.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')).recipe;
  return { size: 64, resize: 'squash', channels: 'rgb', scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
};

/** Runs in the page: the maps of each row that was recorded, and what the look says of them. */
async function rowsOf({ engine, files, picture, recipe, values }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const load = async (path) => (await fetch(`${globalThis.root}${path}`)).blob();
  const blobs = await Promise.all(files.map(async (path) => new File([await load(path)], path.split('/').pop())));
  // Bytes without a header are pixels in rows.
  const image = picture.endsWith('.rgb') ? await pixels(await load(picture)) : new File([await load(picture)], 'image.png');
  async function pixels(blob) {
    const rgb = new Uint8Array(await blob.arrayBuffer());
    const side = Math.sqrt(rgb.length / 3);
    const rgba = new Uint8ClampedArray(side * side * 4).map((_, at) => (at % 4 === 3 ? 255 : rgb[Math.floor(at / 4) * 3 + (at % 4)]));
    return new ImageData(rgba, side, side);
  }
  const scope = await Featurescope.create({ engine });
  const model = await scope.open(blobs, { recipe });
  const found = [];
  for (const [value, rows] of Object.entries(values)) {
    for (const { cell } of rows) {
      const layer = `${value}/attention`;
      const at = cell ? { row: cell[0], column: cell[1] } : undefined;
      const look = await model.look(image, at ? { layer, patch: at } : { layer });
      const heads = Array.from({ length: look.channels }, (_, head) => [...look.map(head).data]);
      found.push({ value, cell, patch: look.patch, heads });
      look.close();
    }
  }
  const refusals = [];
  const [layer] = Object.keys(values);
  for (const options of [{ layer: `${layer}/attention`, patch: { row: 99, column: 0 } }, { patch: { x: 0.5, y: 0.5 } }]) {
    await model.look(image, options).catch(({ code, message }) => refusals.push(`${code}: ${message}`));
  }
  scope.close();
  return { found, refusals };
}

for (const [name, { files, picture }] of Object.entries(SOURCES)) {
  test(`rows of attention of ${name} are those of onnxruntime`, async ({ openBlank, engine }) => {
    test.setTimeout(300_000);
    const page = await openBlank();
    const { values, grid } = networks[name];
    const { found, refusals } = await page.evaluate(rowsOf, { engine, files, picture, recipe: caseRecipe(name), values });
    const expected = Object.entries(values).flatMap(([value, rows]) => rows.map((row) => ({ value, ...row })));
    expect(found.length).toBe(expected.length);
    for (const [place, { value, cell, heads }] of expected.entries()) {
      const one = found[place];
      expect([one.value, one.cell]).toEqual([value, cell]);
      expect(one.patch && [one.patch.row, one.patch.column]).toEqual(cell);
      if (cell) expect([one.patch.x, one.patch.y]).toEqual([(cell[1] + 0.5) / grid[1], (cell[0] + 0.5) / grid[0]]);
      const differences = heads.flatMap((row, head) => row.map((expectedValue, at) => Math.abs(expectedValue - one.heads[head][at])));
      expect(Math.max(...differences), `${value}, ${cell}`).toBeLessThan(TOLERANCE);
    }
    expect(refusals).toEqual([
      expect.stringMatching(/^bad-argument: .*no patch in row 99, column 0/i),
      expect.stringMatching(/^bad-argument: .*no attention/),
    ]);
  });
}
