// Each question has an address of its own, beside those of links.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { VIEWS, addressOf, viewOf, visit } from '../../www/page/address.js';

let pushed = [];
beforeEach(() => {
  pushed = [];
  globalThis.location = { hash: '' };
  globalThis.history = { pushState: (_state, _title, address) => {
    pushed.push(address);
    globalThis.location.hash = address;
  } };
});
afterEach(() => {
  delete globalThis.location;
  delete globalThis.history;
});

test('every view has an address, and nothing else is one', () => {
  assert.deepEqual(VIEWS.map(addressOf).map(viewOf), VIEWS);
  assert.deepEqual(['', '#', '#look', '#/', '#/Look', '#/look/', '#/constructor', '#1abc'].map(viewOf), Array(8).fill(null));
});

test('a view that is visited is one step of the history, and its question shows', () => {
  const changes = [];
  const store = { set: (change) => changes.push(change) };
  visit(store, 'look');
  assert.deepEqual(pushed, []);
  visit(store, 'unique');
  visit(store, 'unique');
  visit(store, 'draw');
  assert.deepEqual(pushed, ['#/unique', '#/draw']);
  assert.deepEqual(changes, [{ view: 'look', alone: false }, ...Array(2).fill({ view: 'unique', question: 'unique', cardAsked: false, alone: false }), { view: 'draw', alone: false }]);
});

test('a link is left with its own address in the history', () => {
  globalThis.location.hash = `#1${'a'.repeat(100)}`;
  visit({ set: () => {} }, 'look');
  assert.deepEqual(pushed, ['#/look']);
});
