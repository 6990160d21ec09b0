import assert from 'node:assert/strict';
import { test } from 'node:test';

import { overlaps } from '../../www/questions/classes/overlaps.js';

const own = (...maps) => maps.map((map) => ({ map, count: 1 }));
const shared = (map, ...alsoIn) => ({ map, count: 1, alsoIn });

test('a shared map counts once for the combination of classes that share it, in the order of the classes', () => {
  const sets = overlaps([
    { name: 'cat', maps: own(1, 4), removed: [shared(2, 'dog'), shared(3, 'dog', 'cup')] },
    { name: 'dog', maps: own(5, 6, 7), removed: [shared(2, 'cat'), shared(3, 'cat', 'cup')] },
    { name: 'cup', maps: [], removed: [shared(3, 'cat', 'dog')] },
  ]);
  assert.deepEqual(sets, [
    { classes: ['dog'], count: 3 }, { classes: ['cat'], count: 2 },
    { classes: ['cat', 'dog'], count: 1 }, { classes: ['cat', 'dog', 'cup'], count: 1 },
  ]);
});

test('the golden example: one map each, and one shared', () => {
  const sets = overlaps([{ name: 'cat', maps: own(4), removed: [shared(1, 'dog')] }, { name: 'dog', maps: own(10), removed: [shared(1, 'cat')] }]);
  assert.deepEqual(sets, [{ classes: ['cat'], count: 1 }, { classes: ['dog'], count: 1 }, { classes: ['cat', 'dog'], count: 1 }]);
  assert.deepEqual(overlaps([]), []);
  assert.deepEqual(overlaps([{ name: 'a + b', maps: own(1), removed: [] }, { name: 'a', maps: [], removed: [shared(2, 'b')] }, { name: 'b', maps: [], removed: [shared(2, 'a')] }]),
    [{ classes: ['a + b'], count: 1 }, { classes: ['a', 'b'], count: 1 }]);
});
