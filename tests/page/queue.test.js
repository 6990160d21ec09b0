import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Queue } from '../../www/worker/queue.js';

const never = new AbortController().signal;

test('one job at a time, background last, and a failed one does not stop the rest', async () => {
  const queue = new Queue();
  const order = [];
  let running = 0;
  const job = (name, fail = false) => async () => {
    running += 1;
    assert.equal(running, 1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push(name);
    running -= 1;
    if (fail) throw new Error(name);
  };
  await Promise.allSettled([
    queue.run(job('first'), { signal: never }),
    queue.run(job('background'), { signal: never, background: true }),
    queue.run(job('fails', true), { signal: never }),
    queue.run(job('last'), { signal: never }),
  ]);
  assert.deepEqual(order, ['first', 'fails', 'last', 'background']);
  queue.close();
});

test('a job that is cancelled while it waits never starts', async () => {
  const queue = new Queue();
  const controller = new AbortController();
  let started = false;
  const first = queue.run(() => new Promise((resolve) => setTimeout(resolve, 5)), { signal: never });
  const second = queue.run(async () => (started = true), { signal: controller.signal });
  controller.abort();
  await assert.rejects(second, { code: 'cancelled' });
  await first;
  assert.equal(started, false);
  queue.close();
});
