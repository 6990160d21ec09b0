import assert from 'node:assert/strict';
import { test } from 'node:test';

import { download } from '../../www/share/download.js';
import { MOST_BYTES, load } from '../../www/share/remote.js';

const ADDRESS = 'https://example.org/files/net';
const KILOBYTE = 1024;

/** A response whose body tells how much of it was taken, and whether it was broken off. */
function streamed(kilobytes, { headers = {}, status = 200, failAt = Infinity } = {}) {
  const told = { taken: 0, cancelled: false };
  const body = new ReadableStream({
    pull(controller) {
      if (told.taken === failAt) return controller.error(new TypeError('connection lost'));
      if (told.taken === kilobytes) return controller.close();
      controller.enqueue(new Uint8Array(KILOBYTE).fill(told.taken++ % 251));
    },
    cancel() {
      told.cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { response: new Response(body, { status, headers }), told };
}

/** What browsers give for an answer that sends elsewhere, when they are told not to follow. */
const passedOn = () => ({ type: 'opaqueredirect', ok: false, status: 0, body: null, headers: new Headers(), url: ADDRESS });

/** Answers with each response in turn, and keeps what it was asked. */
function host(...responses) {
  const asked = [];
  return { asked, request: async (address, options) => (asked.push({ address: String(address), ...options }), responses.shift()) };
}

test('a file comes whole, without cookies or where the request comes from', async () => {
  const { response, told } = streamed(5, { headers: { 'Content-Type': 'image/png', 'Content-Length': String(5 * KILOBYTE) } });
  const { request, asked } = host(response);
  const got = await download(ADDRESS, { most: 5 * KILOBYTE, request });
  assert.equal(got.outcome, 'loaded');
  assert.equal(got.type, 'image/png');
  const bytes = new Uint8Array(await new Blob(got.parts).arrayBuffer());
  assert.deepEqual([bytes.length, bytes[0], bytes[4 * KILOBYTE]], [5 * KILOBYTE, 0, 4]);
  assert.deepEqual(asked, [{ address: ADDRESS, signal: undefined, credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'follow' }]);
  assert.equal(told.cancelled, false);
});

test('what says that it is too large is not read at all', async () => {
  const { response, told } = streamed(1, { headers: { 'Content-Length': String(5 * KILOBYTE + 1) } });
  assert.deepEqual(await download(ADDRESS, { most: 5 * KILOBYTE, ...host(response) }), { outcome: 'too-large', size: 5 * KILOBYTE + 1 });
  assert.deepEqual(told, { taken: 0, cancelled: true });
});

for (const [what, headers] of [['says nothing of its size', {}], ['says less than it is', { 'Content-Length': '10' }], ['says nonsense', { 'Content-Length': 'many' }]]) {
  test(`what ${what} is broken off at the limit`, async () => {
    const { response, told } = streamed(1_000_000, { headers });
    assert.deepEqual(await download(ADDRESS, { most: 5 * KILOBYTE, ...host(response) }), { outcome: 'too-large', size: null });
    // The sixth was too much; nothing was asked for after it.
    assert.deepEqual(told, { taken: 6, cancelled: true });
  });
}

test('exactly the limit is let through', async () => {
  const { response } = streamed(5);
  assert.equal((await download(ADDRESS, { most: 5 * KILOBYTE, ...host(response) })).outcome, 'loaded');
});

test('whoever waits is told how much has come, and of how much where that can be true', async () => {
  for (const [headers, total] of [[{ 'Content-Length': String(3 * KILOBYTE) }, 3 * KILOBYTE], [{}, null]]) {
    const told = [];
    await download(ADDRESS, { most: 5 * KILOBYTE, onBytes: (...far) => told.push(far), ...host(streamed(3, { headers }).response) });
    assert.deepEqual(told, [0, 1, 2, 3].map((pieces) => [pieces * KILOBYTE, total]));
  }
  const told = [];
  await download(ADDRESS, { most: 5 * KILOBYTE, onBytes: (...far) => told.push(far), ...host(streamed(2, { headers: { 'Content-Length': '1500' } }).response) });
  assert.deepEqual(told, [[0, 1500], [KILOBYTE, 1500], [2 * KILOBYTE, null]]);
});

test('what is stopped is said to be stopped, and not to have failed', async () => {
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(load('model', ADDRESS, { request: async () => Promise.reject(controller.signal.reason), signal: controller.signal }), { code: 'cancelled' });
});

test('a host that passes the request on is followed only when that is wanted', async () => {
  const refused = host(passedOn());
  assert.deepEqual(await download(ADDRESS, { most: KILOBYTE, follow: async () => false, ...refused }), { outcome: 'not-followed' });
  assert.deepEqual(refused.asked.map(({ redirect }) => redirect), ['manual']);
  const { response } = streamed(1);
  Object.defineProperty(response, 'url', { value: 'https://elsewhere.example/net' });
  const agreed = host(passedOn(), response);
  const got = await download(ADDRESS, { most: KILOBYTE, follow: async () => true, ...agreed });
  assert.deepEqual([got.outcome, got.host], ['loaded', 'elsewhere.example']);
  assert.deepEqual(agreed.asked.map(({ redirect }) => redirect), ['manual', 'follow']);
  const direct = streamed(1);
  await download(ADDRESS, { most: KILOBYTE, follow: async () => assert.fail('nothing was passed on'), ...host(direct.response) });
});

test('the limits of a link: 512 MB for a model, 64 MB for a picture, each said in a sentence', async () => {
  assert.deepEqual(MOST_BYTES, { model: 512 * KILOBYTE ** 2, image: 64 * KILOBYTE ** 2 });
  for (const [what, most] of Object.entries(MOST_BYTES)) {
    const { response, told } = streamed(1, { headers: { 'Content-Length': String(most + 1) } });
    await assert.rejects(load(what, ADDRESS, host(response)), ({ code, message }) => code === 'too-large' && /^The file from example\.org is larger than \d+(\.\d)? MB, which is the most/.test(message));
    assert.equal(told.taken, 0);
    const small = streamed(4);
    await assert.rejects(load(what, ADDRESS, { ...host(small.response), most: { ...MOST_BYTES, [what]: 3 * KILOBYTE } }), { code: 'too-large' });
    assert.deepEqual(small.told, { taken: 4, cancelled: true });
  }
});

test('a loaded file has a name of its address, and tells where it came from', async () => {
  const model = await load('model', ADDRESS, host(streamed(1).response));
  assert.deepEqual([model.file.name, model.file.size, model.from], ['net.onnx', KILOBYTE, null]);
  const { response } = streamed(1, { headers: { 'Content-Type': 'image/webp' } });
  Object.defineProperty(response, 'url', { value: 'https://elsewhere.example/x' });
  const picture = await load('image', 'https://example.org/a%20b.webp?x=1', { ...host(passedOn(), response), follow: async () => true });
  assert.deepEqual([picture.file.name, picture.file.type, picture.from], ['a b.webp', 'image/webp', 'elsewhere.example']);
});

test('what does not come is said in a sentence', async () => {
  const refusal = async (request, options = {}) => load('model', ADDRESS, { request, ...options }).then(() => assert.fail('nothing was refused'), ({ code, message }) => `${code}: ${message}`);
  const gone = streamed(1, { status: 404 });
  assert.match(await refusal(host(gone.response).request), /^network: https:\/\/example\.org\/files\/net answered with status 404\./);
  assert.deepEqual(gone.told, { taken: 0, cancelled: true });
  assert.match(await refusal(async () => Promise.reject(new TypeError('failed'))), /^network: example\.org could not be reached/);
  assert.match(await refusal(host(streamed(9, { failAt: 2 }).response).request), /^network: example\.org could not be reached/);
  assert.match(await refusal(host(passedOn()).request, { follow: async () => false }), /^cancelled: example\.org passes the request on to another address, and you chose not to follow\./);
});
