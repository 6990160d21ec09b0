import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shownFor, shownLayers } from '../../www/questions/look/depth-layers.js';

/** A layer of 8 maps. */
const layer = (id, relu, side, field) => ({
  id, name: id, op: 'Conv', relu, channels: 8, height: side, width: side, stride: [1, 1], receptiveField: [field, field],
});

/** Conv, Relu, two branches whose activations come after both, a pooling, a sum without activation, and a global pooling. */
const layers = [
  layer('conv1', 'before', 32, 3), layer('relu1', 'after', 32, 3),
  layer('left', 'before', 32, 5), layer('right', 'before', 32, 7), layer('left-relu', 'after', 32, 5), layer('right-relu', 'after', 32, 7),
  layer('pool', 'after', 16, 8),
  // Its activation comes after a pooling, which makes another map of it.
  layer('conv2', 'before', 16, 10), layer('pool2', 'before', 8, 12), layer('relu2', 'after', 8, 12),
  layer('sum', 'none', 8, 20),
  layer('global', 'none', 1, 64),
];

test('of a layer and its activation the activation is shown, and no layer of single cells', () => {
  assert.deepEqual(shownLayers(layers).map(({ id }) => id), ['relu1', 'left-relu', 'right-relu', 'pool', 'conv2', 'relu2', 'sum']);
});

test('every layer with maps has its place in the strip', () => {
  assert.deepEqual(
    layers.map(({ id }) => shownFor(layers, id)?.id ?? null),
    ['relu1', 'relu1', 'left-relu', 'right-relu', 'left-relu', 'right-relu', 'pool', 'conv2', 'relu2', 'relu2', 'sum', null],
  );
  assert.equal(shownFor(layers, 'nothing'), null);
});

test('308 layers are gone through at once', () => {
  const many = Array.from({ length: 308 }, (_, place) => layer(`layer${place}`, place % 2 ? 'after' : 'before', 16, place - (place % 2)));
  const begun = performance.now();
  assert.equal(shownLayers(many).length, 154);
  assert.ok(performance.now() - begun < 200);
});
