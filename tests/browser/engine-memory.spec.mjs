// What stays in memory, and how much it takes to open a large model.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const PHOTOS = ['chelsea.webp', 'coffee.jpg', 'rocket.jpg', 'camera.jpg', 'astronaut.jpg'];

/** The most that opening a model may take, as a multiple of the file. */
const FACTOR = 2.5;

test('fifty photos one after another leave nothing behind', async ({ openBlank, engine }) => {
  test.setTimeout(900_000);
  const page = await openBlank();
  const samples = await page.evaluate(lookAtMany, { engine, photos: PHOTOS, rounds: 10 });
  const [first] = samples;
  const last = samples.at(-1);
  console.log(`${engine}: after 5 photos ${JSON.stringify(first)}, after 50 ${JSON.stringify(last)}`);
  for (const sample of samples) {
    expect(sample.wasmBytes).toBeLessThanOrEqual(first.wasmBytes);
    expect(sample.gpuBuffers).toBeLessThanOrEqual(first.gpuBuffers);
    expect(sample.gpuBytes).toBeLessThanOrEqual(first.gpuBytes);
  }
});

/** Runs in the page: what is in memory after each round of all photos. */
async function lookAtMany({ engine, photos, rounds }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const model = await scope.open('squeezenet1.1');
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    for (const photo of photos) {
      const look = await model.look(`${globalThis.root}models/photos/${photo}`);
      for (const { map } of look.top(3)) await look.overlay(map);
      look.close();
    }
    samples.push(await scope.memory());
  }
  scope.close();
  return samples;
}

test('EfficientNet-Lite0 takes at most two and a half times its file', async ({ openBlank, engine }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  await measure(page, engine, join(ROOT, 'models/fetched/efficientnet-lite0.onnx'), 'efficientnet-lite0');
});

test('a network of 553 MB with dense layers takes at most two and a half times its file', { tag: '@alone' }, async ({ openBlank, engine }) => {
  test.setTimeout(1_200_000);
  const folder = join(ROOT, 'target/tests');
  const file = join(folder, 'big.onnx');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Under another name until it is whole.
    execFileSync(process.env.PYTHON ?? 'python3', [join(ROOT, 'tests/big-model/generate.py'), 'big', `${file}.part`]);
    renameSync(`${file}.part`, file);
  }
  const page = await openBlank();
  await measure(page, engine, file, 'vgg16-big');
});

/** Opens a file as a visitor would, looks at a photo once, and compares what WebAssembly then holds, which never shrinks. */
async function measure(page, engine, file, title) {
  await page.locator('input').setInputFiles(file);
  const { wasmBytes, gpuBytes, seconds, top } = await page.evaluate(openAndLook, { engine, title });
  const size = statSync(file).size;
  console.log(`${engine}, ${title}: a file of ${(size / 1e6).toFixed(1)} MB takes ${(wasmBytes / 1e6).toFixed(1)} MB of WebAssembly (${(wasmBytes / size).toFixed(2)} times) and ${(gpuBytes / 1e6).toFixed(1)} MB of the GPU; ${seconds.map((part) => part.toFixed(1)).join(' s to open, ')} s to look`);
  expect(top).toHaveLength(5);
  expect(wasmBytes).toBeLessThanOrEqual(FACTOR * size);
}

/** Runs in the page. With a card, so that the network does not run many times to find its recipe. */
async function openAndLook({ engine, title }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const recipe = { size: 224, resize: 'crop', channels: 'rgb', scale: 1, mean: [127, 127, 127], std: [128, 128, 128], layout: 'nchw' };
  const started = performance.now();
  const model = await scope.open(Array.from(document.querySelector('input').files), { card: { title, recipe } });
  const opened = performance.now();
  const look = await model.look(`${globalThis.root}models/photos/chelsea.webp`);
  const looked = performance.now();
  const memory = await scope.memory();
  scope.close();
  return { ...memory, seconds: [(opened - started) / 1000, (looked - opened) / 1000], top: look.predictions.slice(0, 5) };
}
