/**
 * Records what the card says at once of the maps of the model that the page opens with, in its default layer: what each of the maps
 * that are strong on a bundled photo, or the first of a class, would draw, and where in the bundled photos of classes every map is strongest:
 *
 *     cargo xtask build && node tests/browser/record-classes.mjs && node tests/browser/record-maps.mjs [--missing]
 *
 * Everything is found by the public interface on the CPU engine in Chromium; the drawings are made in the modern way with its options
 * as the page has them and the start number 1; with --missing only those that have no picture yet. Into models/maps/<model>/ go maps.json and one picture for each drawn map.
 */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { patchBox } from '../../www/classes/patch.js';
import { EMPTY, MODEL, ROOT, mapsFolder, withPage } from './recorder.mjs';

/** Of the first photo, which the page opens with, and of each of the others so many of the strongest maps are drawn. */
const FIRST = 60;
const OTHERS = 25;
/** Of each class of the bundled photos so many of its first maps are drawn, as the page shows in pictures. */
const OF_CLASS = 6;
/** Pixels of a drawing's side, as the page draws at first. */
const SIDE = 128;
/** Of each map so many photos are listed. */
const PHOTOS = 4;

const bundled = JSON.parse(await readFile(join(ROOT, 'models/photos/photos.json'), 'utf8'));
const { photos: examples } = JSON.parse(await readFile(join(ROOT, 'models/photos/classes.json'), 'utf8'));
const folder = await mapsFolder();

const { classMaps } = JSON.parse(await readFile(join(folder, 'classes.json'), 'utf8'));
const ofClasses = classMaps.flatMap(({ maps }) => maps.slice(0, OF_CLASS).map(({ map }) => map));

await withPage(async (page, address) => {
  await page.goto(`${address}${EMPTY}`);
  const { layer, recipe, strong, strongest } = await page.evaluate(find, {
    address: `${address}featurescope.js`,
    model: MODEL,
    bundled: bundled.map(({ file }) => `${address}models/photos/${file}`),
    examples: examples.map(({ file }) => `${address}models/photos/classes/${file}`),
    counts: { first: FIRST, others: OTHERS, photos: PHOTOS },
  });
  const drawn = [...new Set([...strong, ...ofClasses])];
  const places = strongest.map((found) => found.map(({ place, peak }) => [place, ...boxInPhoto(examples[place], layer, recipe, peak)]));
  const list = { model: MODEL, layer: layer.id, photos: examples.map(({ file }) => file), strongest: places, drawn };
  await writeFile(join(folder, 'maps.json'), JSON.stringify(list));
  for (const map of drawn) {
    const file = join(folder, `${map}.webp`);
    if (process.argv.includes('--missing') && existsSync(file)) continue;
    await writeFile(file, Buffer.from(await page.evaluate(draw, { layer: layer.id, map, side: SIDE }), 'base64'));
  }
  console.log(`${drawn.length} maps of ${layer.id} drawn, ${places.length} found in ${examples.length} photos`);
});

/**
 * Left, top, width and height of the patch around a map's peak, in pixels of the photo, of which the network saw the middle: by the
 * recipe "crop" the shorter side is scaled to round(size · 256 / 224) pixels before the centre is cut.
 */
function boxInPhoto({ width, height }, layer, { size }, peak) {
  const box = patchBox({ width: size, height: size }, layer, peak);
  const scale = Math.round((size * 256) / 224) / Math.min(width, height);
  const corner = (length) => (length - size / scale) / 2;
  return [
    corner(width) + box.left / scale,
    corner(height) + box.top / scale,
    box.width / scale,
    box.height / scale,
  ].map(Math.round);
}

/** Runs in the browser. */
async function find({ address, model: name, bundled, examples, counts }) {
  const { Featurescope } = await import(address);
  const scope = await Featurescope.create({ engine: 'cpu' });
  const model = (globalThis.model = await scope.open(name));
  const drawn = new Set();
  let layer = null;
  for (const [place, photo] of bundled.entries()) {
    const look = await model.look(photo);
    layer = model.layers.find(({ id }) => id === look.layer);
    for (const { map } of look.top(place === 0 ? counts.first : counts.others)) drawn.add(map);
    look.close();
  }
  const places = Array.from({ length: layer.channels }, () => []);
  for (const [place, photo] of examples.entries()) {
    const look = await model.look(photo);
    look.maxima.forEach((maximum, map) => {
      if (!look.dead[map]) places[map].push({ place, peak: look.peaks[map], maximum });
    });
    look.close();
  }
  const strongest = places.map((found) =>
    found.sort((one, other) => other.maximum - one.maximum || one.place - other.place).slice(0, counts.photos),
  );
  return { layer, recipe: model.recipe, strongest, strong: [...drawn] };
}

/** Runs in the browser. */
async function draw({ layer, map, side }) {
  const { image } = await globalThis.model.draw({ layer, map }, { preset: 'modern', size: side, seed: 1 });
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d').putImageData(image, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  return btoa(new Uint8Array(await blob.arrayBuffer()).reduce((string, byte) => string + String.fromCharCode(byte), ''));
}
