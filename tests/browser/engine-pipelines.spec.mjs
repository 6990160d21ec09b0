// Reading several layers at once must not copy the part of the graph that they share.

import { expect, test } from './engine/fixtures.mjs';

const FIRES = [2, 3, 4, 5, 6, 7, 8, 9].flatMap((fire) => ['squeeze1x1', 'expand1x1', 'expand3x3'].map((part) => `fire${fire}/${part}`));

const MODELS = [
  { path: 'models/squeezenet1.1.onnx', input: { name: 'data', shape: [1, 3, 227, 227] }, convolutions: ['conv1', ...FIRES, 'conv10'] },
  // VGG16's 13 convolutions one after another, narrow.
  { path: 'tests/big-model/chain13.onnx', input: { name: 'input', shape: [1, 3, 64, 64] }, convolutions: Array.from({ length: 13 }, (_, place) => `conv${place + 1}`) },
];

for (const { path, input, convolutions } of MODELS) {
  test(`${path}: one pipeline per node, however many layers are read`, { tag: '@webgpu' }, async ({ callEngine }) => {
    test.setTimeout(600_000);
    const middle = convolutions[convolutions.length >> 1];
    const lists = [[middle], [convolutions[0], middle], convolutions];
    const counts = await callEngine('countPipelines', path, input, lists);
    console.log(`${path}: ${counts.map(({ outputs, nodes, pipelines }) => `${outputs} read: ${pipelines} pipelines, ${nodes} nodes`).join('; ')}`);
    for (const [place, { nodes, pipelines }] of counts.entries()) {
      expect(pipelines).toBe(nodes);
      expect(nodes).toBeGreaterThanOrEqual(lists[place].length);
    }
  });
}
