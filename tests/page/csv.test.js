import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cell, cells } from '../../www/files/csv.js';
import { LONGEST_NAME, fitting } from '../../www/files/names.js';

test('no cell of a table is a formula, and numbers stay numbers', () => {
  for (const formula of ['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '=HYPERLINK("https://a.example")']) assert.equal(cell(formula), `'${formula}`);
  for (const value of ['cat', '', 'a=b', '-3.5', '+1e-7', '12', -3.5, 0, null, undefined]) assert.equal(cell(value), value);
  assert.deepEqual(cells([{ '=class': '@name', count: -1 }]), [{ "'=class": "'@name", count: -1 }]);
});

test('a long name keeps its beginning and its end, and no half of a character', () => {
  assert.equal(fitting('cat'), 'cat');
  const long = fitting(`${'a'.repeat(400)}.jpg`);
  assert.equal(long.length, LONGEST_NAME);
  assert.match(long, /^a+…a+\.jpg$/);
  for (let count = 0; count < 8; count++) {
    const pairs = fitting('x'.repeat(count) + '🐈'.repeat(400));
    assert.ok(pairs.length <= LONGEST_NAME && !/\p{Surrogate}/u.test(pairs), pairs);
  }
  assert.equal(fitting('half \ud800'), 'half \ufffd');
});
