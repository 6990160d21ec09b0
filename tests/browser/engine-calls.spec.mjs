// What the GPU engine asks of the browser. Each closed error scope is a question to the browser's process for the GPU; one that asked
// again with every answer once kept Firefox from ever getting ready.

import { expect, test } from './engine/fixtures.mjs';

/** The most error scopes of a look, in all that is done for it from the model's file on. */
const MOST_OF_A_LOOK = 4;

/** The most error scopes of a step of a drawing, which runs one graph. */
const MOST_OF_A_STEP = 2;

/** Counts in the worker what the engine's own counters speak of. */
const COUNTING = `
  globalThis.calls = { errorScopes: 0, submissions: 0, readbacks: 0, dispatches: 0 };
  for (const [{ prototype }, method, name] of [
    [GPUDevice, 'popErrorScope', 'errorScopes'], [GPUQueue, 'submit', 'submissions'], [GPUBuffer, 'mapAsync', 'readbacks'],
    [GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches'],
  ]) {
    const before = prototype[method];
    prototype[method] = function (...content) {
      globalThis.calls[name] += 1;
      return before.apply(this, content);
    };
  }`;

test('a look and a step of a drawing ask about errors a few times, however long they take', { tag: '@webgpu' }, async ({ page, openBlank }) => {
  test.setTimeout(300_000);
  await page.route('**/worker/main.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${COUNTING}` });
  });
  await openBlank();
  /** What `work` costs, as the browser counts it; the engine's own counters say the same. */
  const cost = async (work) => {
    const counted = async () => {
      const own = await page.evaluate(() => globalThis.scope.memory());
      const calls = await page.workers()[0].evaluate(() => globalThis.calls);
      expect(Object.fromEntries(Object.keys(calls).map((name) => [name, own[name]]))).toEqual(calls);
      return calls;
    };
    const before = await counted();
    await page.evaluate(work);
    const after = await counted();
    return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
  };
  await page.evaluate(async () => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    globalThis.scope = await Featurescope.create({ engine: 'webgpu' });
  });

  const first = await cost(async () => {
    globalThis.model = await globalThis.scope.open('squeezenet1.1');
    (await globalThis.model.look(`${globalThis.root}models/photos/chelsea.webp`)).close();
  });
  const later = await cost(async () => (await globalThis.model.look(`${globalThis.root}models/photos/coffee.jpg`)).close());
  const draw = (steps) => `globalThis.model.draw({ layer: 'fire2/concat', map: 24 }, { size: 33, steps: ${steps} })`;
  await cost(draw(1));
  const [few, many] = [await cost(draw(2)), await cost(draw(12))];
  const step = Object.fromEntries(Object.keys(few).map((name) => [name, (many[name] - few[name]) / 10]));
  const said = (calls) => Object.entries(calls).map(([name, count]) => `${count} ${name}`).join(', ');
  console.log(`the first look: ${said(first)}; a later look: ${said(later)}; a step of a drawing: ${said(step)}`);

  expect(first.errorScopes).toBeLessThanOrEqual(MOST_OF_A_LOOK);
  expect(later.errorScopes).toBeLessThanOrEqual(MOST_OF_A_LOOK);
  expect(step.errorScopes).toBeLessThanOrEqual(MOST_OF_A_STEP);
  // The layer's maps and the scores come back together, copied by the submission that computes them.
  expect([later.readbacks, later.submissions]).toEqual([1, 1]);
  expect(later.dispatches).toBeGreaterThan(10);
});
