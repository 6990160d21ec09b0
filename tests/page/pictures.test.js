// Decoded pictures that the worker keeps for the next look.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const { Pictures } = await import(new URL('../../www/worker/pictures.js', import.meta.url).href);

const { signal } = new AbortController();
const decoded = { width: 2, height: 1, rgb: new Uint8Array(6) };

/** An engine whose pictures say where they were decoded. */
function engine() {
  const picture = (by, width, height) => ({ by, width, height, free: () => {} });
  return { Picture: { fromRgb: (width, height) => picture('apart', width, height), decode: () => picture('engine', 2, 1) } };
}

/** A source that counts how often it is decoded apart from the engine. */
function source(key, found = decoded) {
  const one = { key, blob: new Blob(['picture']), asked: 0, ahead: () => {
    one.asked += 1;
    return Promise.resolve(found);
  } };
  return one;
}

test('a picture that is kept is not decoded again, apart from the engine either', async () => {
  const [pictures, module] = [new Pictures(), engine()];
  const cat = source(1);
  const first = await pictures.decode(module, cat, signal);
  assert.equal(first.by, 'apart');
  for (let time = 0; time < 3; time++) assert.equal(await pictures.decode(module, cat, signal), first);
  assert.equal(cat.asked, 1);
  // Another engine's memory does not hold it.
  assert.notEqual(await pictures.decode(engine(), cat, signal), first);
  assert.equal(cat.asked, 2);
  // Two of three that are kept are others by now, and then it is not among them.
  for (const key of [2, 3]) await pictures.decode(module, source(key), signal);
  await pictures.decode(module, cat, signal);
  assert.equal(cat.asked, 3);
});

test('what is being decoded already is waited for, and what cannot be had so the engine decodes', async () => {
  const [pictures, module] = [new Pictures(), engine()];
  assert.equal((await pictures.decode(module, { ...source(1), ahead: Promise.resolve(decoded) }, signal)).by, 'apart');
  assert.equal((await pictures.decode(module, source(2, null), signal)).by, 'engine');
  assert.equal((await pictures.decode(module, { ...source(3), ahead: undefined }, signal)).by, 'engine');
});

test('a picture at which a decoder broke is given to none again', async () => {
  const [pictures, module] = [new Pictures(), engine()];
  const bad = source(1, 'broke');
  for (let time = 0; time < 2; time++) await assert.rejects(pictures.decode(module, bad, signal), { code: 'bad-image' });
  assert.equal(bad.asked, 1);
});
