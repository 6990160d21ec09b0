// Single operators against onnxruntime, in the browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** What neither the CPU engine nor a lowering knows. */
const REFUSED_ON_CPU = ['max-pool-dilated', 'unknown-activation'];

/** So many cases at a time, since a page without an answer for long cannot be told from one that hangs. */
const BATCH = 25;

test('every case agrees with onnxruntime or is refused by name', async ({ callEngine, engine }) => {
  test.setTimeout(900_000);
  const names = JSON.parse(readFileSync(join(ROOT, 'tests/ops/index.json'), 'utf8'));
  expect(names.length).toBeGreaterThan(100);
  const failures = [];
  const total = { original: 0, lowered: 0, refused: 0 };
  for (let first = 0; first < names.length; first += BATCH) {
    const { failures: more, forms } = await callEngine('runCases', names.slice(first, first + BATCH), REFUSED_ON_CPU);
    failures.push(...more);
    for (const form of Object.keys(total)) total[form] += forms[form];
  }
  console.log(`${engine}: ${names.length} cases; ran as they are ${total.original}, lowered ${total.lowered}, refused ${total.refused}`);
  expect(failures).toEqual([]);
});
