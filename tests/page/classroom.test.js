import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CHOICES, answersFile, mapsToChooseFrom, strongestOf } from '../../www/classroom/rounds.js';

/** A look as a round needs it, from the means of its maps, each of which has its largest value at three times its mean. */
function look(means) {
  return {
    means: Float32Array.from(means),
    maxima: Float32Array.from(means, (mean) => 3 * mean),
    dead: Uint8Array.from(means, (mean) => Number(mean <= 0)),
  };
}

const cat = look([9, 8, 7, 0, 0, 0, 1, 0]);
const cup = look([9, 0, 0, 6, 5, 0, 0, 0]);
const rocket = look([0, 0, 0, 0, 0, 4, 0, 0]);

/** Maps that are all as strong on the other photos, of which one after the other is the strongest on the first; and some that are no good hint. */
const EVEN = Array.from({ length: 20 }, () => 5);
const asked = look([...EVEN.map((_, map) => (map === 7 ? 9 : map === 3 ? 8 : map === 11 ? 0.1 : 2)), 30, 20]);
const others = [look([...EVEN, 0, 90]), look([...EVEN, 5, 1])];

test('one of the maps is strong on the photo in question, and none comes twice', () => {
  const maps = mapsToChooseFrom([asked, ...others], 0, 1);
  assert.equal(maps.length, CHOICES);
  assert.equal(new Set(maps).size, CHOICES);
  assert.equal(strongestOf(asked, maps), 7);
});

test('no hint is empty: a map that is dead or hardly to be seen on another photo is not asked for, however strong', () => {
  for (let round = 0; round < 30; round++) {
    const maps = mapsToChooseFrom([asked, ...others], 0, round);
    // 20 is dead on one of them; of 21 the second photo would show a ninetieth of its strength.
    assert.ok(!maps.includes(20) && !maps.includes(21), String(maps));
  }
});

test('the others are as strong on the other photos, and clearly weaker on this one', () => {
  const weak = look([...asked.means.slice(0, 20), 1, 1, 1]);
  const references = [look([...EVEN.map((value, map) => (map < 12 ? value : 50)), 5, 5, 5]), look([...EVEN, 5, 5, 5])];
  const maps = mapsToChooseFrom([weak, ...references], 0, 0);
  const right = strongestOf(weak, maps);
  assert.equal(right, 7);
  for (const map of maps.filter((one) => one !== right)) {
    assert.ok(map < 12 || map >= 20, `map ${map} is ten times as strong as the right one where it is a hint`);
    assert.ok(weak.means[map] <= 0.6 * weak.means[right], `map ${map} might be right as well`);
  }
});

test('with each turn through the photos the right map is the next one', () => {
  const rights = [0, 3, 6].map((round) => strongestOf(asked, mapsToChooseFrom([asked, ...others], 0, round)));
  assert.deepEqual(rights.slice(0, 2), [7, 3]);
});

test('the same round asks the same, and the order does not give the answer away', () => {
  assert.deepEqual(mapsToChooseFrom([asked, ...others], 0, 7), mapsToChooseFrom([asked, ...others], 0, 7));
  const firsts = new Set(Array.from({ length: 30 }, (_, seed) => mapsToChooseFrom([asked, ...others], 0, seed)[0]));
  assert.ok(firsts.size > 3);
});

test('where few maps fire there are few to choose from', () => {
  assert.deepEqual(mapsToChooseFrom([rocket, rocket], 0, 1), [5]);
});

test('the strongest has the largest mean; of equal ones it is the lower map', () => {
  assert.equal(strongestOf(cup, [4, 3, 5]), 3);
  assert.equal(strongestOf(cat, [5, 4, 3]), 3);
});

test('the file counts what was right', () => {
  const { name, right, answers } = answersFile('group 3', [{ right: true }, { right: false }, { right: true }]);
  assert.deepEqual([name, right, answers.length], ['group 3', 2, 3]);
});
