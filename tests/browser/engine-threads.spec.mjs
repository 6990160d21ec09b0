// The CPU engine's threads, as visitors get them: from the second visit on, behind the service worker that isolates the page.

import { expect, test } from './engine/fixtures.mjs';
import { waitUntilReady } from './fixtures.mjs';
import { startSite } from './site.mjs';

/** Runs in the page: what the network makes of two photos in two layers, as bits, once its threads have begun. */
async function seen(threads) {
  const { Featurescope } = await import('./featurescope.js');
  const scope = await Featurescope.create({ engine: 'cpu' });
  const model = await scope.open('squeezenet1.1');
  const photo = async (name) => (await fetch(`models/photos/${name}`)).blob();
  await model.look(await photo('chelsea.webp'));
  for (let turn = 0; turn < 300 && (await scope.memory()).threads < threads; turn++) await new Promise((resolve) => setTimeout(resolve, 100));
  const values = [];
  for (const name of ['chelsea.webp', 'coffee.jpg']) {
    for (const layer of [undefined, model.layers[3].id]) {
      const look = await model.look(await photo(name), { layer });
      values.push(await hash(look.means), await hash(look.maxima), look.predictions.map(({ index, probability }) => [index, probability]));
      look.close();
    }
  }
  // Depthwise convolutions, and residuals.
  const [{ onnxFile }, { RANDOM }] = await Promise.all([import('./bench/networks/onnx.js'), import('./bench/networks/random.js')]);
  const { make, card } = RANDOM.mobilenetv2;
  const other = await scope.open(new File([onnxFile(make())], 'mobilenetv2.onnx'), { card });
  for (const layer of [undefined, other.layers[5].id]) {
    const look = await other.look(await photo('chelsea.webp'), { layer });
    values.push(await hash(look.means), await hash(look.maxima), look.predictions.map(({ index, probability }) => [index, probability]));
    look.close();
  }
  const drawing = await model.draw({ map: 281, size: 64, steps: 3, seed: 1 });
  values.push(await hash(drawing.image.data));
  const found = { isolated: globalThis.crossOriginIsolated, relaxed: scope.engine.relaxed, threads: (await scope.memory()).threads, values };
  scope.close();
  return found;

  async function hash(numbers) {
    const bytes = new Uint8Array(numbers.buffer.slice(numbers.byteOffset, numbers.byteOffset + numbers.byteLength));
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(' ');
  }
}

test('the second visit is isolated, has threads, and the same bits as the first', { tag: '@cpu' }, async ({ page }) => {
  test.setTimeout(300_000);
  const site = await startSite('/a/b/');
  try {
    const open = async () => {
      await page.goto(`${site.address}?engine=cpu`);
      await waitUntilReady(page);
    };
    await open();
    const first = await page.evaluate(seen, 1);
    expect(first).toMatchObject({ isolated: false, threads: 1 });
    expect(site.requests.filter((path) => path.includes('_thread')), 'a first visit loads none of it').toEqual([]);
    const isKept = () => page.evaluate(async () => Boolean(await caches.match(new URL('engine/cpu/featurescope_bg.wasm', location.href), { ignoreSearch: true })));
    await expect.poll(isKept, { timeout: 60_000 }).toBe(true);
    site.requests.length = 0;

    await open();
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    expect(cores, 'this machine has several cores').toBeGreaterThan(1);
    const second = await page.evaluate(seen, Math.min(cores > 2 ? cores - 1 : cores, 8));
    expect(second.isolated).toBe(true);
    expect(second.threads).toBe(Math.min(cores > 2 ? cores - 1 : cores, 8));
    expect(second.values).toEqual(first.values);
    expect(site.requests.filter((path) => path.endsWith('_bg.wasm')), 'the engine is that of the first visit').toEqual([]);
  } finally {
    await site.close();
  }
});
