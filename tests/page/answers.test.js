// The answers to the questions about classes, each in a sentence that follows from the results.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { classesAnswer, tellingMap } from '../../www/questions/classes/answer.js';
import { everywhereAnswer, standing } from '../../www/questions/everywhere/answer.js';
import { uniqueAnswer } from '../../www/questions/unique/answer.js';
import { detection, mistakesOf, verdict } from '../../www/questions/unique/detector.js';
import { strongestPlaces } from '../../www/classes/strongest.js';

const maps = (...counted) => counted.map(([map, count]) => ({ map, count }));
const fish = { name: 'fish', maps: maps([274, 18], [492, 16]), removed: [] };
const tools = { name: 'tools', maps: maps([267, 28]), removed: [] };
const images = new Map([['fish', 20], ['tools', 40]]);

test('Classes names the map that comes up in the largest part of its class', () => {
  assert.deepEqual(tellingMap([fish, tools], images), { name: 'fish', map: 274, count: 18, total: 20 });
  assert.equal(
    classesAnswer({ title: '', control: null, classMaps: [fish, tools] }, images, 25),
    'Map 274 is the map of fish: it is among the 25 strongest in 18 of 20 images of fish, and in no other class’s list.',
  );
  // Alone it is compared with nothing.
  assert.match(classesAnswer({ title: '', control: null, classMaps: [fish] }, images, 1), /among the strongest in 18 of 20 images of fish\.$/);
  assert.match(classesAnswer({ title: '', control: null, classMaps: [{ ...fish, maps: [] }] }, images, 25), /^No class has a map of its own/);
  assert.match(classesAnswer({ title: 'Net, random maps', control: 'maps', classMaps: [fish] }, images, 25), /“Net, random maps” is a check/);
});

test('Everywhere counts the class among the images on which the map fires hardest', () => {
  assert.deepEqual(standing([9, 8, 1], [2, 1, 0, 1]), { images: 3, first: 2, times: 6 });
  // What fires nowhere finds nothing, and of equal images none stands before another.
  assert.deepEqual(standing([0, 0], [0, 0]), { images: 2, first: 0, times: null });
  assert.equal(
    everywhereAnswer([274], 'fish', { own: [9, 8, 1], others: [2, 1, 0, 1] }),
    'Map 274 fires 6 times as hard on images of fish as on the others: of the 3 images it fires hardest on, 2 are of fish.',
  );
  assert.match(everywhereAnswer([1, 2], 'fish', { own: [3], others: [0] }), /^2 maps of fish together: of the 1 image they fire hardest on, 1 is of fish\.$/);
  assert.equal(everywhereAnswer([274], 'fish', { own: [3, 0], others: [] }), 'Map 274 fires in 1 of 2 images of fish.');
});

/** Images of two classes with these sums. */
function found(own, others) {
  const sums = new Map([...own, ...others].map((sum) => [{ name: `${sum}` }, sum]));
  const files = [...sums.keys()];
  const classes = [{ name: 'fish', images: files.slice(0, own.length) }, { name: 'tools', images: files.slice(own.length) }];
  return detection({ name: 'fish', maps: [1, 2], classes, sumOf: (file) => sums.get(file), headSays: () => false, seed: 1 });
}

test('Unique counts alarms on the images that did not choose the line, or on all where it was put by hand', () => {
  const detected = found([9, 8, 7, 2], [1, 3, 2.5, 0]);
  const byHand = verdict(detected, 2.2);
  assert.equal(uniqueAnswer(detected, byHand, true), 'With the 2 maps of fish as an alarm, 3 of 4 images of fish raise it, and 2 of 4 others.');
  assert.deepEqual(Object.values(mistakesOf(byHand)).map((points) => points.map(({ sum }) => sum)), [[2], [3, 2.5]]);
  assert.match(uniqueAnswer(detected, verdict(detected, null), false), /^With the 2 maps of fish as an alarm, \d of 2 images of fish raises? it, and (none|\d) of 2 others\. Another 4 chose where the line lies\.$/);
  const alone = found([9, 8], []);
  assert.match(uniqueAnswer(alone, verdict(alone, null), false), /needs test images of fish and of another class/);
  assert.equal(uniqueAnswer({ ...detected, maps: [] }, byHand, true), '');
});

test('a map’s pictures are the images in which it has its largest values, and none where it does not fire', () => {
  const seen = ['a', 'b', 'c', 'd'].map((file, place) => ({ file, place }));
  const over = { maxima: [1, 5, 0, 3], peaks: [4, 7, 0, 2] };
  assert.deepEqual(strongestPlaces(over, seen, 2), [{ file: 'b', peak: 7, maximum: 5 }, { file: 'd', peak: 2, maximum: 3 }]);
  assert.equal(strongestPlaces(over, seen, 9).length, 3);
});
