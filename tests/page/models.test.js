// Which model the page opens, and with what, also where the worker is lost on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

const { FeaturescopeError } = await import(new URL('../../www/api/errors.js', import.meta.url).href);
const { createSession } = await import(new URL('../../www/page/session/session.js', import.meta.url).href);
const { createState, createStore } = await import(new URL('../../www/page/state.js', import.meta.url).href);

const own = { size: 224, scale: 1 };
const told = { size: 64, scale: 2 };

/** A session whose engines end while they open a model, as often as is wanted, and look at nothing. */
function session({ losses = 0 } = {}) {
  const calls = [];
  let left = losses;
  const createScope = async () => {
    let lose = () => {};
    const open = async (source) => {
      calls.push(['open', source]);
      return {
        title: String(source), recipes: [{ name: 'card', recipe: own }], recipe: own, labels: [], layers: [], close: () => {},
        takes: { beside: [], bands: [], slices: 1 }, told: { recipeFrom: null, labelsFrom: null, notTwice: false, unread: [], unfit: null },
        async setRecipe(recipe) {
          calls.push(['recipe', recipe]);
          this.recipe = recipe;
        },
        async setOutput(output) {
          calls.push(['output', output]);
          // The last call before the model is there.
          if (left-- <= 0) return;
          lose(new FeaturescopeError('worker-lost', 'The engine stopped.'));
          throw new FeaturescopeError('worker-lost', 'The engine stopped.');
        },
      };
    };
    return { open, engine: {}, lost: new Promise((resolve) => { lose = resolve; }), colormap: async () => null, close: () => {} };
  };
  const page = createSession(createStore(createState(), () => {}), createScope);
  return { page, calls };
}

const choices = { photo: null, comparison: null, layer: 'conv2', openMap: 3, topCount: 7 };
const opening = [['open', 'net'], ['recipe', told], ['output', 'sigmoid']];

test('what a link opens it opens with recipe, scores and choices, in a new worker as in the first', async () => {
  for (const losses of [0, 1]) {
    const { page, calls } = session({ losses });
    await page.restore({ source: 'net', offered: 'net', recipe: told, output: 'sigmoid' }, choices);
    for (let times = 0; times < 100 && page.opened.source !== 'net'; times++) await setTimeout(5);
    assert.deepEqual(calls, losses === 0 ? opening : [...opening, ...opening]);
    assert.deepEqual(page.opened, { source: 'net', offered: 'net', recipe: told, output: 'sigmoid' });
    const { layer, openMap, topCount, model } = page.state;
    assert.deepEqual({ layer, openMap, topCount, recipe: model.recipe }, { layer: 'conv2', openMap: 3, topCount: 7, recipe: told });
    assert.equal(page.wanted, null);
  }
});

test('a link without a recipe means the model’s own, whichever is set', async () => {
  const { page, calls } = session();
  await page.restore({ source: 'net', offered: 'net', recipe: null }, choices);
  assert.deepEqual(calls, [['open', 'net'], ['recipe', own]]);
  assert.deepEqual(page.opened, { source: 'net', offered: 'net', recipe: own });
});

test('a model that is chosen starts with nothing chosen', async () => {
  const { page } = session();
  await page.restore({ source: 'net', offered: 'net', recipe: told, output: 'sigmoid' }, choices);
  await page.openModel('other', 'other');
  const { layer, openMap } = page.state;
  assert.deepEqual({ layer, openMap }, { layer: null, openMap: null });
  assert.deepEqual(page.opened, { source: 'other', offered: 'other' });
});
