import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lastMean } from '../../www/questions/draw/drawn.js';
import { text } from '../../www/questions/draw/text.js';
import { text as chinese } from '../../www/zh/draw.js';

const DRAWING = {
  activations: new Float32Array([0.5, 2]), sizes: new Uint32Array([55, 66]), sizing: /** @type {const} */ ('asked'), cured: 0, saturated: 0, lost: 0, grey: false,
  image: /** @type {ImageData} */ (/** @type {unknown} */ ({})),
};

test('a picture is called enlarged or moved only where it was', () => {
  assert.equal(text.curve(true, false), 'The map’s mean at every step. It drops where the picture is enlarged.');
  assert.equal(text.curve(false, true), 'The map’s mean at every step. It trembles, since the picture is moved at every step.');
  assert.equal(text.curve(false, false), 'The map’s mean at every step.');
  assert.match(chinese.curve(true, false), /放大/);
  assert.doesNotMatch(chinese.curve(false, true), /放大/);
});

test('other sizes than those asked for are said', () => {
  assert.equal(text.done(3, 'article', DRAWING), 'Map 3: mean 0.5 at the start, 2 at the end, in 2 steps over 2 sizes.');
  const own = { ...DRAWING, sizes: new Uint32Array([64]), sizing: /** @type {const} */ ('own') };
  assert.match(text.done(3, 'article', own), /in 2 steps at 64 pixels\. The network takes pictures of its own size only/);
  for (const sizing of /** @type {const} */ (['nearest', 'larger', 'own'])) {
    for (const language of [text, chinese]) {
      assert.ok(language.done(3, 'modern', { ...own, sizing }).length > language.done(3, 'modern', { ...own, sizing: 'asked' }).length, sizing);
    }
  }
});

test('what is no number is said and never shown as one', () => {
  const some = { ...DRAWING, activations: new Float32Array([0.5, NaN, 2, NaN]), lost: 2 };
  assert.match(text.done(3, 'article', some), /mean 0\.5 at the start, 2 at the end, in 4 steps.* In 2 of them the network gave no number/);
  const all = { ...DRAWING, activations: new Float32Array([NaN, NaN]), lost: 2, grey: true };
  const sentence = text.done(3, 'article', all);
  assert.match(sentence, /^Map 3 was not drawn, .* In all of them the network gave no number/);
  assert.doesNotMatch(sentence, /pattern|mean NaN/);
  assert.doesNotMatch(chinese.done(3, 'article', all), /图案|NaN 变/);
  assert.match(text.progress({ size: 55, activation: NaN, done: 1, total: 2 }), /mean no number/);
  assert.deepEqual([lastMean(some.activations), lastMean(all.activations)], [2, 0]);
});
