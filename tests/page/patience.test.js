// Waiting for the graphics card: what is said, when it is given up, and what counts as a sign of life.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { patiently } from '../../www/worker/patience.js';

/** Begins to wait for work that settles by hand, with the time in our hands. */
function begin(what, givesUp) {
  mock.timers.enable({ apis: ['setInterval'] });
  const said = [];
  const work = {};
  const waited = patiently(what, { name: 'call', progress: (progress) => said.push(progress) }, (call) => {
    work.call = call;
    return new Promise((resolve, reject) => Object.assign(work, { resolve, reject }));
  }, givesUp);
  const outcome = waited.then((value) => ({ value }), ({ code, message }) => ({ code, message }));
  return { said, work, outcome, pass: (seconds) => mock.timers.tick(seconds * 1000), end: () => mock.timers.reset() };
}

test('work that answers soon is handed through without a word', async () => {
  const { said, work, outcome, pass, end } = begin('device', true);
  pass(2.5);
  assert.equal(work.call.name, 'call');
  work.resolve(7);
  assert.deepEqual(await outcome, { value: 7 });
  pass(60);
  assert.deepEqual(said, []);
  end();
});

test('from three seconds on it is said what is waited for, and at ten it ends', async () => {
  const { said, outcome, pass, end } = begin('adapter', true);
  pass(3);
  assert.deepEqual(said.at(-1), { stage: 'setup', done: 0, waiting: { for: 'adapter', seconds: 3, limit: 10 } });
  pass(6.5);
  assert.deepEqual(said.at(-1).waiting, { for: 'adapter', seconds: 9, limit: 10 });
  pass(0.5);
  const { code, message } = await outcome;
  assert.equal(code, 'no-answer');
  assert.match(message, /has not named a graphics card for 10 seconds/);
  const words = said.length;
  pass(60);
  assert.equal(said.length, words);
  end();
});

test('each progress is a sign of life, and stays the word of the moment', async () => {
  const { said, work, outcome, pass, end } = begin('run', true);
  for (let done = 0; done < 5; done++) {
    pass(9);
    work.call.progress({ stage: 'guess', done, total: 5 });
    assert.deepEqual(said.at(-1), { stage: 'guess', done, total: 5 });
  }
  pass(4);
  assert.deepEqual(said.at(-1), { stage: 'guess', done: 4, total: 5, waiting: { for: 'run', seconds: 4, limit: 10 } });
  pass(6);
  assert.equal((await outcome).code, 'no-answer');
  end();
});

test('where the visitor decides there is no limit', async () => {
  const { said, work, outcome, pass, end } = begin('check', false);
  pass(100);
  assert.deepEqual(said.at(-1).waiting, { for: 'check', seconds: 100 });
  work.reject(Object.assign(new Error('refused'), { code: 'wrong-results' }));
  assert.equal((await outcome).code, 'wrong-results');
  end();
});
