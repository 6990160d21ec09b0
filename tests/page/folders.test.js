import assert from 'node:assert/strict';
import { test } from 'node:test';

import { classesOf } from '../../www/classes/folders.js';
import { sortOut } from '../../www/classes/intake.js';
import { droppedPaths } from '../../www/files/file-kinds.js';

function file(path, type = 'image/png') {
  const made = new File(['x'], path.split('/').at(-1), { type });
  droppedPaths.set(made, path);
  return made;
}
const classes = (paths, fewest) => classesOf(paths.map((path) => file(path)), fewest)
  .map(({ name, role, images }) => `${role} ${name}: ${images.map((image) => image.name).join(', ')}`);

test('folders are classes, in the order in which people count', () => {
  assert.deepEqual(classes(['/all/class 10/b.png', '/all/class 2/image 10.png', '/all/class 2/image 9.png']),
    ['both class 2: image 9.png, image 10.png', 'both class 10: b.png']);
});

test('two folders that hold the same classes are a source and a target', () => {
  const expected = ['source cat: a.png', 'source dog: b.png', 'target cat: c.png'];
  assert.deepEqual(classes(['/x/train/cat/a.png', '/x/train/dog/b.png', '/x/test/cat/c.png']), expected);
  assert.deepEqual(classes(['/x/photos/cat/a.png', '/x/photos/dog/b.png', '/x/x-ray/cat/c.png']), expected);
  // No name says which, so the second is tested.
  assert.deepEqual(classes(['/x/1/cat/a.png', '/x/1/dog/b.png', '/x/2/cat/c.png']), expected);
  // No class in common: no source and target.
  assert.deepEqual(classes(['/x/train/cat/a.png', '/x/test/dog/b.png']), ['both test/dog: b.png', 'both train/cat: a.png']);
});

test('images in no folder are in no class, nor are other files', () => {
  assert.deepEqual(classes(['/a.png', '/b.png']), []);
  assert.deepEqual(classes(['/cat/a.png', '/b.png']), []);
  assert.deepEqual(classes(['/cat/a.png', '/dog/c.png', '/b.png']), ['both cat: a.png', 'both dog: c.png']);
  assert.deepEqual(classesOf([file('/x/cat/a.png'), file('/x/notes/a.txt', 'text/plain')]), []);
});

test('a single folder is a class where that is asked for', () => {
  assert.deepEqual(classes(['/cat/a.png', '/cat/b.png']), []);
  assert.deepEqual(classes(['/cat/a.png', '/cat/b.png'], 1), ['both cat: a.png, b.png']);
  assert.deepEqual(classes(['/a.png'], 1), []);
});

test('a model beside folders of images is there with the classes, and what is neither is nothing without it', async () => {
  const images = ['/all/cat/1.png', '/all/cup/2.png'].map((path) => file(path));
  const model = [file('/all/net.onnx', ''), file('/all/net.onnx.data', '')];
  const notes = file('/all/notes.txt', 'text/plain');
  const { folders, others } = await sortOut([...images, ...model], {});
  assert.deepEqual(folders.map(({ name }) => name), ['cat', 'cup']);
  assert.deepEqual(others, model);
  const without = await sortOut([...images, notes, file('loose.png')], {});
  assert.deepEqual(without.others.map(({ name }) => name), ['loose.png']);
  // A single folder beside a model is what lies beside it.
  const single = await sortOut([images[0], ...model], {}, { columns: [{}] });
  assert.deepEqual([single.folders, single.others], [[], [images[0], ...model]]);
});
