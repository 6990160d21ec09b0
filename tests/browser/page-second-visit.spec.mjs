// What a visit leaves to the next one: files, and what the check of the graphics card found.

import { expect, test, waitUntilReady } from './fixtures.mjs';
import { otherVersion, startSite } from './site.mjs';

/** Tells everybody on this origin which compute pipelines the worker makes, by the names of the nodes that they compute. */
const SPY = `{
  const told = new BroadcastChannel('pipelines');
  const { prototype } = globalThis.GPUDevice ?? {};
  for (const name of ['createComputePipeline', 'createComputePipelineAsync']) {
    const create = prototype?.[name];
    if (create) prototype[name] = function (descriptor) {
      told.postMessage(descriptor.label);
      return create.call(this, descriptor);
    };
  }
}
`;

test('a second visit loads nothing and checks the graphics card no more', async ({ page, engine }) => {
  test.setTimeout(240_000);
  const site = await startSite('/a/b/');
  try {
    site.replaced = await otherVersion({ 'worker/inbox.js': (code) => SPY + code });
    await page.addInitScript(() => {
      globalThis.pipelines = [];
      new BroadcastChannel('pipelines').onmessage = ({ data }) => globalThis.pipelines.push(data);
    });
    const visit = async () => {
      site.requests.length = 0;
      await page.goto(`${site.address}?engine=${engine}`);
      await waitUntilReady(page);
      return { pipelines: await page.evaluate(() => globalThis.pipelines), requests: [...site.requests] };
    };
    const first = await visit();
    const parts = [`engine/${engine === 'cpu' ? 'cpu' : 'gpu'}/featurescope_later.wasm`, 'models/squeezenet1.1.onnx'];
    await expect.poll(() => page.evaluate(kept, parts), { timeout: 60_000 }).toEqual(parts);
    const second = await visit();

    expect(first.requests).toContain(parts[1]);
    // Whether there is a newer version is asked at each visit.
    const loaded = second.requests.filter((path) => path !== 'service-worker.js' && !(engine === 'cpu' && path.includes('thread')));
    expect(loaded).toEqual([]);
    if (engine === 'webgpu') {
      // The check has both in one shader, the network none.
      const ofCheck = ({ pipelines }) => pipelines.filter((name) => ['transpose', 'resize'].includes(name));
      expect(ofCheck(first).length).toBe(1);
      expect(ofCheck(second)).toEqual([]);
      expect(second.pipelines.length).toBeGreaterThan(0);
      expect(second.pipelines.length).toBeLessThan(first.pipelines.length);
    }
  } finally {
    await site.close();
  }
});

/** Those of these parts of addresses that are kept. @param {string[]} parts */
async function kept(parts) {
  const urls = [];
  for (const name of await caches.keys()) urls.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
  return parts.filter((part) => urls.some((url) => url.includes(part)));
}
