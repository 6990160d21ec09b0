// A part of the drawn forms of operators (tests/grid) on both engines: outputs against onnxruntime's, gradients against differences.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** One in so many forms of each group runs here; all of them run natively. */
const ONE_IN = { cpu: 4, webgpu: 16 };
/** Of each operator there are at least so many. */
const OF_EACH = 2;
/** What onnxruntime-web is wrong or slow at is always among them. */
const BY_NAME = ['first-conv-of-many-channels', 'same-upper-with-stride-2'];
/** So many cases at a time, since a page without an answer for long cannot be told from one that hangs. */
const BATCH = 20;

const bytes = readFileSync(join(ROOT, 'tests/grid/cases.bin'));
const { cases } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());

/** The places of every so many-th form of each group, and of those of operators that are rare among them. */
function sample(oneIn) {
  const [seen, operators] = [new Map(), new Map()];
  const count = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1).get(key);
  const chosen = cases.map(({ name, what }) => {
    const group = name.slice(0, name.lastIndexOf('-'));
    const turn = (count(seen, group) - 1) % oneIn === 0;
    const rare = what.split(' ').some((operator) => (operators.get(operator) ?? 0) < OF_EACH);
    if (!(turn || rare)) return false;
    for (const operator of what.split(' ')) count(operators, operator);
    return true;
  });
  return [...cases.keys()].filter((place) => chosen[place]);
}

test('forms of operators that were drawn at random, and their gradients', async ({ callEngine, engine }) => {
  test.setTimeout(600_000);
  const places = sample(ONE_IN[engine]);
  expect(places.length).toBeGreaterThan(250);
  for (const group of BY_NAME) expect(places.filter((place) => cases[place].name.startsWith(group)).length).toBeGreaterThan(2);
  const failures = [];
  let worst = 0;
  for (let first = 0; first < places.length; first += BATCH) {
    const found = await callEngine('runGrid', places.slice(first, first + BATCH));
    failures.push(...found.failures);
    worst = Math.max(worst, found.worst);
  }
  console.log(`${engine}: ${places.length} of ${cases.length} forms, a gradient off by at most ${worst.toExponential(1)} of its length`);
  expect(failures).toEqual([]);
});
