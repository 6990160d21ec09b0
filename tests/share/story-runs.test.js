// Links that name the story's pictures by their places.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { validate } from '../../www/share/finding.js';
import { fromFragment, toFragment } from '../../www/share/link.js';
import { isStoryName, storyName } from '../../www/classes/bundled-names.js';
import { CLASS_PHOTOS } from '../../www/share/class-photos.js';
import { exampleName } from '../../www/classes/examples.js';
import { expanded, shortened } from '../../www/share/story-runs.js';
import { samples } from './samples.js';

const list = JSON.parse(readFileSync(new URL('../../models/story/pictures.json', import.meta.url), 'utf8'));
const bundled = (name) => ({ kind: 'bundled', name, erased: [] });

/** The story's finding: three classes of photos as sources, three of x-rays as targets, and the first knife as the photo. */
function story() {
  const pictures = list.filter(({ style }) => style !== 'riddle');
  const images = pictures.map(({ file }) => bundled(storyName(file.slice('pictures/'.length))));
  const classes = ['knife', 'gun', 'harmless'].flatMap((name) => ['photo', 'xray'].map((style) => ({
    name, role: style === 'photo' ? 'source' : 'target', outputs: name === 'harmless' ? [] : null,
    images: pictures.flatMap((picture, index) => (picture.class === name && picture.style === style ? [index] : [])),
  })));
  const claimed = ['knife', 'gun', 'harmless'].map((name, place) => ({ name, maps: Array.from({ length: 6 }, (_, map) => map * 5 + place), counts: [20, 19, 17, 15, 12, 11] }));
  const base = Object.values(samples)[0];
  return validate({ ...base, model: { kind: 'bundled', name: 'story-plain' }, images, photo: 0, comparison: null, classes, n1: 10, n2: 10, question: 'everywhere', subject: { name: 'knife', maps: [] },
    claim: { ...base.claim, classes: claimed } });
}

/** The names of each class's pictures. */
const named = ({ images, classes }) => classes.map(({ name, role, images: indices }) => [name, role, ...indices.map((index) => images[index].name).sort()]);

test('every picture of the story has a name that a finding can hold', () => {
  const names = list.map(({ file }) => storyName(file.slice('pictures/'.length)));
  assert.equal(new Set(names).size, list.length);
  assert.ok(names.every((name) => isStoryName(name) && /^[\w.-]{1,100}$/.test(name)));
});

test('180 pictures are six references in a link, and come back each by itself', () => {
  const finding = story();
  assert.equal(finding.images.length, 180);
  const short = shortened(finding);
  assert.equal(short.images.length, 7);
  const back = fromFragment(toFragment(finding));
  assert.deepEqual(named(back), named(finding));
  assert.deepEqual(back.images[back.photo], finding.images[0]);
  const { images: _images, classes: _classes, photo: _photo, ...rest } = finding;
  for (const [key, value] of Object.entries(rest)) assert.deepEqual(back[key], value, key);
  const link = `https://example.org/featurescope/${toFragment(finding)}`;
  assert.ok(link.length <= 600, `${link.length} characters`);
});

test('a class that is no whole run is named picture by picture', () => {
  const finding = story();
  finding.classes[0].images = finding.classes[0].images.filter((_, place) => place !== 3);
  const short = shortened(finding);
  assert.equal(short.images.filter(({ kind }) => kind === 'story').length, 5);
  const back = fromFragment(toFragment(finding));
  assert.deepEqual(named(back), named(finding));
  // What nothing refers to any more is left out.
  assert.equal(back.images.length, 179);
});

test('with parts erased a picture is one of its own', () => {
  const finding = story();
  finding.images.push({ ...finding.images[0], erased: [{ radius: 3, points: [[1, 2]] }] });
  finding.photo = 180;
  const back = fromFragment(toFragment(finding));
  assert.deepEqual(back.images[back.photo].erased, [{ radius: 3, points: [[1, 2]] }]);
  assert.equal(back.images.length, 181);
});

test('findings without numbered pictures are written as ever', () => {
  for (const [name, finding] of Object.entries(samples)) if (name !== 'photos') assert.equal(shortened(finding), finding);
});

test('a class with a picture that is not there is refused, and never another picture in its place', () => {
  const dangling = story();
  dangling.classes[0].images[0] = dangling.images.length;
  assert.throws(() => toFragment(dangling), { code: 'bad-finding' });
  const missing = story();
  delete missing.images[missing.classes[0].images[1]];
  assert.throws(() => toFragment(missing), { code: 'bad-finding' });
});

test('runs that stand for too much, or for one image where many are named, are refused', () => {
  const short = shortened(story());
  const many = { ...short, images: Array.from({ length: 30 }, () => ({ kind: 'story', group: 'photo.knife', first: 0, count: 100 })) };
  assert.throws(() => expanded(many));
  const run = short.images.findIndex(({ kind }) => kind === 'story');
  assert.throws(() => expanded({ ...short, photo: run }));
  assert.throws(() => expanded({ ...short, classes: [{ ...short.classes[0], images: [99] }] }));
});

test('the photos in classes are one reference a class, and come back in their order', () => {
  const { photos } = JSON.parse(readFileSync(new URL('../../models/photos/classes.json', import.meta.url), 'utf8'));
  assert.equal(photos.length, 93);
  // Links that were made name them by these places, so what is listed may only grow at its end.
  for (const [name, names] of Object.entries(CLASS_PHOTOS)) assert.deepEqual(names, photos.flatMap((photo) => (photo.class === name ? [exampleName(photo.file)] : [])));
  assert.throws(() => expanded({ ...samples.look, images: [{ kind: 'class', group: 'fish', first: 20, count: 30 }], photo: null, classes: [] }));
  assert.throws(() => expanded({ ...samples.look, images: [{ kind: 'class', group: 'constructor', first: 0, count: 1 }], photo: null, classes: [] }));
  const images = photos.map(({ file }) => bundled(exampleName(file)));
  const classes = ['fish', 'monuments', 'tools'].map((name) => ({ name, role: 'both', outputs: null, images: photos.flatMap((photo, index) => (photo.class === name ? [index] : [])) }));
  const base = Object.values(samples)[0];
  const claimed = classes.map(({ name }, place) => ({ name, maps: Array.from({ length: 10 }, (_, map) => map * 47 + place), counts: [28, 27, 26, 22, 19, 17, 15, 12, 11, 9] }));
  const finding = validate({ ...base, images, photo: 3, comparison: null, classes, question: 'classes', claim: { ...base.claim, classes: claimed } });
  assert.deepEqual(shortened(finding).images.map(({ kind }) => kind), ['bundled', 'class', 'class', 'class']);
  const back = fromFragment(toFragment(finding));
  const each = (one) => one.classes.map(({ images: indices }) => indices.map((index) => one.images[index].name));
  assert.deepEqual(each(back), each(finding));
  assert.equal(back.images[back.photo].name, images[3].name);
  assert.ok(toFragment(finding).length < 560, `${toFragment(finding).length} characters and the address of the page`);
});
