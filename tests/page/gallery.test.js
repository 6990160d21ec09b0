// What full strength is where maps are laid over many images.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fullStrengths, galleryScale } from '../../www/questions/everywhere/gallery-scale.js';

const overlay = { style: 'alpha', colormap: 'viridis', enlargement: 'bilinear' };
const state = (scale, article = false) => ({ overlay: { ...overlay, scale }, article, model: { article: { gain: 2 } } });
const maps = [{ maxima: [1, 4, -1, 100] }, { maxima: [2, 0.5, -2, 50] }];

test('of one map it is its largest value, of several half of these together or the largest alone', () => {
  assert.deepEqual(fullStrengths([{ maxima: [3, -1] }]), [3, 0]);
  // 1 and 2: the larger alone; of three equal ones half of their sum.
  assert.deepEqual(fullStrengths(maps), [2, 4, 0, 100]);
  assert.deepEqual(fullStrengths([{ maxima: [2] }, { maxima: [2] }, { maxima: [2] }]), [3]);
  assert.deepEqual(fullStrengths([]), []);
});

test('full strength is what the visitor chose, of the images that are shown', () => {
  const set = galleryScale(state('set'), maps, [0, 1]);
  assert.deepEqual([0, 1].map((place) => set.of(place).setMaximum), [4, 4]);
  assert.match(set.caption, /2 images share one scale.*largest value, 4\./);
  // The fourth image, which is not shown, changes nothing; shown, it does.
  assert.equal(galleryScale(state('set'), maps, [0, 1, 3]).of(0).setMaximum, 100);
  const each = galleryScale(state('map'), maps, [0, 1, 2]);
  assert.deepEqual([0, 1, 2].map((place) => each.of(place).setMaximum), [2, 4, 1]);
  assert.match(each.caption, /own largest value/);
  const layer = galleryScale(state('layer'), maps, [0, 1]);
  assert.equal(layer.of(0).scale, 'layer');
  assert.equal(layer.of(0).setMaximum, undefined);
  const article = galleryScale(state('set', true), maps, [0, 1]);
  assert.deepEqual([article.of(0).style, article.of(0).gain, article.of(0).scale], ['multiply', 2, 1]);
  assert.equal(new Set([set, each, layer, article].map(({ key }) => key)).size, 4);
});
