// Single operators against onnxruntime, and their gradients against PyTorch, in the browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** What neither the CPU engine nor a lowering knows. */
const REFUSED_ON_CPU = ['unknown-activation'];

/** So many cases at a time, since a page without an answer for long cannot be told from one that hangs. */
const BATCH = 25;

/** Runs all cases of a folder and says how. */
async function runAll(callEngine, engine, root, names, refused) {
  const failures = [];
  const total = { original: 0, lowered: 0, refused: 0 };
  for (let first = 0; first < names.length; first += BATCH) {
    const { failures: more, forms } = await callEngine('runCases', root, names.slice(first, first + BATCH), refused);
    failures.push(...more);
    for (const form of Object.keys(total)) total[form] += forms[form];
  }
  console.log(`${engine}: ${names.length} cases of ${root}; ran as they are ${total.original}, lowered ${total.lowered}, refused ${total.refused}`);
  return failures;
}

test('every case agrees with onnxruntime or is refused by name', async ({ callEngine, engine }) => {
  test.setTimeout(900_000);
  const names = JSON.parse(readFileSync(join(ROOT, 'tests/ops/index.json'), 'utf8'));
  expect(names.length).toBeGreaterThan(100);
  expect(await runAll(callEngine, engine, 'tests/ops', names, REFUSED_ON_CPU)).toEqual([]);
});

// Convolutions of `conv-depthwise-many` run in two parts by the number of channels, that of `conv-long` in two rows of workgroups.
test('convolutions beyond the largest dispatch give the same numbers', { tag: '@webgpu' }, async ({ callEngine, engine }) => {
  await callEngine('pretendLimits', { maxComputeWorkgroupsPerDimension: 4 });
  expect(await runAll(callEngine, engine, 'tests/ops', ['conv-depthwise-many', 'conv-long'], [])).toEqual([]);
});

// 510 weights for each of 8 outputs are 16 kB, so that no more than 4 outputs fit.
test('a dense layer beyond the largest binding gives the same numbers', { tag: '@webgpu' }, async ({ callEngine, engine }) => {
  await callEngine('pretendLimits', { maxStorageBufferBindingSize: 12_000 });
  expect(await runAll(callEngine, engine, 'tests/ops', ['gemm-k-510'], [])).toEqual([]);
});

test('every gradient of an operator agrees with PyTorch', async ({ callEngine, engine }) => {
  test.setTimeout(900_000);
  const names = JSON.parse(readFileSync(join(ROOT, 'tests/gradients/ops/index.json'), 'utf8'));
  expect(names.length).toBeGreaterThan(90);
  expect(await runAll(callEngine, engine, 'tests/gradients/graphs', names, [])).toEqual([]);
});
