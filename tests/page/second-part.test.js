// Who waits for the second part of an engine, and for how long.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { SecondParts } from '../../www/worker/second-part.js';

/** The shortest module there is. */
const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** @type {{ answer: (body: BodyInit, status?: number) => void }[]} */
let asked;
/** @type {number} */
let taken;
/** @type {any} */
let engine;

beforeEach(() => {
  asked = [];
  taken = 0;
  engine = { folder: 'https://host.example/engine/cpu/', module: { files: ['first.wasm', 'second.wasm'], prepared: (/** @type {ArrayBuffer} */ part) => part, takeSecondPart: () => taken++ } };
  globalThis.fetch = () => new Promise((resolve) => {
    asked.push({ answer: (body, status = 200) => resolve(new Response(body, { status })) });
  });
});

/** A request, with what it was told of the download. */
function request() {
  const controller = new AbortController();
  /** @type {any[]} */
  const told = [];
  return { signal: controller.signal, progress: (/** @type {any} */ now) => told.push(now), told, cancel: () => controller.abort() };
}

/** The request for a file with this number, which is asked for a moment later. @param {number} place */
async function asking(place) {
  for (let turn = 0; turn < 1000 && !asked[place]; turn++) await new Promise((resolve) => setTimeout(resolve));
  assert.equal(asked.length, place + 1);
  return asked[place];
}

const code = (/** @type {Promise<unknown>} */ promise) => promise.then(() => 'done', (error) => error.code);

test('what a visit begins with and what is small wait for nothing', async () => {
  const parts = new SecondParts();
  await parts.before('open', { source: { name: 'squeezenet1.1' } }, engine, request());
  await parts.before('look', { picture: { url: 'https://host.example/models/photos/chelsea.webp' } }, engine, request());
  await parts.before('overlay', {}, engine, request());
  await parts.before('create', {}, null, request());
  assert.equal(asked.length, 0);
});

test('whoever begins with something else waits, and so does every later look', async () => {
  for (const [action, content] of /** @type {[string, any][]} */ ([
    ['open', { source: { files: [] } }], ['look', { picture: { url: 'https://host.example/coffee.jpg' } }], ['draw', {}], ['thumbnail', { picture: {} }],
  ])) {
    const parts = new SecondParts();
    asked = [];
    const waiting = parts.before(action, content, engine, request());
    (await asking(0)).answer(MODULE);
    await waiting;
  }
  const parts = new SecondParts();
  asked = [];
  parts.behindLook(engine);
  const later = parts.before('look', { picture: { url: 'https://host.example/models/photos/chelsea.webp' } }, engine, request());
  (await asking(0)).answer(MODULE);
  await later;
});

test('it is loaded once for all, and who cancels ends the wait alone', async () => {
  const parts = new SecondParts();
  const [first, second] = [request(), request()];
  const [one, other] = [code(parts.whole(engine, first)), code(parts.whole(engine, second))];
  first.cancel();
  assert.equal(await one, 'cancelled');
  (await asking(0)).answer(MODULE);
  assert.equal(await other, 'done');
  assert.deepEqual([asked.length, taken], [1, 1]);
  assert.ok(second.told.some(({ stage }) => stage === 'engine'));
  assert.equal(await code(parts.whole(engine, request())), 'done');
  assert.equal(asked.length, 1);
});

test('what failed is said to all who wait, and tried anew by the next', async () => {
  const parts = new SecondParts();
  const waiting = [code(parts.whole(engine, request())), code(parts.whole(engine, request()))];
  (await asking(0)).answer('not here', 404);
  assert.deepEqual(await Promise.all(waiting), ['network', 'network']);
  const damaged = code(parts.whole(engine, request()));
  (await asking(1)).answer('<!doctype html>');
  assert.equal(await damaged, 'network');
  const again = code(parts.whole(engine, request()));
  (await asking(2)).answer(MODULE);
  assert.equal(await again, 'done');
  assert.deepEqual([asked.length, taken], [3, 1]);
});
