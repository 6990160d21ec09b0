import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatNumber, formatPercent, formatSigned, text } from '../../www/page/text.js';

test('numbers are short and honest', () => {
  assert.deepEqual([0, 1.4925, 0.81, -12.34, 1234.5, 0.00012].map(formatNumber), ['0', '1.49', '0.81', '−12.3', '1235', '1.2 × 10⁻⁴']);
  assert.deepEqual([Infinity, -Infinity, NaN].map(formatNumber), ['∞', '−∞', 'NaN']);
  assert.deepEqual([0.5, 0, -0.25].map(formatSigned), ['+0.5', '0', '−0.25']);
  assert.deepEqual([0.4701, 1, 0, 0.0001].map(formatPercent), ['47%', '100%', '0%', '< 0.1%']);
  // The riddle's ball, a float just below one, and what a softmax calls all but impossible.
  assert.deepEqual([0.9997, 0.99999994, 0.9994, 0.0005, 1e-30].map(formatPercent), ['> 99.9%', '> 99.9%', '99.9%', '0.1%', '< 0.1%']);
});

test('a place is one of nine', () => {
  assert.equal(text.place(0.1, 0.1), 'at the upper left');
  assert.equal(text.place(0.5, 0.5), 'in the centre');
  assert.equal(text.place(1, 1), 'at the lower right');
});
