// The networks that the bench writes with random weights: as large as torchvision's, and the same bytes everywhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { onnxFile } from '../../www/bench/networks/onnx.js';
import { RANDOM } from '../../www/bench/networks/random.js';

/** How many weights torchvision's have (11,689,512 and 3,504,872), less one for each normalised channel, of whose two folding leaves a bias. */
const EXPECTED = {
  resnet18: { weights: 11_689_512 - 4_800, convs: 20, sha256: '4e29c55cc4cfa7f070542d2b47af5a94dd66fba7e047c7e278b1a1364a0d55c1' },
  mobilenetv2: { weights: 3_504_872 - 17_056, convs: 52, sha256: '41c747bb3eb53742cba7b73ae08ea039bf7443e9c6520446791efb1e1fe379bb' },
};

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`${name} has the layers and weights of torchvision's, and is written in the same bytes everywhere`, () => {
    const graph = RANDOM[name].make();
    const learned = [...graph.weights.entries()].filter(([name]) => name.includes('.')).map(([, { data }]) => data.length);
    assert.equal(learned.reduce((sum, length) => sum + length, 0), expected.weights);
    assert.equal(graph.nodes.filter(({ op }) => op === 'Conv').length, expected.convs);
    assert.ok(graph.nodes.some(({ output }) => output === RANDOM[name].card.defaultLayer));
    assert.equal(createHash('sha256').update(onnxFile(graph)).digest('hex'), expected.sha256);
  });
}
