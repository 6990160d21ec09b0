// The questions about classes through the public API, against the algorithm that tests/classes/record.py writes down.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const recorded = JSON.parse(readFileSync(join(ROOT, 'tests/classes/turned.json'), 'utf8'));

/** The largest acceptable difference of a sum, as a part of the largest one. */
const TOLERANCE = 1e-3;

test('class maps, sums and confusions are those of the article’s algorithm', { tag: '@page' }, async ({ openBlank, engine }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  const found = await page.evaluate(async ([device, { model: name, classes, ties, perImage, perClass }]) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);

    /** A picture, mirrored and turned to the left, pixel by pixel. */
    const pixels = async ([file, mirrored, turns]) => {
      const blob = await (await fetch(`${globalThis.root}tests/goldens/inputs/${file}`)).blob();
      const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
      const side = bitmap.width;
      const context = new OffscreenCanvas(side, side).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, side, side);
      const turned = new ImageData(side, side);
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          let [row, column] = [y, x];
          for (let turn = 0; turn < turns; turn++) [row, column] = [column, side - 1 - row];
          if (mirrored) column = side - 1 - column;
          const from = (row * side + column) * 4;
          turned.data.set(data.subarray(from, from + 4), (y * side + x) * 4);
        }
      }
      return turned;
    };
    const sets = await Promise.all(Object.entries(classes).map(async ([title, images]) => ({ name: title, images: await Promise.all(images.map(pixels)) })));

    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open(name);
    const progress = [];
    const classMaps = await model.classMaps(sets, { perImage, perClass, onProgress: ({ done, total }) => progress.push([done, total]) });
    const sums = await model.classSums(classMaps, sets);
    const confusion = await model.confusion(sets, { ties });
    const twice = await model.classMaps([sets[0], sets[0]]).catch(({ code }) => code);
    const controller = new AbortController();
    const cancelled = await model.classMaps(sets, { signal: controller.signal, onProgress: () => controller.abort() }).catch(({ code }) => code);
    const still = await model.classMaps(sets.slice(0, 1), { perImage: 3, perClass: 2 });
    scope.close();
    const plain = Object.fromEntries(Object.entries(sums).map(([of, byClass]) =>
      [of, Object.fromEntries(Object.entries(byClass).map(([title, values]) => [title, [...values]]))]));
    return { classMaps, sums: plain, confusion, progress, twice, cancelled, still };
  }, [engine, recorded]);

  expect(found.classMaps).toEqual(recorded.classMaps);
  const all = Object.values(recorded.sums).flatMap((byClass) => Object.values(byClass).flat());
  const largest = Math.max(...all);
  for (const [of, byClass] of Object.entries(recorded.sums)) {
    for (const [title, values] of Object.entries(byClass)) {
      values.forEach((value, place) => expect(Math.abs(found.sums[of][title][place] - value), `${of} on ${title}`).toBeLessThanOrEqual(TOLERANCE * largest));
    }
  }
  expect(found.confusion).toEqual({ labels: [...Object.keys(recorded.classes), 'other'], counts: recorded.confusion });
  const total = Object.values(recorded.classes).flat().length;
  expect(found.progress).toEqual(Array.from({ length: total }, (_, done) => [done + 1, total]));
  expect([found.twice, found.cancelled]).toEqual(['bad-argument', 'cancelled']);
  // One class alone works, and has what is most frequent in it.
  expect(found.still[0].maps).toHaveLength(2);
  expect(found.still[0].removed).toEqual([]);
});
