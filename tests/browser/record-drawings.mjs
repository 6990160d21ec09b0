/**
 * Draws maps of two networks in both ways and puts them on one sheet, docs/drawings.jpg:
 *
 *     cargo xtask build && node tests/browser/record-drawings.mjs
 *
 * The maps are those that fire most on bundled photos, so nobody has chosen them for their drawings. Everything is drawn by the
 * public interface on the CPU engine in Chromium, with its options as they are when left out and the start number 1.
 */

import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { chromiumPath } from './chromium.mjs';

const NETWORKS = [
  { title: 'SqueezeNet 1.1', file: 'models/squeezenet1.1.onnx', card: 'models/squeezenet1.1.json' },
  { title: 'EfficientNet-Lite0', file: 'models/fetched/efficientnet-lite0.onnx', card: 'models/efficientnet-lite0.json' },
];
const PHOTOS = ['models/photos/chelsea.webp', 'models/photos/coffee.jpg'];
/** Of each photo the maps that fire most, without those of the photos before. */
const MAPS_PER_PHOTO = 2;
const LARGEST_FILE = 200_000;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };

const server = createServer((request, response) => {
  const file = join(ROOT, normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)));
  response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
  createReadStream(file).on('error', () => response.writeHead(404).end()).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on('console', (message) => console.log(message.text()));
  await page.goto(`http://127.0.0.1:${server.address().port}/tests/bench/page.html`);
  const sheet = await page.evaluate(record, { networks: NETWORKS, photos: PHOTOS, mapsPerPhoto: MAPS_PER_PHOTO, largest: LARGEST_FILE });
  await writeFile(join(ROOT, 'docs/drawings.jpg'), Buffer.from(sheet, 'base64'));
} finally {
  await browser.close();
  server.close();
}

/** Runs in the page. */
async function record({ networks, photos, mapsPerPhoto, largest }) {
  const TILE = 176;
  const GAP = 8;
  const LINE = 20;
  const ways = [['article', 'as the article, 230 pixels'], ['modern', 'modern, 128 pixels']];
  const { Featurescope } = await import('/dist/featurescope.js');
  const scope = await Featurescope.create({ engine: 'cpu' });
  const read = async (path, type = '') => new File([await (await fetch(`/${path}`)).blob()], path.split('/').pop(), { type });
  const columns = photos.length * mapsPerPhoto;
  const block = 2 * LINE + ways.length * (TILE + LINE) + 2 * GAP;
  const canvas = new OffscreenCanvas(columns * (TILE + GAP) + GAP, networks.length * block + GAP);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [row, { title, file, card }] of networks.entries()) {
    const model = await scope.open([await read(file), await read(card)]);
    const maps = [];
    for (const photo of photos) {
      const look = await model.look(await read(photo));
      const strongest = look.top(look.channels).filter(({ map }) => !maps.some((one) => one.map === map));
      maps.push(...strongest.slice(0, mapsPerPhoto).map(({ map, rank }) => ({ map, rank, photo: photo.split('/').pop().split('.')[0] })));
      look.close();
    }
    const top = GAP + row * block;
    context.fillStyle = '#111';
    context.font = 'bold 15px system-ui, sans-serif';
    context.fillText(`${title}, layer ${model.defaultLayer}`, GAP, top + 14);
    for (const [down, [preset, name]] of ways.entries()) {
      const y = top + LINE + down * (TILE + LINE + GAP);
      context.font = '13px system-ui, sans-serif';
      for (const [place, { map, rank, photo }] of maps.entries()) {
        const begun = performance.now();
        const { image, activations, cured, grey } = await model.draw({ map }, { preset });
        const seconds = (performance.now() - begun) / 1000;
        console.log(`${title} ${preset} map ${map} (rank ${rank} on ${photo}): ${activations[0].toPrecision(3)} to ${activations.at(-1).toPrecision(3)}, cured ${cured}, grey ${grey}, ${seconds.toFixed(1)} s`);
        const bitmap = await createImageBitmap(image);
        const x = GAP + place * (TILE + GAP);
        context.imageSmoothingQuality = 'high';
        context.drawImage(bitmap, x, y + LINE, TILE, TILE);
        context.fillText(down === 0 ? `map ${map} (${photo})` : `map ${map}`, x, y + 14);
      }
      context.save();
      context.fillStyle = '#111c';
      context.fillRect(GAP, y + LINE + TILE - 20, context.measureText(name).width + 12, 20);
      context.fillStyle = '#fff';
      context.fillText(name, GAP + 6, y + LINE + TILE - 6);
      context.restore();
    }
    model.close();
  }
  scope.close();
  for (let quality = 0.85; ; quality -= 0.05) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size > largest && quality > 0.3) continue;
    return btoa(new Uint8Array(await blob.arrayBuffer()).reduce((string, byte) => string + String.fromCharCode(byte), ''));
  }
}
