import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { openRanged } from '../../www/share/ranged.js';
import { readSnapshot } from '../../www/share/snapshot-read.js';
import { zip } from '../page/zip.js';
import { contents, entries, recorded } from './recorded.js';

/** Bytes that nothing makes smaller. */
const noise = randomBytes(3_000_000);
/** A snapshot with a large model in the middle, that the still does not need. */
const what = recorded();
what.record.model = { title: 'SqueezeNet', bytes: 3_000_000, path: 'model/net.onnx', parts: [] };
what.files.set('model/net.onnx', new Blob([noise]));
let snapshot = Buffer.alloc(0);
let server;
let address = '';
/** What the server does, and what it has sent. */
let host = { ranges: true, length: true, short: 0 };
let sent = { bytes: 0, requests: 0 };

before(async () => {
  const all = await entries(what);
  // Pictures lie behind each other, as the page writes them.
  snapshot = Buffer.from(await zip([...all.filter(({ path }) => !path.startsWith('model/net')), ...all.filter(({ path }) => path.startsWith('model/net'))]).arrayBuffer());
  server = createServer((request, response) => {
    sent.requests += 1;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const part = host.ranges && from !== undefined;
    const body = part ? snapshot.subarray(Number(from), Number(to) + 1 - host.short) : snapshot;
    response.writeHead(part ? 206 : 200, host.length ? { 'Content-Length': body.length } : {});
    if (request.method === 'HEAD') return response.end();
    sent.bytes += body.length;
    return response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}/cat.featurescope.zip`;
});
after(() => server.close());

function serve(other = {}) {
  host = { ranges: true, length: true, short: 0, ...other };
  sent = { bytes: 0, requests: 0 };
}

const still = ({ figures }) => figures.flatMap((figure) => (figure.kind === 'picture' ? [figure.path] : figure.kind === 'maps' ? figure.tiles.map(({ path }) => path) : []));

test('of a snapshot only what is read is loaded, in a few requests', async () => {
  serve();
  const file = await openRanged(new URL(address), { limit: 1e6, whole: 1e6 });
  assert.deepEqual([file.name, file.size], ['cat.featurescope.zip', snapshot.length]);
  const read = await readSnapshot(file, { paths: still });
  assert.deepEqual([...read.files.keys()].sort(), ['figures/map-3.png', 'figures/seen.png']);
  assert.deepEqual(read.record, what.record);
  for (const [path, blob] of read.files) assert.deepEqual(Buffer.from(await blob.arrayBuffer()), Buffer.from(await what.files.get(path).arrayBuffer()), path);
  assert.ok(snapshot.length > 3_000_000 && sent.bytes < snapshot.length / 8, `${sent.bytes} of ${snapshot.length}`);
  assert.ok(sent.requests <= 3, `${sent.requests} requests`);
});

test('all of it can be read in parts as well', async () => {
  serve();
  const file = await openRanged(new URL(address), { limit: 1e8, whole: 1e6 });
  assert.equal(await contents(await readSnapshot(file)), await contents(what));
});

test('what a server sends in one piece is taken up to its own limit, and otherwise left to the usual way', async () => {
  serve({ ranges: false });
  const file = await openRanged(new URL(address), { limit: 1e8, whole: 1e8 });
  assert.ok(file instanceof File);
  assert.deepEqual(sent, { bytes: snapshot.length, requests: 2 });
  assert.equal(await contents(await readSnapshot(file)), await contents(what));
  assert.equal(await openRanged(new URL(address), { limit: 1e8, whole: 100_000 }), null);
});

test('no more than the limit is loaded in parts', async () => {
  serve();
  const file = await openRanged(new URL(address), { limit: 140_000, whole: 1e6 });
  await assert.rejects(readSnapshot(file), { code: 'too-large' });
  assert.ok(sent.bytes <= 140_000, `${sent.bytes}`);
});

test('a server that hides the length, is gone or sends too little leaves it to the usual way, or is told of', async () => {
  serve({ length: false });
  assert.equal(await openRanged(new URL(address), { limit: 1e8, whole: 1e6 }), null);
  serve({ short: 1 });
  assert.equal(await openRanged(new URL(address), { limit: 1e8, whole: 1e6 }), null);
  assert.equal(await openRanged(new URL('http://127.0.0.1:9/x.zip'), { limit: 1e8, whole: 1e6 }), null);
  serve();
  const file = await openRanged(new URL(address), { limit: 1e8, whole: 1e6 });
  serve({ short: 1 });
  await assert.rejects(readSnapshot(file), { code: 'network' });
});
