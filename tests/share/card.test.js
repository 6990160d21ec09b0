// The card of a record: what is known of a model goes with it, and what its scores were only taken for does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cardFor, cardOf } from '../../www/share/card.js';
import { recorded } from './recorded.js';

const told = { title: 'tanh', labels: ['one', 'two'], defaultLayer: 'relu' };
const model = { ...told, takes: { bands: [] } };

test('a card says what the scores are only where a card or the visitor did', () => {
  assert.deepEqual(cardOf({ ...model, statedOutput: null }), told);
  for (const output of ['logits', 'softmax', 'sigmoid']) {
    // As what the last look took them is not asked.
    assert.deepEqual(cardOf({ ...model, statedOutput: output, output: 'logits' }), { ...told, output });
  }
});

test('a card says which of several results the scores are where a card did', () => {
  assert.deepEqual(cardOf({ ...model, statedOutput: null, statedScores: 'logits' }), { ...told, scores: 'logits' });
  assert.deepEqual(cardOf({ ...model, statedOutput: 'softmax', statedScores: null, scores: 'taken' }), { ...told, output: 'softmax' });
  const whole = recorded();
  const named = { ...whole, card: { ...whole.card, scores: 'logits' } };
  assert.deepEqual(cardFor(named), named.card);
});

test('a card that an older page wrote is believed where there were predictions, and the visitor always', () => {
  const whole = recorded();
  const silent = { ...whole, record: { ...whole.record, predictions: [] } };
  const told = (one) => ({ ...one, finding: { ...one.finding, output: 'sigmoid' } });
  const { output: _output, ...untold } = whole.card;
  assert.deepEqual(cardFor(whole), whole.card);
  assert.deepEqual(cardFor(silent), untold);
  assert.deepEqual(cardFor(told(silent)), { ...whole.card, output: 'sigmoid' });
  assert.deepEqual(cardFor(told(whole)), { ...whole.card, output: 'sigmoid' });
  assert.deepEqual(cardFor({ ...whole, card: untold }), untold);
});

test('a card says which colours the channels get where somebody chose them', () => {
  const of = (bands) => cardOf({ ...model, statedOutput: null, takes: { bands } });
  for (const usual of [['red', 'green'], ['red', 'green', 'blue', null, null]]) assert.deepEqual(of(usual), told);
  for (const bands of [['blue', 'green', 'red', 'red'], [null, 'green'], ['red', 'green', 'blue', 'red']]) assert.deepEqual(of(bands), { ...told, bands });
  // What a link says of them counts, whatever the card beside the record says.
  const whole = recorded();
  const chosen = { ...whole, card: { ...whole.card, bands: ['red', 'red'] }, finding: { ...whole.finding, bands: [null, 'blue'] } };
  assert.deepEqual(cardFor(chosen), { ...whole.card, bands: [null, 'blue'] });
});
