// The table of files of the ONNX Model Zoo: cards as the page reads them, and hashes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parseTold } from '../../www/files/card-file.js';

const { ways, files, source } = JSON.parse(readFileSync(new URL('../../models/model-zoo.json', import.meta.url), 'utf8'));

test('every way is a card, and every file has one', () => {
  assert.equal(source, 'https://github.com/onnx/models');
  for (const [name, way] of Object.entries(ways)) {
    const told = parseTold(JSON.stringify(way));
    assert.ok('card' in told, name);
    assert.deepEqual(told.card, way, name);
  }
  assert.ok(files.length > 50);
  assert.equal(new Set(files.map(([, sha256]) => sha256)).size, files.length);
  for (const [size, sha256, way] of files) {
    assert.ok(Number.isInteger(size) && /^[0-9a-f]{64}$/.test(sha256) && ways[way], sha256);
  }
});
