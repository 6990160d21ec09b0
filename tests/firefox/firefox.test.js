// The built page in Firefox, on both engines: that it gets ready, with the numbers of the CPU engine's recording.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { startSite } from '../browser/site.mjs';
import { Firefox } from './firefox.mjs';

/** How long the page may take to get ready, in milliseconds; Mesa's software adapter computes on the processor. */
const READY = 120_000;

/** How far a mean may be from the recorded one, as a part of the layer's largest. */
const TOLERANCE = 1e-3;

/** The most error scopes of a first visit: four to prepare and to look, and six for the check of the adapter, one of whose outputs is an
 * input handed on and comes back by itself. */
const MOST_ERROR_SCOPES = 10;

let site;
let firefox;
let recorded;

before(async () => {
  recorded = JSON.parse(await readFile(new URL('../../www/page/first-look/look.json', import.meta.url), 'utf8'));
  site = await startSite();
  // Counts what the worker asks, whenever it is asked for it.
  const worker = await readFile(new URL('../../dist/worker/main.js', import.meta.url), 'utf8');
  site.replaced.set('worker/main.js', `${worker}
    let errorScopes = 0;
    const { popErrorScope } = globalThis.GPUDevice?.prototype ?? {};
    if (popErrorScope) GPUDevice.prototype.popErrorScope = function () {
      errorScopes += 1;
      return popErrorScope.call(this);
    };
    const channel = new BroadcastChannel('error scopes');
    channel.onmessage = () => channel.postMessage(errorScopes);`);
  firefox = await Firefox.start();
});

after(async () => {
  await firefox?.close();
  await site?.close();
});

for (const [engine, name] of [['webgpu', 'wonnx'], ['cpu', 'rten']]) {
  test(`the page gets ready on ${engine}, with the recorded means`, async () => {
    const begun = performance.now();
    firefox.errors.length = 0;
    await firefox.open(`${site.address}?engine=${engine}`);
    const state = await settled(begun + READY);
    const seconds = (performance.now() - begun) / 1000;
    const shown = await firefox.evaluate(async () => ({
      engine: document.getElementById('engine-badge')?.dataset.engine,
      badge: document.getElementById('engine-badge')?.innerText,
      progress: document.getElementById('progress')?.innerText,
      alerts: Array.from(document.querySelectorAll('[role=alert]'), ({ innerText }) => innerText),
    }));
    assert.equal(state, 'ready', JSON.stringify(shown));
    assert.equal(shown.engine, name, shown.badge);
    const { layer, means, errorScopes } = await firefox.evaluate(async () => {
      const { look } = globalThis.featurescope.state;
      const channel = new BroadcastChannel('error scopes');
      const answer = new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
      channel.postMessage('');
      return { layer: look.layer, means: Array.from(look.means), errorScopes: await answer };
    });
    console.log(`Firefox on ${engine}: ready after ${seconds.toFixed(1)} s, ${errorScopes} error scopes; ${shown.badge.replaceAll(/\s+/g, ' ')}`);
    assert.equal(layer, recorded.layer);
    const largest = Math.max(...recorded.means);
    const differences = recorded.means.map((mean, map) => Math.abs(mean - means[map]) / largest);
    assert.ok(Math.max(...differences) <= TOLERANCE, `a mean differs by ${Math.max(...differences)} of the largest`);
    assert.ok(errorScopes <= MOST_ERROR_SCOPES, `${errorScopes} error scopes`);
    assert.deepEqual(firefox.errors, []);
  });
}

test('isolated from other origins it goes on with one thread, with the recorded means', async () => {
  const isolated = await startSite('/a/b/', { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'credentialless' });
  try {
    firefox.errors.length = 0;
    await firefox.open(`${isolated.address}?engine=cpu`);
    assert.equal(await settled(performance.now() + READY), 'ready');
    const { isolated: isApart, threads, relaxed, means } = await firefox.evaluate(async () => {
      const { scope, model } = globalThis.featurescope;
      const look = await model.look(await (await fetch('models/photos/chelsea.webp')).blob());
      const { threads } = await scope.memory();
      return { isolated: crossOriginIsolated, threads, relaxed: scope.engine.relaxed, means: Array.from(look.means) };
    });
    console.log(`Firefox, isolated: ${threads} thread, ${relaxed ? 'with' : 'without'} relaxed SIMD`);
    assert.ok(isApart);
    assert.equal(threads, 1);
    const largest = Math.max(...recorded.means);
    assert.ok(recorded.means.every((mean, map) => Math.abs(mean - means[map]) <= TOLERANCE * largest));
    assert.deepEqual(firefox.errors, []);
  } finally {
    await isolated.close();
  }
});

/** The page's state once it is ready or in error, or what it was at the deadline. */
async function settled(deadline) {
  for (;;) {
    const state = await firefox.evaluate(async () => document.body.dataset.state);
    if (state === 'ready' || state === 'error' || performance.now() > deadline) return state;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
