// The table of what ImageNet's outputs are kinds of, and what classes are tied to by it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Superclasses, superclassesOf } from '../../www/api/superclasses.js';
import { tiedOutputs, untiedNames } from '../../www/api/tied-outputs.js';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const tree = read('../../models/imagenet-tree.json');
const labels = read('../../models/imagenet1k.json');
const table = new Superclasses(tree);
const kinds = superclassesOf(labels, table);
const tied = (names, ties = {}) => tiedOutputs(names, ties, labels, kinds);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, place) => first + place);
const named = (...names) => names.map((name) => labels.indexOf(name));

test('the table has a thousand outputs, and every one is an entity', () => {
  assert.equal(tree.words.length, tree.above.length);
  assert.equal(tree.words[0], 'tench,Tinca tinca,n01440764');
  assert.deepEqual(table.find('entity').outputs, range(0, 999));
  assert.ok(tree.above.slice(0, 1000).every((above) => above.length > 0));
  // No output is a kind of another one.
  assert.ok(tree.above.flat().every((place) => place >= 1000));
});

test('dog and bird are ImageNet’s: 118 dogs, 59 birds', () => {
  // ImageNet lists the domestic dogs one after another, from Chihuahua to Mexican hairless; birds are in two runs.
  assert.deepEqual(tied(['dog'])[0], range(151, 268));
  assert.deepEqual(tied(['bird'])[0], [...range(7, 24), ...range(80, 100), ...range(127, 146)]);
  const [bird, dog] = tied(['bird', 'dog']);
  for (const name of ['Bullmastiff', 'Great Dane']) assert.ok(dog.includes(labels.indexOf(name)), name);
  for (const name of ['goose', 'bald eagle']) assert.ok(bird.includes(labels.indexOf(name)), name);
  assert.deepEqual(named('lion', 'red fox', 'grey wolf', 'dingo').filter((output) => dog.includes(output)), []);
});

test('singular and plural, capitals, spaces, underscores and synset ids mean the same', () => {
  const dogs = tied(['dog'])[0];
  for (const name of ['dogs', 'Dogs', 'DOG', ' dog ', 'domestic_dog', 'Domestic Dogs', 'canis-familiaris', 'n02084071']) assert.deepEqual(tied([name])[0], dogs, name);
  assert.deepEqual(tied(['geese'])[0], named('goose'));
  assert.deepEqual(tied(['wolves'])[0], tied(['wolf'])[0]);
  assert.deepEqual(tied(['butterflies'])[0], range(321, 326));
  assert.deepEqual(tied(['fishes'])[0], tied(['fish'])[0]);
  assert.deepEqual(tied(['fish'])[0], [...range(0, 6), ...range(389, 397)]);
  assert.deepEqual(tied(['great_white_sharks'])[0], named('great white shark'));
});

test('a word of several meanings is the most used one, and the others are known', () => {
  assert.deepEqual(tied(['car'])[0].map((output) => labels[output]).filter((label) => /railroad|freight/.test(label)), []);
  assert.ok(tied(['car'])[0].includes(labels.indexOf('sports car')));
  assert.deepEqual(kinds('car').others, named('freight car', 'railroad car'));
  assert.deepEqual(kinds('dog').others, []);
});

test('the narrower of two classes has what both could have', () => {
  const [animal, dog, dane] = tied(['animal', 'dog', 'Great Dane']);
  const great = labels.indexOf('Great Dane');
  assert.deepEqual(dane, [great]);
  assert.deepEqual(dog, range(151, 268).filter((output) => output !== great));
  assert.ok(!animal.some((output) => dog.includes(output)) && animal.includes(labels.indexOf('goose')));
  // What the visitor says of one goes before what the other's name says; a label that is the name stays.
  const [all, mine] = tied(['dog', 'mine'], { mine: [151, 999] });
  assert.deepEqual([all, mine], [range(152, 268), [151, 999]]);
  assert.deepEqual(tied(['goose', 'bird'])[0], named('goose'));
});

test('what no output is a kind of stays untied, until somebody says that there is none', () => {
  assert.deepEqual(tied(['unicorn', 'class 1', '']), [[], [], []]);
  assert.deepEqual(untiedNames(['dog', 'unicorn', 'none'], { none: [] }, ['dog', 'cat']), ['unicorn']);
});

test('only ImageNet’s labels in its order have superclasses; with a background before them they are one further', () => {
  assert.equal(superclassesOf([...labels].reverse(), table), null);
  assert.equal(superclassesOf(labels.slice(1), table), null);
  assert.equal(superclassesOf([], table), null);
  const words = tree.words.slice(0, 1000).map((list) => list.split(',')[0].replaceAll(' ', '_'));
  assert.deepEqual(superclassesOf(words, table)('dog').outputs, range(151, 268));
  assert.deepEqual(superclassesOf(['background', ...labels], table)('dog').outputs, range(152, 269));
  assert.deepEqual(tiedOutputs(['dog'], {}, ['dog', 'cat'], superclassesOf(['dog', 'cat'], table)), [[0]]);
});

test('it is small', async () => {
  const { gzipSync } = await import('node:zlib');
  assert.ok(gzipSync(readFileSync(new URL('../../models/imagenet-tree.json', import.meta.url)), { level: 9 }).length < 40_000);
});
