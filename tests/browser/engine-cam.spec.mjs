// Grad-CAM through the public API, against PyTorch (tests/cam/record.py), and its picture.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const { cases } = JSON.parse(readFileSync(join(ROOT, 'tests/cam/recorded.json'), 'utf8'));
const blob = readFileSync(join(ROOT, 'tests/cam/recorded.bin'));

/** The largest error, as a part of the largest number of its kind. */
const TOLERANCE = 1e-3;

/** Numbers of recorded.bin. */
const floats = (offset, count) => Array.from({ length: count }, (_, index) => blob.readFloatLE(offset + 4 * index));

function error(found, expected) {
  expect(found).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, index) => Math.abs(found[index] - value))) / largest;
}

/** Runs in the page: Grad-CAM of each case, by one engine that opens the model once. */
async function camsOf({ engine, model, list }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const open = await scope.open(model);
  const found = [];
  for (const { layer, class: index, picture } of list) {
    const look = await open.look(`${globalThis.root}tests/goldens/inputs/${picture}.png`, { layer, recipe: { ...open.recipe, resize: 'squash' } });
    const cam = await look.cam(index, { overlay: { size: 64, style: 'raw', colormap: 'grey' } });
    const refused = await look.cam(1000).catch(({ code }) => code);
    const arrays = { weights: Array.from(cam.weights), cells: Array.from(cam.cells.data), data: Array.from(cam.data) };
    found.push({ ...arrays, size: [cam.height, cam.width], image: [cam.image.width, cam.image.height], brightest: Math.max(...cam.image.data.filter((_, i) => i % 4 < 3)), refused });
    look.close();
  }
  scope.close();
  return found;
}

for (const [model, layers] of [['squeezenet1.1', ['fire5/concat', 'fire9/concat']], ['efficientnet-lite0', ['block9_add', 'block14_project']]]) {
  const list = cases.filter(({ layer }) => layers.includes(layer));
  test(`${list.length} of ${model}: weights, cells and pixels are pytorch-grad-cam’s`, async ({ openBlank, engine }) => {
    test.setTimeout(300_000);
    expect(list.map(({ model: path, layer, class: classIndex }) => [path.replace(/^.*\//, ''), layer, typeof classIndex])).toEqual(layers.flatMap((layer) => Array(2).fill([`${model}.onnx`, layer, 'number'])));
    const page = await openBlank();
    const found = await page.evaluate(camsOf, { engine, model, list });
    for (const [place, { layer, class: classIndex, weights, maps, cells, height, width, pixels, step }] of list.entries()) {
      const cam = found[place];
      const errors = {
        weights: error(cam.weights, floats(weights, maps)),
        cells: error(cam.cells, floats(cells, height * width)),
        pixels: error(Array.from({ length: 1024 }, (_, at) => cam.data[at * step]), floats(pixels, 1024)),
      };
      const what = `${engine}, ${model}, ${layer}, class ${classIndex}: ${JSON.stringify(errors)}`;
      console.log(what);
      for (const value of Object.values(errors)) expect(value, what).toBeLessThanOrEqual(TOLERANCE);
      expect(cam.size, what).toEqual(model.startsWith('squeeze') ? [227, 227] : [224, 224]);
      expect(Math.max(...cam.image), what).toBe(64);
      expect(cam.brightest, what).toBeGreaterThan(200);
      expect(cam.refused, what).toBe('bad-argument');
    }
  });
}
