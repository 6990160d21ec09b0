// Pictures that are decoded ahead: by as many workers as there may be, and what becomes of them when one ends.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { DecodeAhead } from '../../www/worker/ahead.js';

/** @type {Decoder[]} */
const started = [];

/** A worker of the worker that answers when it is told to. */
class Decoder {
  asked = [];
  ended = false;

  constructor() {
    started.push(this);
  }

  postMessage({ folder, id }) {
    if (folder) queueMicrotask(() => this.onmessage({ data: { ready: true } }));
    else this.asked.push(id);
  }

  answer(pixels) {
    this.onmessage({ data: { id: this.asked.shift(), pixels } });
  }

  terminate() {
    this.ended = true;
  }
}

globalThis.Worker = Decoder;
// A decoder that rests keeps the process alive.
afterEach(() => started.splice(0).forEach((decoder) => decoder.onerror({ preventDefault() {} })));

const blob = new Blob(['a picture']);

test('one decoder decodes one after another, several at the same time', async () => {
  const single = new DecodeAhead();
  const [one, two] = [1, 2].map(() => single.decode('engine/', blob, { wait: true }));
  assert.deepEqual([started.length, started[0].asked.length], [1, 2]);
  started[0].answer('first');
  started[0].answer('second');
  assert.deepEqual(await Promise.all([one, two]), ['first', 'second']);

  started.length = 0;
  const several = new DecodeAhead();
  const all = [1, 2, 3, 4].map(() => several.decode('engine/', blob, { wait: true, most: 3 }));
  assert.deepEqual(started.map(({ asked }) => asked.length), [2, 1, 1]);
  for (const decoder of [started[2], started[0], started[1], started[0]]) decoder.answer(`by ${started.indexOf(decoder)}`);
  assert.deepEqual(await Promise.all(all), ['by 0', 'by 1', 'by 2', 'by 0']);
  several.decode('engine/', blob, { wait: true, most: 3 });
  assert.equal(started.length, 3, 'one that has nothing to do is taken');
});

test('a picture at which a decoder broke ends that one alone', async () => {
  const several = new DecodeAhead();
  const [one, two] = [1, 2].map(() => several.decode('engine/', blob, { wait: true, most: 2 }));
  started[0].answer('broke');
  assert.deepEqual([await one, started[0].ended, started[1].ended], ['broke', true, false]);
  started[1].answer('pixels');
  assert.equal(await two, 'pixels');
});
