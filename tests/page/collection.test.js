import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Collection } from '../../www/classes/collection.js';
import { tiedOutputs } from '../../www/api/tied-outputs.js';
import { droppedPaths } from '../../www/files/file-kinds.js';

const image = (name, size = 1) => new File(['x'.repeat(size)], name, { type: 'image/png', lastModified: 1 });
const names = (classes) => classes.map(({ name, images }) => [name, images.map((one) => one.name)]);

test('images are sorted as people count, and the same file is not added again', () => {
  const collection = new Collection();
  const cat = collection.add('cat', [image('cat 10.png'), image('cat 2.png')]);
  assert.equal(collection.add('cat', [image('cat 1.png'), image('cat 2.png')]), cat);
  assert.deepEqual(names([cat]), [['cat', ['cat 1.png', 'cat 2.png', 'cat 10.png']]]);
  assert.equal(collection.addImages(cat.id, [image('cat 2.png')]), false);
  assert.equal(collection.addImages(cat.id, [image('cat 2.png', 2)]), true);
  assert.equal(collection.addImages(99, [image('cat 3.png')]), false);
  const [first] = cat.images;
  assert.equal(collection.removeImage(cat.id, first), true);
  assert.equal(collection.removeImage(cat.id, first), false);
});

test('an image is moved to another class, unless it is there already', () => {
  const collection = new Collection();
  const cat = collection.add('cat', [image('1.png'), image('2.png')]);
  const dog = collection.add('dog', [image('1.png')]);
  const [one, two] = cat.images;
  assert.equal(collection.moveImage(cat.id, dog.id, two), true);
  assert.deepEqual(names([cat, dog]), [['cat', ['1.png']], ['dog', ['1.png', '2.png']]]);
  assert.equal(collection.moveImage(cat.id, dog.id, one), false);
  assert.equal(collection.moveImage(cat.id, 99, one), false);
  assert.deepEqual(names([cat]), [['cat', ['1.png']]]);
});

test('a class has another name, unless it is taken or none', () => {
  const collection = new Collection();
  const cat = collection.add('cat');
  const dog = collection.add('dog');
  assert.equal(collection.rename(cat.id, ' dog '), false);
  assert.equal(collection.rename(cat.id, '  '), false);
  assert.equal(collection.rename(cat.id, 'cat'), false);
  assert.equal(collection.rename(cat.id, ' tabby '), true);
  assert.deepEqual(collection.names(), ['tabby', 'dog']);
  // The other half of a class may have its name.
  collection.setRole(cat.id, 'source');
  collection.setRole(dog.id, 'target');
  assert.equal(collection.rename(dog.id, 'tabby'), true);
  assert.deepEqual(collection.names(), ['tabby']);
  assert.equal(collection.setRole(dog.id, 'source'), false);
  assert.equal(collection.freeName('class'), 'class 1');
  collection.add('class 1');
  assert.equal(collection.freeName('class'), 'class 2');
});

test('maps are found on sources and tested on targets', () => {
  const collection = new Collection();
  const cat = collection.add('cat', [image('a.png')], 'source');
  collection.add('cat', [image('b.png')], 'target');
  collection.add('dog', [image('c.png')]);
  collection.add('empty');
  assert.deepEqual(names(collection.sources()), [['cat', ['a.png']], ['dog', ['c.png']]]);
  assert.deepEqual(names(collection.targets()), [['cat', ['b.png']], ['dog', ['c.png']]]);
  assert.equal(collection.separate, true);
  assert.equal(collection.images().length, 3);
  // Both columns of a class that is found and tested on all its images.
  assert.equal(collection.setRole(cat.id, 'both'), true);
  assert.deepEqual(names(collection.targets()), [['cat', ['a.png', 'b.png']], ['dog', ['c.png']]]);
});

test('what the visitor tied to a class goes with its name', () => {
  const collection = new Collection();
  const cat = collection.add('cat', [], 'source');
  collection.add('cat', [], 'target');
  collection.tie('cat', [281, 282]);
  collection.rename(cat.id, 'kitten');
  assert.deepEqual({ ...collection.ties }, { cat: [281, 282] });
  collection.rename(collection.columns[1].id, 'tomcat');
  assert.deepEqual({ ...collection.ties }, { tomcat: [281, 282] });

  const labels = ['tench', 'tabby, Tomcat'];
  const outputs = () => tiedOutputs(['tomcat'], collection.ties, labels)[0];
  assert.deepEqual(outputs(), [281, 282]);
  collection.tie('tomcat', []);
  assert.deepEqual(outputs(), []);
  collection.tie('tomcat', null);
  assert.deepEqual(outputs(), [1]);
});

test('a removed class comes back where it was', () => {
  const collection = new Collection();
  const [cat, dog] = ['cat', 'dog', 'cup'].map((name) => collection.add(name, [image(`${name}.png`)]));
  assert.equal(collection.remove(dog.id), true);
  assert.equal(collection.remove(dog.id), false);
  collection.restore(dog, 1);
  assert.deepEqual(collection.names(), ['cat', 'dog', 'cup']);
  // Its name was given to another class in the meantime.
  collection.remove(dog.id);
  collection.rename(cat.id, 'dog');
  collection.restore(dog, 1);
  assert.deepEqual(names(collection.sources()), [['dog', ['cat.png', 'dog.png']], ['cup', ['cup.png']]]);
});

test('a class may have the name of anything that objects have', () => {
  const labels = ['constructor, builder', 'toString'];
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const collection = new Collection();
    const column = collection.add(name);
    assert.equal(collection.ties[name], undefined);
    collection.tie(name, [1]);
    assert.deepEqual(Object.entries(collection.ties), [[name, [1]]]);
    assert.deepEqual(tiedOutputs([name], collection.ties, labels), [[1]]);
    collection.rename(column.id, 'builder');
    assert.deepEqual(Object.entries(collection.ties), [['builder', [1]]]);
    collection.rename(column.id, name);
    collection.tie(name, null);
    assert.equal(collection.ties[name], undefined);
    collection.tie(name, [0]);
    collection.untie();
    assert.equal(collection.ties[name], undefined);
  }
  assert.deepEqual(tiedOutputs(['constructor', 'toString'], new Collection().ties, labels), [[0], [1]]);
});

test('different images of one name, size and time are two where they come from different folders', () => {
  const from = (path) => {
    const file = image(path.split('/').at(-1));
    droppedPaths.set(file, path);
    return file;
  };
  const collection = new Collection();
  const cat = collection.add('cat', [from('/monday/1.png'), from('/tuesday/1.png')]);
  assert.equal(cat.images.length, 2);
  assert.equal(collection.addImages(cat.id, [from('/monday/1.png')]), false);
  // Picked by itself it has no folder, and may be either.
  assert.equal(collection.addImages(cat.id, [image('1.png')]), false);
  assert.equal(collection.addImages(cat.id, [from('/wednesday/1.png')]), true);
  assert.equal(cat.images.length, 3);
});
