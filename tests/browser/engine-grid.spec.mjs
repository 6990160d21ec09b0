// A part of the drawn forms of operators (tests/grid) on both engines: outputs against onnxruntime's, gradients against differences.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** One in so many forms of each operator runs here, at least two of each kind; all of them run natively. */
const ONE_IN = { cpu: 4, webgpu: 16 };
/** So many cases at a time, since a page without an answer for long cannot be told from one that hangs. */
const BATCH = 20;

const bytes = readFileSync(join(ROOT, 'tests/grid/cases.bin'));
const { cases } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());

/** The places of every so many-th form of each kind. */
function sample(oneIn) {
  const kinds = new Map();
  for (const [place, { what }] of cases.entries()) {
    kinds.set(what, [...(kinds.get(what) ?? []), place]);
  }
  return [...kinds.values()].flatMap((places) => {
    const chosen = Math.max(2, Math.ceil(places.length / oneIn));
    return places.filter((_, index) => index % Math.ceil(places.length / chosen) === 0);
  });
}

test('forms of operators that were drawn at random, and their gradients', async ({ callEngine, engine }) => {
  test.setTimeout(600_000);
  const places = sample(ONE_IN[engine]);
  expect(places.length).toBeGreaterThan(200);
  const failures = [];
  let worst = 0;
  for (let first = 0; first < places.length; first += BATCH) {
    const found = await callEngine('runGrid', places.slice(first, first + BATCH), []);
    failures.push(...found.failures);
    worst = Math.max(worst, found.worst);
  }
  console.log(`${engine}: ${places.length} of ${cases.length} forms, a gradient off by at most ${worst.toExponential(1)} of its length`);
  expect(failures).toEqual([]);
});
