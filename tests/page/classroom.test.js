import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CHOICES, answersFile, mapsToChooseFrom, strongestOf } from '../../www/classroom/rounds.js';

/** A look as a round needs it, from the means of its maps. */
function look(means) {
  const ranking = means.map((mean, map) => ({ map, mean })).sort((one, other) => other.mean - one.mean || one.map - other.map);
  return { means: Float32Array.from(means), top: (count) => ranking.slice(0, count) };
}

const cat = look([9, 8, 7, 0, 0, 0, 1, 0]);
const cup = look([9, 0, 0, 6, 5, 0, 0, 0]);
const rocket = look([0, 0, 0, 0, 0, 4, 0, 0]);

test('the maps to choose from fire on something, none comes twice, and the asked photo’s strongest is among them', () => {
  const maps = mapsToChooseFrom([cat, cup, rocket], 1, 1);
  assert.equal(maps.length, CHOICES);
  assert.equal(new Set(maps).size, CHOICES);
  assert.ok(!maps.includes(7));
  assert.ok(maps.includes(0) && maps.includes(3) && maps.includes(5));
});

test('the same seed asks the same, and the order does not give the answer away', () => {
  assert.deepEqual(mapsToChooseFrom([cat, cup, rocket], 0, 7), mapsToChooseFrom([cat, cup, rocket], 0, 7));
  const firsts = new Set(Array.from({ length: 30 }, (_, seed) => mapsToChooseFrom([cat, cup, rocket], 0, seed)[0]));
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
