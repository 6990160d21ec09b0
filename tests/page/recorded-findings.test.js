// What was recorded of the photos that come with the page stands in for what the network will find in them, and in nothing else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { bundledNames } from '../../www/classes/bundled-names.js';
import { Collection } from '../../www/classes/collection.js';
import { exampleName } from '../../www/classes/examples.js';
import { areRecorded, recordedStudy } from '../../www/classes/recorded-findings.js';
import { MAPS } from '../../www/questions/classes/choices.js';

const models = new URL('../../models/', import.meta.url);
const recorded = JSON.parse(readFileSync(new URL('maps/squeezenet1.1/classes.json', models), 'utf8'));
const { classes, photos } = JSON.parse(readFileSync(new URL('photos/classes.json', models), 'utf8'));

/** The examples as the page has them. */
function examples() {
  const collection = new Collection();
  for (const { name } of classes) {
    collection.add(name, photos.filter((photo) => photo.class === name).map(({ file }) => {
      const image = { name: file.split('/').at(-1), size: 1, lastModified: 0 };
      bundledNames.set(image, exampleName(file));
      return image;
    }));
  }
  return collection;
}

test('the recording is of all photos and of every map in a list, with the numbers that the page opens with', () => {
  assert.deepEqual(recorded.photos, photos.map(({ file }) => file));
  assert.deepEqual(recorded.classMaps.map(({ name }) => name), classes.map(({ name }) => name));
  assert.deepEqual([recorded.perImage, recorded.perClass], [MAPS, MAPS]);
  assert.equal(recorded.said.length, photos.length);
  for (const { maps, removed } of recorded.classMaps) {
    for (const { map } of [...maps, ...removed])
      for (const kind of ['means', 'maxima', 'peaks']) assert.equal(recorded.over[map][kind].length, photos.length);
  }
});

test('it stands for these photos in these classes alone', () => {
  assert.equal(areRecorded(recorded, examples()), true);
  const changes = [
    ({ columns: [{ images }] }) => images.pop(),
    (collection) => collection.rename(collection.columns[0].id, 'fishes'),
    (collection) => collection.setRole(collection.columns[0].id, 'source'),
    (collection) => collection.moveImage(collection.columns[0].id, collection.columns[1].id, collection.columns[0].images[0]),
    (collection) => collection.add('more', [{ name: 'own.jpg', size: 2, lastModified: 0 }]),
    ({ columns: [{ images }] }) => (images[0] = { name: images[0].name, size: 2, lastModified: 0 }),
  ];
  for (const change of changes) {
    const collection = examples();
    change(collection);
    assert.equal(areRecorded(recorded, collection), false, String(change));
  }
});

test('the study that stands in answers as one that has looked', async () => {
  const collection = examples();
  const model = { title: 'A model', recipe: recorded.recipe, layers: [] };
  const study = recordedStudy(recorded, model, collection);
  assert.equal(study.places.size, photos.length);
  assert.equal(collection.images().every((image) => photos[study.places.get(image)].file.endsWith(`/${image.name}`)), true);
  const [{ maps: [one, other] }] = await study.classMaps();
  const sums = await study.sums([one.map, other.map]);
  const means = await Promise.all([one, other].map(async ({ map }) => (await study.map(map)).means));
  assert.equal(sums.length, photos.length);
  sums.forEach((sum, place) => assert.ok(Math.abs(sum - means[0][place] - means[1][place]) < 1e-4 * (1 + sum)));
});
