import assert from 'node:assert/strict';
import { test } from 'node:test';

import { headAnswers } from '../../www/classes/head.js';

test('an output of several classes stands for the first of them, and one of none for no class', () => {
  const said = { a: 7, b: 8, c: 9, d: -1 };
  const study = { saidOf: (file) => said[file] };
  const workbench = { outputs: () => [[7, 8], [8], []] };
  const answer = headAnswers(workbench, study, ['cat', 'pet', 'cup']);
  assert.deepEqual(Object.keys(said).map(answer), ['cat', 'cat', null, null]);
});
