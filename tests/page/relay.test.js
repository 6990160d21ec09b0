// Several pages on one worker: what each asks and gets, and what is left when one goes.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { fromErrorData } from '../../www/api/errors.js';
import { lineThrough, relay } from '../../www/api/relay.js';

/** A worker that notes what it is asked, and the messenger of the page that started it. */
function started() {
  const asked = [];
  const worker = Object.assign(new EventTarget(), { postMessage: (message) => asked.push(message) });
  let lose;
  const lost = new Promise((resolve) => (lose = resolve));
  const answer = (message) => worker.dispatchEvent(Object.assign(new Event('message'), { data: message }));
  return { messenger: { worker, lost }, asked, answer, lose };
}

/** @type {MessagePort[]} */
const ports = [];
// An open port keeps the process alive, also where a test has failed.
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A page on that worker. */
function page(messenger) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const line = lineThrough(port2);
  const got = [];
  line.onmessage = ({ data }) => got.push(data);
  const state = { ended: false };
  relay(messenger, { name: 'rten' }, port1, () => (state.ended = true));
  return { line, got, state };
}

/** Messages of ports come with a later turn, whenever that is. */
async function until(holds) {
  for (const from = Date.now(); !holds() && Date.now() - from < 10_000; ) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('two pages with the same numbers get each their own answers', async () => {
  const { messenger, asked, answer } = started();
  const pages = [page(messenger), page(messenger)];
  for (const { line } of pages) line.postMessage({ id: 1, action: 'create', engine: 'cpu' });
  for (const { line } of pages) line.postMessage({ id: 2, action: 'watch' });
  for (const { line } of pages) line.postMessage({ id: 3, action: 'look', model: 5, watched: true, picture: { key: 1, blob: 'a' } });
  await until(() => asked.length === 2 && pages.every(({ got }) => got.length > 0));
  // The engine runs already, and is answered for from here.
  for (const { got } of pages) assert.deepEqual(got, [{ id: 1, result: { name: 'rten' } }]);
  assert.deepEqual(asked.map(({ action, model, picture }) => [action, model, picture.blob]), [['look', 5, 'a'], ['look', 5, 'a']]);
  const [first, second] = asked;
  assert.notEqual(first.id, second.id);
  // What the worker keeps of one page's pictures is not taken for the other's, nor for those of the page that started it.
  assert.equal(new Set([first.picture.key, second.picture.key, 1]).size, 3);
  answer({ id: 3, result: 'of the page that started it' });
  answer({ id: second.id, progress: { done: 1 } });
  answer({ id: second.id, result: { handle: 9 } });
  answer({ id: first.id, error: { code: 'bad-image', message: '' } });
  await until(() => pages[0].got.length === 2 && pages[1].got.length === 3);
  assert.deepEqual(pages.map(({ got }) => got.slice(1)), [[{ id: 3, error: { code: 'bad-image', message: '' } }], [{ id: 3, progress: { done: 1 } }, { id: 3, result: { handle: 9 } }]]);
});

test('what a page had opened is freed when it goes, and what is still made for it then as well', async () => {
  const { messenger, asked, answer } = started();
  const { line, got, state } = page(messenger);
  for (const id of [1, 2, 3]) line.postMessage({ id, action: 'open' });
  await until(() => asked.length === 3);
  const [one, two, three] = asked.map(({ id }) => id);
  answer({ id: one, result: { handle: 11 } });
  answer({ id: two, result: { handle: 12 } });
  line.postMessage({ id: 4, action: 'release', handle: 12 });
  await until(() => asked.length === 4 && got.length === 2);
  const before = got.length;
  asked.length = 0;
  line.terminate();
  await until(() => state.ended);
  assert.equal(state.ended, true);
  assert.deepEqual(asked.filter(({ action }) => action === 'release').map(({ handle }) => handle), [11]);
  assert.ok(asked.some(({ id, action }) => id === three && action === 'cancel'));
  answer({ id: three, result: { handle: 13 } });
  assert.deepEqual(asked.filter(({ action }) => action === 'release').map(({ handle }) => handle), [11, 13]);
  assert.equal(got.length, before);
});

test('a page learns that the worker is gone', async () => {
  const { messenger, lose } = started();
  const { got } = page(messenger);
  lose(fromErrorData({ code: 'closed', message: 'Gone.' }));
  await until(() => got.length === 1);
  assert.deepEqual(got, [{ lost: { code: 'closed', message: 'Gone.' } }]);
});
