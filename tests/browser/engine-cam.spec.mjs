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

for (const recorded of cases.filter(({ layer }) => ['fire9/concat', 'fire5/concat', 'block9_add', 'block14_project'].includes(layer))) {
  const { layer, class: classIndex, picture, weights, maps, cells, height, width, pixels, step } = recorded;
  test(`${layer}, class ${classIndex}: weights, cells and pixels are pytorch-grad-cam’s`, async ({ openBlank, engine }) => {
    test.setTimeout(300_000);
    const page = await openBlank();
    const name = recorded.model.replace(/^.*\//, '').replace('.onnx', '');
    const found = await page.evaluate(async ([device, model, chosen, index, image]) => {
      const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
      const scope = await Featurescope.create({ engine: device });
      const open = await scope.open(model);
      const look = await open.look(`${globalThis.root}tests/goldens/inputs/${image}.png`, { layer: chosen, recipe: { ...open.recipe, resize: 'squash' } });
      const cam = await look.cam(index, { overlay: { size: 64, style: 'raw', colormap: 'grey' } });
      const refused = await look.cam(1000).catch(({ code }) => code);
      scope.close();
      const arrays = { weights: Array.from(cam.weights), cells: Array.from(cam.cells.data), data: Array.from(cam.data) };
      return { ...arrays, size: [cam.height, cam.width], image: [cam.image.width, cam.image.height], brightest: Math.max(...cam.image.data.filter((_, i) => i % 4 < 3)), refused };
    }, [engine, name, layer, classIndex, picture]);
    const errors = {
      weights: error(found.weights, floats(weights, maps)),
      cells: error(found.cells, floats(cells, height * width)),
      pixels: error(Array.from({ length: 1024 }, (_, place) => found.data[place * step]), floats(pixels, 1024)),
    };
    console.log(`${engine}, ${name}, ${layer}, class ${classIndex}: ${JSON.stringify(errors)}`);
    for (const value of Object.values(errors)) expect(value).toBeLessThanOrEqual(TOLERANCE);
    expect(found.size).toEqual(name.startsWith('squeeze') ? [227, 227] : [224, 224]);
    expect(Math.max(...found.image)).toBe(64);
    expect(found.brightest).toBeGreaterThan(200);
    expect(found.refused).toBe('bad-argument');
  });
}
