/**
 * Records what the questions about classes say at once of the photos that come with the page, with the model that it opens with, until that has
 * looked at them itself: the maps of each class, and each of these maps over all photos.
 *
 *     cargo xtask build && node tests/browser/record-classes.mjs
 *
 * Everything is found by the public interface on the CPU engine in Chromium, and goes into models/maps/<model>/classes.json.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MAPS } from '../../www/questions/classes/choices.js';
import { EMPTY, MODEL, ROOT, mapsFolder, withPage } from './recorder.mjs';

/** Significant digits of means and maxima: the page shows three. */
const DIGITS = 5;

const { classes, photos } = JSON.parse(await readFile(join(ROOT, 'models/photos/classes.json'), 'utf8'));
const folder = await mapsFolder();

await withPage(async (page, address) => {
  await page.goto(`${address}${EMPTY}`);
  const found = await page.evaluate(find, {
    address: `${address}featurescope.js`,
    model: MODEL,
    photos: photos.map(({ file }) => `${address}models/photos/classes/${file}`),
    classes: classes.map(({ name }) => ({
      name,
      images: photos.flatMap((photo, place) => (photo.class === name ? [place] : [])),
    })),
    counts: { perImage: MAPS, perClass: MAPS },
  });
  const short = (numbers) => numbers.map((number) => Number(number.toPrecision(DIGITS)));
  const over = Object.fromEntries(
    found.over.map(({ map, means, maxima, peaks }) => [map, { means: short(means), maxima: short(maxima), peaks }]),
  );
  const record = { model: MODEL, ...found, photos: photos.map(({ file }) => file), over };
  await writeFile(join(folder, 'classes.json'), JSON.stringify(record));
  console.log(`${found.over.length} maps of ${found.layer} over ${photos.length} photos`);
});

/** Runs in the browser. */
async function find({ address, model: name, photos, classes, counts }) {
  const { Featurescope } = await import(address);
  const scope = await Featurescope.create({ engine: 'cpu' });
  const model = await scope.open(name);
  const set = await model.imageSet([]);
  for (const photo of photos) await set.see(photo);
  const classMaps = await set.classMaps({ ...counts, classes });
  const listed = new Set(classMaps.flatMap(({ maps, removed }) => [...maps, ...removed].map(({ map }) => map)));
  const over = [];
  for (const map of [...listed].sort((one, other) => one - other)) {
    const { means, maxima, peaks } = await set.map(map);
    over.push({ map, means: [...means], maxima: [...maxima], peaks: [...peaks] });
  }
  return { layer: model.defaultLayer, recipe: model.recipe, ...counts, classMaps, said: [...(await set.said())], over };
}
