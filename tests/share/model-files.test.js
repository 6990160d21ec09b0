// A model's files in a record: those of one name from several folders stay apart, and lie where they lay when it is opened again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { droppedPaths, pathOf } from '../../www/files/file-kinds.js';
import { keepModel, keptModel, modelFiles } from '../../www/share/model-files.js';
import { readSnapshot } from '../../www/share/snapshot-read.js';
import { writeSnapshot } from '../../www/share/snapshot-write.js';
import { recorded } from './recorded.js';

/** @param {string} path @param {string} content */
function file(path, content) {
  const made = new File([content], path.split('/').at(-1) ?? path);
  droppedPaths.set(made, path);
  return made;
}

/** What a model's files are after they were kept and a snapshot was written and read. @param {File[]} files */
async function again(files) {
  const whole = recorded();
  const kept = keepModel(files, (path, blob) => {
    assert.ok(!whole.files.has(path), `${path} is kept twice`);
    whole.files.set(path, blob);
    return path;
  });
  whole.record.model = { ...whole.record.model, ...kept };
  const read = await readSnapshot(new File([await writeSnapshot(whole)], 'a.featurescope.zip'));
  const found = await Promise.all(keptModel(read).map(async (one) => [one.name, pathOf(one), await one.text()]));
  return { kept, found };
}

test('files of one name in two folders stay apart, and each lies where it lay', async () => {
  const { found } = await again([
    file('net/model.onnx', 'graph'),
    file('net/a/weights.bin', 'first'),
    file('net/b/weights.bin', 'second'),
    file('net/b/Weights.BIN', 'third'),
  ]);
  assert.deepEqual(found, [
    ['model.onnx', 'model.onnx', 'graph'],
    ['weights.bin', 'net/a/weights.bin', 'first'],
    ['weights.bin', 'net/b/weights.bin', 'second'],
    ['Weights.BIN', 'net/b/Weights.BIN', 'third'],
  ]);
});

test('a name with signs that a record does not take is told all the same', async () => {
  const { kept, found } = await again([file('m.onnx', 'graph'), file('m.onnx+data (1)', 'first'), file('.hidden', 'second')]);
  assert.deepEqual(kept.parts, ['model/m.onnx_data _1_', 'model/_hidden']);
  assert.deepEqual(found.map(([name]) => name), ['m.onnx', 'm.onnx+data (1)', '.hidden']);
});

test('where the names tell all that there is to tell, a record is as it always was', async () => {
  const { kept, found } = await again([file('net/m.onnx', 'graph'), file('net/m.onnx.data', 'first'), file('net/card.json', '{}')]);
  assert.deepEqual(kept, { path: 'model/m.onnx', parts: ['model/m.onnx.data', 'model/card-beside.json'] });
  assert.deepEqual(found.map(([, path]) => path), ['m.onnx', 'm.onnx.data', 'card-beside.json']);
});

/** What lies at an address, in the place of the network. @param {(path: string) => Blob | null} at */
function served(at) {
  const asked = [];
  const before = [globalThis.fetch, globalThis.location];
  globalThis.location = { href: 'https://page.example/' };
  globalThis.fetch = async (address) => {
    asked.push(String(address));
    const body = at(new URL(address).pathname);
    return { ok: body !== null, blob: async () => body };
  };
  return { asked, end: () => ([globalThis.fetch, globalThis.location] = before) };
}

test('a model from an address has the files with its weights, each where the model says that it lies', async () => {
  const folder = new URL('../cases/X-subdirs-same-name/', import.meta.url);
  const at = (path) => new Blob([readFileSync(new URL(path.replace('/nets/', ''), folder))]);
  const { asked, end } = served(at);
  try {
    const files = await modelFiles('https://hub.example/nets/model.onnx?raw=1');
    const { files: [, ...parts] } = JSON.parse(readFileSync(new URL('case.json', folder), 'utf8'));
    assert.deepEqual(files.map(pathOf), ['model.onnx', ...parts]);
    assert.ok(parts.length > 1);
    assert.ok(asked.every((address) => address.endsWith('?raw=1')));
    const { found } = await again(files);
    assert.deepEqual(found.map(([, path]) => path), ['model.onnx', ...parts]);
    for (const [place, part] of parts.entries()) assert.equal(await files[place + 1].text(), await at(`/nets/${part}`).text());
  } finally {
    end();
  }
});

test('a model from an address of which a part is not there says so', async () => {
  const graph = new Blob([readFileSync(new URL('../cases/X-subdirs-same-name/model.onnx', import.meta.url))]);
  const { end } = served((path) => (path.endsWith('/net') ? graph : null));
  try {
    await assert.rejects(modelFiles('https://hub.example/net'), ({ code, message }) => code === 'network' && message.includes('hub.example'));
  } finally {
    end();
  }
});
