// Work over many, spread over workers: who gets it, in which order it comes back, and what becomes of it when it is cancelled or a worker is lost.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { FeaturescopeError, cancelled } from '../../www/api/errors.js';
import { ImageSet } from '../../www/api/image-set.js';
import { Pool } from '../../www/api/pool.js';
import { roomFor } from '../../www/api/room.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const model = { handle: 7, bytes: 5 * MIB };
const PICTURES = { atOnce: 2, from: 1, waits: true };
const DRAWINGS = { atOnce: 1, from: 2, waits: false };

/** @type {Pool[]} */
const pools = [];
// A worker that rests keeps the process alive.
afterEach(() => pools.splice(0).forEach((pool) => pool.end(cancelled())));

/** A worker's line: what is asked is answered by whoever holds `answers`, or by itself where it is no look. */
class Line {
  asked = [];
  isGone = false;
  onBroke = () => {};
  #lose = () => {};
  lost = new Promise((resolve) => (this.#lose = resolve));
  #pending = new Set();

  constructor(name, { workers, refuses = [] } = {}) {
    Object.assign(this, { name, workers, refuses });
  }

  request(action, content, { signal } = {}) {
    if (this.isGone) return Promise.reject(gone());
    if (signal?.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const entry = { action, content, resolve, reject };
      this.asked.push(entry);
      this.#pending.add(entry);
      signal?.addEventListener('abort', () => reject(cancelled()));
      if (this.refuses.includes(action)) reject(new FeaturescopeError('too-large', ''));
      else if (action === 'openParts') resolve({ handle: 100 });
      else if (action === 'takeSeen') resolve((this.taken ??= []).push(content.seen) - 1);
      else if (action !== 'look' && action !== 'seeImage') resolve({ parts: 'files' });
    });
  }

  of(action) {
    return this.asked.filter((entry) => entry.action === action);
  }

  isAsked(action) {
    return this.of(action).length > 0;
  }

  terminate(error = gone()) {
    this.isGone = true;
    for (const { reject } of this.#pending) reject(error);
    this.#lose(error);
  }
}

const gone = () => new FeaturescopeError('worker-lost', '');

/** Everything that follows from what has happened has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A pool of a first worker and as many more as it starts. */
function made(options = { workers: 2 }, ofHelpers = {}) {
  const first = new Line('first', options);
  const helpers = [];
  const pool = new Pool(first, () => {
    helpers.push(new Line(`helper ${helpers.length}`, ofHelpers));
    return helpers.at(-1);
  });
  pools.push(pool);
  const look = (name, way = PICTURES, signal) =>
    pool.run(model, ({ messenger, handle }) => messenger.request('look', { name, handle }, { signal }), { ...way, signal });
  const names = (line) => line.of('look').map(({ content }) => content.name);
  return { pool, first, helpers, look, names };
}

test('as many workers as cores less one, of two cores both, and no more than there is memory for', () => {
  const room = (cores, memory, bytes = 5 * MIB) => roomFor({ cores, memory, bytes });
  assert.deepEqual([1, 2, 3, 4, 6].map((cores) => room(cores, 8)), [1, 2, 2, 3, 5]);
  assert.equal(room(64, 32), 8, 'nobody waits for more');
  assert.equal(room(undefined, undefined), 1);
  assert.equal(room(8, undefined), room(8, 4));
  assert.ok(room(8, 0.5) < room(8, 4));
  // A network of half a gigabyte is opened once.
  assert.deepEqual([room(8, 8, 553e6), room(8, 4, 102e6)], [1, 3]);
  for (const memory of [0.25, 1, 2, 8]) assert.ok(room(16, memory, 98 * MIB) === 1 || room(16, memory, 98 * MIB) * 2.5 * 98 * MIB <= (memory * GIB) / 4);
});

test('the first worker begins; others come when there is much to do, open the same files, and get what waits', async () => {
  const { helpers, first, look, names } = made({ workers: 3 });
  const way = { ...PICTURES, from: 6 };
  for (const name of ['a', 'b', 'c', 'd', 'e']) look(name, way).catch(() => {});
  await settled();
  assert.deepEqual([names(first), helpers.length], [['a', 'b'], 0]);
  look('f', way).catch(() => {});
  await settled();
  assert.equal(helpers.length, 2);
  for (const helper of helpers) {
    assert.deepEqual(helper.asked.map(({ action }) => action), ['create', 'openParts', 'look', 'look']);
    assert.deepEqual([helper.of('create')[0].content.engine, helper.of('openParts')[0].content], ['cpu', { parts: 'files' }]);
    assert.deepEqual(helper.of('look').map(({ content }) => content.handle), [100, 100]);
  }
  assert.deepEqual(helpers.map(names), [['c', 'd'], ['e', 'f']]);
  assert.deepEqual(first.of('look').map(({ content }) => content.handle), [7, 7]);
});

test('whoever is done gets the next, and a single worker gets everything', async () => {
  const { first, helpers, look, names } = made();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => look(name));
  for (const one of all) one.catch(() => {});
  await settled();
  assert.deepEqual([names(first), names(helpers[0])], [['a', 'b'], ['c', 'd']]);
  helpers[0].of('look')[0].resolve('C');
  await settled();
  assert.deepEqual(names(helpers[0]), ['c', 'd', 'e']);
  first.of('look')[0].resolve('A');
  await settled();
  assert.deepEqual(names(first), ['a', 'b', 'f']);
  assert.deepEqual([await all[0], await all[2]], ['A', 'C']);

  const alone = made({ workers: 1 });
  for (const name of ['a', 'b', 'c']) alone.look(name).catch(() => {});
  await settled();
  assert.deepEqual([alone.names(alone.first), alone.helpers], [['a', 'b'], []]);
});

test('what a lost worker had is done again by the one in its place, before what came later', async () => {
  const { first, helpers, look, names } = made();
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => look(name));
  await settled();
  helpers[0].terminate();
  await settled();
  assert.equal(helpers.length, 2);
  assert.deepEqual(new Set(names(helpers[1])), new Set(['c', 'd']));
  for (const line of [helpers[1], first]) for (const { content, resolve } of line.of('look')) resolve(content.name);
  await settled();
  for (const line of [helpers[1], first]) for (const { content, resolve } of line.of('look')) resolve(content.name);
  assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd', 'e']);
});

test('work that ends one further worker after another is left to the first, and then no more are started', async () => {
  const { pool, first, helpers, look, names } = made();
  const all = ['a', 'b', 'c'].map((name) => look(name));
  await settled();
  for (const _ of [1, 2]) {
    assert.deepEqual(names(helpers.at(-1)), ['c']);
    helpers.at(-1).terminate();
    await settled();
  }
  assert.deepEqual(names(first), ['a', 'b'], 'there is no room yet');
  helpers.at(-1).terminate();
  await settled();
  assert.equal(pool.most(model), 1);
  const before = helpers.length;
  first.of('look')[0].resolve('A');
  await settled();
  assert.deepEqual(names(first), ['a', 'b', 'c']);
  first.of('look')[2].resolve('C');
  assert.equal(await all[2], 'C');
  for (const name of ['d', 'e', 'f']) look(name).catch(() => {});
  await settled();
  assert.equal(helpers.length, before);
});

test('a model that cannot be opened twice stays with the first worker', async () => {
  const { pool, first, helpers, look, names } = made({ workers: 4 }, { refuses: ['openParts'] });
  const all = ['a', 'b', 'c'].map((name) => look(name));
  await settled();
  assert.deepEqual([names(first), helpers.length, pool.most(model)], [['a', 'b'], 1, 1]);
  first.of('look')[1].resolve('B');
  await settled();
  assert.deepEqual([await all[1], names(first)], ['B', ['a', 'b', 'c']]);
});

test('a cancel ends what waits and what is under way, in every worker', async () => {
  const { helpers, first, look, names } = made();
  const controller = new AbortController();
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => look(name, PICTURES, controller.signal).catch(({ code }) => code));
  await settled();
  controller.abort();
  assert.deepEqual(await Promise.all(all), Array(5).fill('cancelled'));
  await settled();
  const more = look('f');
  await settled();
  assert.equal(names(first).includes('e') || names(helpers[0]).includes('e'), false);
  for (const line of [first, ...helpers]) for (const { content, resolve } of line.of('look')) resolve(content.name);
  assert.equal(await more, 'f');
  assert.equal(await look('g', PICTURES, controller.signal).catch(({ code }) => code), 'cancelled');
});

test('a drawing waits for a worker that is about to start, and begins at once where all are busy', async () => {
  const { first, helpers, look, names } = made();
  for (const name of ['a', 'b']) look(name, DRAWINGS).catch(() => {});
  assert.deepEqual([names(first), helpers.length], [['a'], 1]);
  await settled();
  assert.deepEqual(names(helpers[0]), ['b']);
  look('c', DRAWINGS).catch(() => {});
  assert.deepEqual(names(first), ['a', 'c']);
});

test('with the first worker everything ends', async () => {
  const { pool, helpers, look } = made();
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => look(name).catch(({ code }) => code));
  await settled();
  pool.end(gone());
  assert.deepEqual([helpers[0].isGone, await all[4]], [true, 'worker-lost']);
  assert.equal(await look('f').catch(({ code }) => code), 'worker-lost');
});

test('what is said about a model is said to every worker that has it; one that is opening it opens it anew', async () => {
  const { pool, first, helpers, look } = made();
  for (const name of ['a', 'b', 'c']) look(name).catch(() => {});
  pool.hear('setRecipe', { model: 7, recipe: 'early' });
  await settled();
  assert.deepEqual(helpers[0].asked.map(({ action }) => action), ['create', 'openParts', 'release', 'openParts', 'look']);
  assert.equal(first.of('parts').length, 2);
  pool.hear('setOutput', { model: 7, output: 'sigmoid' });
  pool.hear('setRecipe', { model: 8, recipe: 'of another' });
  assert.deepEqual(helpers[0].of('setOutput').map(({ content }) => content), [{ model: 100, output: 'sigmoid' }]);
  assert.deepEqual(helpers[0].of('setRecipe'), []);
  pool.hear('release', { handle: 7 });
  assert.deepEqual(helpers[0].of('release').at(-1).content, { handle: 100 });
});

test('a worker that has rested is ended, and another one starts when there is work again', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { helpers, first, look } = made();
  const all = ['a', 'b', 'c'].map((name) => look(name));
  await settled();
  for (const line of [first, ...helpers]) for (const { content, resolve } of line.of('look')) resolve(content.name);
  await Promise.all(all);
  context.mock.timers.tick(60_000);
  assert.equal(helpers[0].isGone, true);
  for (const name of ['d', 'e', 'f']) look(name).catch(() => {});
  await settled();
  assert.equal(helpers.length, 2);
  helpers[1].terminate();
});

/** A set over a pool, whose images are their own pictures. */
function set({ pool, first }) {
  const see = (request, signal) => pool.run(model, ({ messenger, handle }) => request(messenger, { model: handle }), { ...PICTURES, signal });
  const picture = async (image) => {
    if (image === 'broken') throw new FeaturescopeError('bad-image', '');
    return { picture: image, transfer: [] };
  };
  return new ImageSet(first, picture, 9, { names: ['cat', 'cup'], channels: 4, classes: 3 }, { atOnce: 6, see });
}

/** Answers all looks of a line that wait, the last first. */
const answer = (line) => line.of('seeImage').toReversed().forEach(({ content, resolve }) => resolve(`seen ${content.picture}`));

test('a set takes the images in the order in which they were asked for, without those that cannot be read', async () => {
  const made2 = made();
  const images = set(made2);
  const places = ['a', 'b', 'broken', 'c', 'd'].map((image) => images.see(image).catch(({ code }) => code));
  await settled();
  const { first, helpers: [helper] } = made2;
  // The first worker decodes ahead for the set that it has; the other has none.
  assert.deepEqual([first, helper].map((line) => line.of('seeImage').map(({ content }) => content.set)), [[9, 9], [undefined, undefined]]);
  answer(helper);
  await settled();
  assert.equal(first.taken, undefined, 'those of before are not there yet');
  answer(first);
  assert.deepEqual(await Promise.all(places), [0, 1, 'bad-image', 2, 3]);
  assert.deepEqual(first.taken, ['seen a', 'seen b', 'seen c', 'seen d']);
});

test('all images of all classes, with a worker lost on the way: places and progress are those of one worker', async () => {
  const made2 = made();
  const images = set(made2);
  const progress = [];
  const classes = [{ name: 'cat', images: ['a', 'b', 'c', 'd', 'e'] }, { name: 'cup', images: ['f', 'g', 'h'] }];
  const all = images.addAll(classes, { onProgress: ({ done, total }) => progress.push([done, total]) });
  await settled();
  made2.helpers[0].terminate();
  for (let round = 0; round < 12; round++) {
    await settled();
    [made2.first, ...made2.helpers].forEach(answer);
  }
  await all;
  assert.deepEqual(images.classes, [{ name: 'cat', images: [0, 1, 2, 3, 4] }, { name: 'cup', images: [5, 6, 7] }]);
  assert.deepEqual(made2.first.taken, [...'abcdefgh'].map((image) => `seen ${image}`));
  assert.deepEqual(progress, Array.from({ length: 8 }, (_, done) => [done + 1, 8]));
});
