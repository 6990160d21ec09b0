import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS, isSnapshot, readSnapshot } from '../../www/share/snapshot-read.js';
import { writeSnapshot } from '../../www/share/snapshot-write.js';
import { mersenne } from '../../www/vendor/pure-rand.mersenne.js';
import { zip } from '../page/zip.js';
import { contents, entries, recorded } from './recorded.js';

const MUTATIONS = 10_000;

async function written(what = recorded(), others) {
  return new File([await writeSnapshot(what, others)], 'cat.featurescope.zip');
}

/** The code and sentence of what is refused. */
async function refusal(file, options) {
  const error = await readSnapshot(file, options).then(() => assert.fail('nothing was refused'), (refused) => refused);
  assert.equal(error.name, 'FeaturescopeError', error.stack);
  return `${error.code}: ${error.message}`;
}

test('what is written is read again, byte by byte', async () => {
  const before = recorded();
  const file = await written(before, new Map([['results/means.csv', new Blob(['map,mean\n'])]]));
  assert.equal(await contents(await readSnapshot(file)), await contents(before));
  assert.equal(await isSnapshot(file), true);
  assert.equal(await isSnapshot(zip([{ path: 'cat/a.png', content: 'x' }])), false);
});

test(`${MUTATIONS} damaged snapshots: each gives a sentence or the same content`, async () => {
  const file = await written();
  const before = await contents(await readSnapshot(file));
  const original = Buffer.from(await file.arrayBuffer());
  const generator = mersenne(20261124);
  const upTo = (count) => (generator.next() >>> 0) % count;
  const outcomes = { same: 0, refused: 0 };
  const changes = [
    (bytes) => { bytes[upTo(bytes.length)] ^= 1 << upTo(8); return bytes; },
    (bytes) => { bytes[upTo(bytes.length)] = upTo(256); return bytes; },
    (bytes) => { for (let i = 0; i < 8; i++) bytes[upTo(bytes.length)] = upTo(256); return bytes; },
    // The list of files at the end is where a single byte changes most.
    (bytes) => { bytes[bytes.length - 1 - upTo(700)] = upTo(256); return bytes; },
    (bytes) => bytes.subarray(0, upTo(bytes.length)),
    (bytes) => { const at = upTo(bytes.length); return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + upTo(40))]); },
    (bytes) => { const at = upTo(bytes.length); return Buffer.concat([bytes.subarray(0, at), Buffer.from([upTo(256)]), bytes.subarray(at)]); },
    (bytes) => { const from = upTo(bytes.length - 64); const to = upTo(bytes.length - 64); bytes.copy(bytes, to, from, from + 64); return bytes; },
  ];
  for (let i = 0; i < MUTATIONS; i++) {
    const mutated = new File([changes[i % changes.length](Buffer.from(original))], 'cat.featurescope.zip');
    let result;
    try {
      result = await readSnapshot(mutated);
    } catch (error) {
      assert.equal(error.name, 'FeaturescopeError', `mutation ${i}: ${error.stack}`);
      assert.match(error.message, /^[A-Z“c].{20,}\.$/s, `mutation ${i}`);
      outcomes.refused += 1;
      continue;
    }
    assert.equal(await contents(result), before, `mutation ${i} changed what is shown`);
    outcomes.same += 1;
  }
  assert.equal(outcomes.same + outcomes.refused, MUTATIONS);
  assert.ok(outcomes.refused > MUTATIONS / 2, JSON.stringify(outcomes));
});

test('paths that lead out of the snapshot are refused', async () => {
  const all = await entries(recorded());
  for (const path of ['../../up.png', '/etc/passwd', 'C:\\windows\\left.png', 'a/../b.png', '..\\back.png', './finding.json']) {
    assert.match(await refusal(zip([...all, { path, content: 'x' }], { name: 'a.zip' })), /^bad-snapshot: a\.zip holds a file whose path leads out/, path);
  }
  const evil = recorded();
  evil.record.figures[0].path = '../../figures/seen.png';
  assert.match(await refusal(zip(await entries(evil))), /^bad-finding: .*path/);
});

test('what unpacks to too much is refused, whether it says so or not', async () => {
  const zeros = Buffer.alloc(32 * 2 ** 20);
  const all = (await entries(recorded())).filter(({ path }) => path !== 'figures/seen.png');
  assert.match(await refusal(zip([...all, { path: 'figures/seen.png', content: zeros }], { name: 'a.zip' })), /^too-large: a\.zip unpacks to more/);
  assert.match(await refusal(zip([...all, { path: 'figures/seen.png', content: zeros, size: 1000 }])), /^bad-snapshot: .*damaged/);
  const long = { path: 'record.json', content: Buffer.alloc(17 * 2 ** 20, ' {}abcdefgh0123456789') };
  assert.match(await refusal(zip([...all.filter(({ path }) => path !== 'record.json'), long])), /^too-large/);
  assert.match(await refusal(await written(), { limits: { ...LIMITS, total: 5000 } }), /^too-large/);
  assert.match(await refusal(await written(), { limits: { ...LIMITS, files: 3 } }), /^too-large/);
});

test('a snapshot that is incomplete, doubled, of another kind or from a newer page says so', async () => {
  const all = await entries(recorded());
  assert.match(await refusal(zip(all.filter(({ path }) => path !== 'figures/map-3.png'), { name: 'a.zip' })), /^bad-snapshot: a\.zip is incomplete: figures\/map-3\.png/);
  assert.match(await refusal(zip([...all, all[0]])), /^bad-snapshot: .*damaged/);
  assert.match(await refusal(zip([{ path: 'cat.png', content: 'x' }])), /^bad-snapshot: .*incomplete: finding\.json/);
  const newer = recorded();
  newer.finding.version = 2;
  assert.match(await refusal(zip(await entries(newer))), /^newer-finding: .*newer Featurescope/);
  assert.match(await refusal(new File(['not a zip'], 'a.zip')), /^bad-snapshot: a\.zip is damaged/);
  assert.match(await refusal(zip(all.map((file) => ({ ...file, flags: 1 })))), /^bad-snapshot/);
});

test('markup in names, labels and captions is text like any other', async () => {
  const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  const before = recorded({ caption: markup, label: markup, name: markup });
  assert.equal(await contents(await readSnapshot(await written(before))), await contents(before));
});
