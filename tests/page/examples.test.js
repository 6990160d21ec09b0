// What the photos that come with the page are called in links, and where they lie.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { exampleName, examplePath } from '../../www/classes/examples.js';
import { FINDING } from '../../www/share/finding.js';
import { bundledAddress, bundledName } from '../../www/share/files.js';
import { samples } from '../share/samples.js';

const { photos } = JSON.parse(readFileSync(new URL('../../models/photos/classes.json', import.meta.url), 'utf8'));

test('every example has a name that leads back to it, and that a link may hold', () => {
  assert.equal(photos.length, 93);
  const [sample] = Object.values(samples);
  for (const { file } of photos) {
    const name = exampleName(file);
    assert.equal(examplePath(name), `classes/${file}`);
    assert.match(bundledAddress(name), new RegExp(`/models/photos/classes/${file}$`));
    assert.equal(bundledName(bundledAddress(name)), name);
    FINDING.check({ ...sample, images: [{ kind: 'bundled', name, erased: [] }], photo: 0, comparison: null, classes: [] });
  }
  assert.equal(examplePath('chelsea.webp'), null);
});
