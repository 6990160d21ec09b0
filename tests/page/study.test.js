import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Study } from '../../www/classes/study.js';

const recipe = { size: 96, resize: 'squash', mean: [0, 0, 0] };
const model = (given = recipe) => ({ recipe: given, imageSet: async () => ({ close() {} }), close() {} });
const about = { layer: 'relu5', title: 'A model', owned: false, source: null, original: null };

test('a study is one of the page’s model until that has another recipe, in whatever order its parts are', async () => {
  const own = model();
  const study = await Study.begin(own, {}, about);
  assert.equal(study.isOf(own), true);
  assert.equal(study.isOf(model()), false);
  own.recipe = { mean: [0, 0, 0], size: 96, resize: 'squash' };
  assert.equal(study.isOf(own), true);
  own.recipe = { ...recipe, mean: [1, 0, 0] };
  assert.equal(study.isOf(own), false);
  // As the article has it the recipe is another one anyway.
  assert.equal((await Study.begin(own, { article: true }, about)).isOf(own), true);
});

test('a copy with random weights goes with its model and its recipe, a further model stays', async () => {
  const own = model();
  const copy = await Study.begin(model(), {}, { ...about, owned: true, original: own });
  const further = await Study.begin(model({ ...recipe, size: 32 }), {}, { ...about, owned: true });
  assert.deepEqual([copy.randomised, further.randomised], [true, false]);
  assert.deepEqual([copy.isOf(own), further.isOf(own)], [true, true]);
  own.recipe = { ...recipe, size: 64 };
  assert.deepEqual([copy.isOf(own), further.isOf(own)], [false, true]);
  assert.deepEqual([copy.isOf(model()), further.isOf(model())], [false, true]);
});

test('a study begun anew in another layer has seen nothing, and keeps what is tied', async () => {
  const study = await Study.begin(model(), {}, { ...about, owned: true });
  study.ties.constructor = [3];
  study.places.set('image', 0);
  const anew = await study.anew({ article: true }, 'relu4');
  assert.deepEqual([anew.layer, anew.title, anew.owned, anew.places.size, anew.options.article], ['relu4', 'A model', true, 0, true]);
  assert.deepEqual(anew.ties.constructor, [3]);
});
