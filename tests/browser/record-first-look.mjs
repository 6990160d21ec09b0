/**
 * Records the first look: what the page shows before its engine is there. Run it after anything changed that the
 * first look shows (the bundled model, the first photo, overlays, layers):
 *
 *     cargo xtask build && node tests/browser/record-first-look.mjs
 *
 * It serves dist/, opens the page on the CPU engine, waits for the live result and writes www/page/first-look/.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT, openLooked, withPage } from './recorder.mjs';

/** Maps that the page shows at first. */
const MAPS = 60;
/** Pixels of a recorded tile's side, about that of a tile on the page. */
const SIZE = 112;
const COLUMNS = 10;
/** Likewise of the card's picture, which shows the first of them. */
const LARGE = 448;

await withPage(async (page, address) => {
  await openLooked(page, address);
  const { recording, tiles, large } = await page.evaluate(record, { maps: MAPS, size: SIZE, columns: COLUMNS, largeSize: LARGE });
  const folder = join(ROOT, 'www/page/first-look');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'look.json'), JSON.stringify(recording));
  await writeFile(join(folder, 'tiles.webp'), Buffer.from(tiles, 'base64'));
  await writeFile(join(folder, 'large.webp'), Buffer.from(large, 'base64'));
  console.log(`recorded ${recording.ranking.length} maps of ${recording.layer}`);
}, { viewport: { width: 1280, height: 900 } });

/** Runs in the page. */
async function record({ maps, size, columns, largeSize }) {
  const { state, scope } = globalThis.featurescope;
  const { look, model, palette, overlay } = state;
  const ranking = look.top(maps);
  const canvas = new OffscreenCanvas(columns * size, Math.ceil((ranking.length + 1) / columns) * size);
  const context = canvas.getContext('2d');
  const pictures = [];
  for (const { map } of ranking) pictures.push((await look.draw(map, { ...overlay, size })).image);
  pictures.push(look.seen());
  for (const [place, picture] of pictures.entries()) {
    const bitmap = await createImageBitmap(picture);
    context.drawImage(bitmap, (place % columns) * size, Math.floor(place / columns) * size, size, size);
  }
  const base64 = (bytes) => btoa(bytes.reduce((string, byte) => string + String.fromCharCode(byte), ''));
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  const largeCanvas = new OffscreenCanvas(largeSize, largeSize);
  largeCanvas.getContext('2d').putImageData((await look.draw(ranking[0].map, { ...overlay, size: largeSize })).image, 0, 0);
  const largeBlob = await largeCanvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  const rounded = (values) => Array.from(values, (value) => Number(value.toPrecision(6)));
  const values = new Float32Array(ranking.length * look.width * look.height);
  ranking.forEach(({ map }, place) => values.set(look.map(map).data, place * look.width * look.height));
  return {
    tiles: base64(new Uint8Array(await blob.arrayBuffer())),
    large: base64(new Uint8Array(await largeBlob.arrayBuffer())),
    recording: {
      model,
      layer: look.layer,
      channels: look.channels,
      width: look.width,
      height: look.height,
      live: look.live,
      signed: look.signed,
      layerScale: look.layerScale,
      means: rounded(look.means),
      maxima: rounded(look.maxima),
      minima: rounded(look.minima),
      peaks: Array.from(look.peaks),
      dead: Array.from(look.dead),
      ranking,
      predictions: look.predictions.slice(0, 20),
      values: base64(new Uint8Array(values.buffer)),
      // Of the map's values alone, and of the overlays.
      palette: Array.from(await scope.colormap(overlay.colormap)),
      legend: Array.from(palette),
      tiles: { columns, size },
    },
  };
}
