// What any patch attends to, through the public API, on both engines, against onnxruntime's rows (tests/attention/record.py), and within windows against
// PyTorch's (tests/attention/windows.py).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const recorded = (name) => JSON.parse(readFileSync(join(ROOT, 'tests/attention', name), 'utf8'));
const { networks } = recorded('rows.json');
const windows = recorded('windows.json');

/** The largest difference of an attention, which is at most 1. */
const TOLERANCE = 1e-4;

const SEEN = { resize: 'squash', channels: 'rgb', scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

/** The rows of some values, with the grid of each. */
const withGrid = ({ grid, values }) => Object.entries(values).map(([value, rows]) => ({ value, grid, rows }));
/** Of windows that are shifted, on a grid that they fit and on one that they reach beyond: the usual row, and two others. */
const shifted = ({ values }) => {
  const all = Object.entries(values).map(([value, { grid, rows }]) => ({ value, grid, rows: rows.slice(0, 3) }));
  return [all[1], all[3]];
};

/** A class token's rows, a patch's in a network without one, and those within windows; files, picture and recipe of each network. */
const CASES = {
  'NV-registers': {
    files: ['tests/cases/NV-registers/model.onnx'],
    picture: 'tests/cases/NV-registers/image.png',
    recipe: JSON.parse(readFileSync(join(ROOT, 'tests/cases/NV-registers/case.json'), 'utf8')).recipe,
    asked: withGrid(networks['NV-registers']),
  },
  'small-detr': {
    files: ['tests/networks/small-detr.onnx'],
    picture: 'tests/networks/64x64.rgb',
    recipe: { ...SEEN, size: [64, 64] },
    asked: withGrid(networks['small-detr']),
  },
  swin: {
    files: ['tests/attention/swin.onnx'],
    picture: 'tests/attention/48x64.rgb',
    recipe: { ...SEEN, size: windows.size },
    asked: shifted(windows.networks.swin),
  },
};

/** Runs in the page: the maps of each row that was recorded, and what the look says of them. */
async function rowsOf({ engine, files, picture, recipe, asked }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const load = async (path) => (await fetch(`${globalThis.root}${path}`)).blob();
  const blobs = await Promise.all(files.map(async (path) => new File([await load(path)], path.split('/').pop())));
  // Bytes without a header are pixels in rows.
  const image = picture.endsWith('.rgb') ? await pixels(await load(picture)) : new File([await load(picture)], 'image.png');
  async function pixels(blob) {
    const rgb = new Uint8Array(await blob.arrayBuffer());
    const [height, width] = recipe.size;
    const rgba = new Uint8ClampedArray(height * width * 4).map((_, at) => (at % 4 === 3 ? 255 : rgb[Math.floor(at / 4) * 3 + (at % 4)]));
    return new ImageData(rgba, width, height);
  }
  const scope = await Featurescope.create({ engine });
  const model = await scope.open(blobs, { recipe });
  const found = [];
  for (const { value, rows } of asked) {
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
  for (const options of [{ layer: `${asked[0].value}/attention`, patch: { row: 99, column: 0 } }, { patch: { x: 0.5, y: 0.5 } }]) {
    await model.look(image, options).catch(({ code, message }) => refusals.push(`${code}: ${message}`));
  }
  scope.close();
  return { found, refusals };
}

for (const [name, { files, picture, recipe, asked }] of Object.entries(CASES)) {
  test(`rows of attention of ${name} are those that were recorded`, async ({ openBlank, engine }) => {
    test.setTimeout(300_000);
    const page = await openBlank();
    const { found, refusals } = await page.evaluate(rowsOf, { engine, files, picture, recipe, asked });
    const expected = asked.flatMap(({ value, grid, rows }) => rows.map((row) => ({ value, grid, ...row })));
    expect(found.length).toBe(expected.length);
    for (const [place, { value, grid, cell, heads }] of expected.entries()) {
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
