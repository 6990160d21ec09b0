// What a visitor says about the open model: what is set in it as it is, and what opens it again, with the guess kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { FeaturescopeError } from '../../www/api/errors.js';
import { createSession } from '../../www/page/session/session.js';
import { takeTold } from '../../www/page/session/told.js';
import { createState, createStore } from '../../www/page/state.js';

const guessed = { size: 24, resize: 'crop', channels: 'rgb', scale: 1, mean: [0], std: [1], layout: 'nchw' };
const said = { ...guessed, scale: 0.5 };
const file = new File(['net'], 'birds.onnx');

/** A session whose engine knows one network of three classes without names. */
function session() {
  const calls = [];
  let lose = () => {};
  const createScope = async () => ({
    engine: {}, lost: new Promise((resolve) => { lose = resolve; }), colormap: async () => null, close: () => {},
    async open(source, { card, recipe }) {
      calls.push(['open', card?.labels ?? [], recipe ?? null]);
      return {
        title: card?.title ?? 'birds', classes: 3, labels: card?.labels ?? [], layers: [], statedOutput: null, close: () => calls.push(['close']),
        recipe: recipe ?? guessed, recipeIsKnown: Boolean(recipe), recipes: recipe ? [{ name: 'card', recipe }] : [{ name: 'torchvision', recipe: guessed }, { name: 'raw', recipe: said }],
        takes: { beside: [], bands: [], slices: 1 }, told: { recipeFrom: null, labelsFrom: null, notTwice: false, unread: [], unfit: null },
        setRecipe: async (one) => void calls.push(['recipe', one.scale]),
        setOutput: async (output) => void calls.push(['output', output]),
      };
    },
  });
  const page = createSession(createStore(createState(), () => {}), createScope);
  const taken = () => calls.splice(0);
  return { page, taken, lose: (error) => lose(error) };
}

async function opened() {
  const all = session();
  await all.page.openModel([file], null);
  assert.deepEqual(all.taken(), [['open', [], null]]);
  return all;
}

test('another recipe of the same size, or what the scores are, is set in the model that is open', async () => {
  const { page, taken } = await opened();
  assert.equal(page.state.model.isSaid, false);
  // That the guess is right asks nothing of the engine.
  await page.sayOfModel({ recipe: guessed });
  assert.deepEqual(taken(), []);
  assert.equal(page.state.model.isSaid, true);
  await page.sayOfModel({ recipe: said, output: 'sigmoid' });
  assert.deepEqual(taken(), [['recipe', 0.5], ['output', 'sigmoid']]);
  assert.deepEqual([page.state.model.recipe, page.state.model.statedOutput], [said, 'sigmoid']);
  assert.deepEqual(page.opened, { source: [file], offered: null, recipe: said, output: 'sigmoid' });
});

test('names open the file again without guessing again, and all of it lasts over a loss of the engine', async () => {
  const { page, taken, lose } = await opened();
  const labels = ['crow', 'owl', 'wren'];
  await page.sayOfModel({ recipe: said, labels });
  assert.deepEqual(taken(), [['open', labels, said], ['close']]);
  const { model } = page.state;
  assert.deepEqual([model.labels, model.recipe, model.recipeIsKnown], [labels, said, false]);
  assert.deepEqual(model.recipes.map(({ name }) => name), ['torchvision', 'raw']);
  lose(new FeaturescopeError('worker-lost', 'The engine stopped.'));
  await setTimeout(10);
  await page.recovery;
  assert.deepEqual(taken(), [['open', labels, said]]);
  assert.deepEqual(page.opened, { source: [file], offered: null, recipe: said, labels });
  // Nothing said is the guess again.
  await page.sayOfModel({});
  assert.deepEqual(taken(), [['open', [], guessed], ['close']]);
  assert.deepEqual([page.state.model.labels, page.state.model.recipe, page.state.model.isSaid], [[], guessed, false]);
});

test('a finding with names opens the model with these, and one without them opens it anew', async () => {
  const { page, taken } = session();
  const labels = ['crow', 'owl', 'wren'];
  const at = { photo: null, comparison: null };
  await page.restore({ source: [file], offered: null, recipe: said, labels }, at);
  assert.deepEqual(taken(), [['open', labels, null], ['recipe', 0.5]]);
  assert.deepEqual(page.opened.labels, labels);
  await page.restore({ source: [file], offered: null, recipe: said, labels: [...labels] }, at);
  assert.deepEqual(taken(), [['recipe', 0.5]]);
  await page.restore({ source: [file], offered: null, recipe: said }, at);
  assert.deepEqual(taken()[0], ['open', [], null]);
  assert.deepEqual(page.state.model.labels, []);
});

test('files about the model: what fits is applied, and what does not leaves everything as it was', async () => {
  const { page, taken } = await opened();
  const drop = (name, content) => takeTold(page, [new File([content], name)]);
  await drop('labels.txt', 'crow\nowl\nwren\n');
  assert.deepEqual(page.state.model.labels, ['crow', 'owl', 'wren']);
  assert.match(page.state.notice, /labels\.txt.*3 class names/);
  await drop('card.json', JSON.stringify({ recipe: { scale: 0.5 }, output: 'logits', title: 'Birds' }));
  const { model } = page.state;
  assert.deepEqual([model.title, model.recipe, model.statedOutput, model.labels], ['Birds', { ...said, resize: 'squash' }, null, ['crow', 'owl', 'wren']]);
  assert.deepEqual(page.opened.output, 'logits');
  taken();
  const before = page.opened;
  for (const [name, content] of [['card.json', '{"recipe": {"size": 0}}'], ['names.txt', 'crow\nowl'], ['a.json', '{"x": "y"}'], ['b.json', '{']]) {
    page.set({ errors: [], sheet: null });
    assert.deepEqual(await drop(name, content), []);
    assert.ok(page.state.errors[0].message.startsWith(`${name}: `), name);
    // Names of which there are too few stand where they can be put right.
    assert.deepEqual(page.state.sheet?.typed ?? null, name === 'names.txt' ? { names: 'crow\nowl' } : null);
    assert.deepEqual([page.opened, taken()], [before, []]);
  }
  // Any other text is about no model.
  const text = new File(['not a photo'], 'notes.txt');
  assert.deepEqual(await takeTold(page, [text]), [text]);
});
