// What a finding says of the questions about classes: a selection from the state, whose application gives the same state.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createState } from '../../www/page/state.js';
import { ALL } from '../../www/questions/everywhere/choices.js';
import { choicesOf, pressedMaps, shownClasses, shownMaps, withImages, withMapsOf, withModel } from '../../www/questions/everywhere/selection.js';
import { shownSum, summedMaps, thresholdOf, withThreshold } from '../../www/questions/unique/selection.js';
import { classViewOf, showClassView } from '../../www/share/class-view.js';

const model = { title: 'own' };
const study = (id, owned, more = {}) => ({ id, owned, randomised: false, layer: 'a', options: {}, model: owned ? {} : model, ...more });
const maps = (...numbers) => numbers.map((map) => ({ map, count: 1 }));

/** A workbench with classes cat and dog, and what some studies found. */
function bench({ studies = [study(1, false)], controls = [null] } = {}) {
  const classMaps = [{ name: 'cat', maps: maps(5, 7), removed: [] }, { name: 'dog', maps: maps(8, 9), removed: [] }];
  const names = ['cat', 'dog'].map((name) => ({ name, images: [{}] }));
  return {
    studies,
    study: studies.find(({ owned }) => !owned) ?? null,
    models: studies.filter(({ randomised }) => !randomised),
    collection: { sources: () => names, targets: () => names },
    results: studies.flatMap((one) => controls.map((control) => ({ key: `${one.id} ${control}`, title: '', study: one, control, classMaps }))),
  };
}

/** The state after some changes, as the page looks where the images were looked at. */
const after = (...changes) => Object.assign(createState(), { look: { layer: 'a' } }, ...changes);

test('what nobody has chosen is not in a finding', () => {
  assert.deepEqual(classViewOf(after(), bench()), { question: 'classes', subject: { name: null, maps: [] }, threshold: null, arrangement: {} });
  const everywhere = classViewOf(after({ question: 'everywhere' }), bench());
  // Over the images of all classes lies the class's first map; links in which neither is named were made when all maps lay over the first class.
  assert.deepEqual([everywhere.subject, everywhere.arrangement], [{ name: 'cat', maps: [5] }, { images: null }]);
  const unique = classViewOf(after({ question: 'unique' }), bench());
  assert.deepEqual([unique.subject, unique.threshold, unique.arrangement], [{ name: 'cat', maps: [] }, null, {}]);
});

test('everything that is chosen is in a finding, and comes back from it', () => {
  const two = bench({ studies: [study(1, false), study(2, true)] });
  const { everywhere, unique } = createState();
  const chosen = [
    { question: 'everywhere', everywhere: { ...everywhere, images: 'dog', mapsOf: 'dog', order: 'weakest', models: { 'own null': { maps: [9], cell: { truth: 'dog', said: null } } } } },
    { question: 'everywhere', everywhere: { ...everywhere, images: ALL, mapsOf: 'cat', order: 'name', models: { 'own null': { maps: [], cell: { truth: 'cat', said: 'dog' } } } } },
    { question: 'unique', unique: { ...unique, mapsOf: 'dog', ownScale: true, thresholds: { '["own null","dog",[8,9]]': 3, '["2 null","dog",[8,9]]': 4 } } },
    { question: 'unique', unique: { ...unique, mapsOf: 'dog', map: 9, mapsFrom: 'own null', ownScale: false } },
  ];
  const views = chosen.map((change) => classViewOf(after(change), two));
  assert.deepEqual(views.map(({ subject }) => subject), [{ name: 'dog', maps: [9] }, { name: 'cat', maps: [] }, { name: 'dog', maps: [] }, { name: 'dog', maps: [9] }]);
  assert.deepEqual(views.map(({ arrangement }) => arrangement), [
    { images: 'dog', order: 'weakest', cell: [1, 2] }, { images: null, order: 'name', cell: [0, 1] }, { ownScale: true, thresholds: [4] }, { mapsFrom: 0 },
  ]);
  assert.equal(views[2].threshold, 3);
  for (const [place, view] of views.entries()) {
    // The other model has another number by then.
    const again = bench({ studies: [study(7, false), study(8, true)] });
    const state = after(showClassView(view, createState(), again, model));
    assert.deepEqual(classViewOf(state, again), view, String(place));
  }
});

test('the listed model and the framed class come back, and maps of another model are framed in no grid', () => {
  const two = bench({ studies: [study(1, false), study(2, true)] });
  const state = after({ classes: { ...createState().classes, listed: '2 null' }, framed: { name: 'dog', label: 'dog', layer: '', maps: [8, 9] } });
  const view = classViewOf(state, two);
  assert.deepEqual(view.arrangement, { framed: 'dog', model: 1 });
  const change = showClassView(view, createState(), two, model);
  assert.deepEqual(change.classes.listed, '2 null');
  assert.deepEqual(change.framed, { name: 'dog', label: 'dog', layer: '', maps: [8, 9] });
  assert.equal(showClassView({ ...view, arrangement: {} }, createState(), two, model).framed.layer, 'a');
});

test('a line that a link has comes back also where nothing was found yet, and goes with the first move', () => {
  const nothing = { ...bench(), results: [] };
  const { unique } = showClassView({ question: 'unique', subject: { name: 'cat', maps: [] }, threshold: 3, arrangement: {} }, createState(), nothing, model);
  const [result] = bench().results;
  const sum = { name: 'cat', maps: [5, 7] };
  assert.equal(thresholdOf(unique, result, sum), 3);
  const moved = { ...unique, ...withThreshold(unique, result, sum, 4) };
  assert.equal(thresholdOf(moved, result, sum), 4);
  assert.equal(thresholdOf(moved, result, { name: 'dog', maps: [8, 9] }), null);
  const back = { ...moved, ...withThreshold(moved, result, sum, null) };
  assert.equal(thresholdOf(back, result, sum), null);
});

test('a class that is gone gives way to the first, and other images or maps leave no cell or map chosen', () => {
  const { everywhere } = createState();
  const names = { targets: ['a', 'b'], sources: ['b'] };
  assert.deepEqual(shownClasses({ ...everywhere, images: 'gone', mapsOf: 'gone' }, names), { images: 'a', mapsOf: 'b' });
  assert.deepEqual(shownClasses({ ...everywhere, images: ALL }, names).images, ALL);
  assert.deepEqual(shownClasses(everywhere, { targets: [], sources: [] }), { images: ALL, mapsOf: '' });
  const chosen = { ...everywhere, ...withModel(everywhere, 'own null', { maps: [1], cell: { truth: 'a', said: null } }) };
  assert.deepEqual(withImages(chosen, 'b'), { images: 'b', models: { 'own null': { maps: [1], cell: null } } });
  assert.deepEqual(withMapsOf(chosen, 'b'), { mapsOf: 'b', models: { 'own null': { maps: null, cell: { truth: 'a', said: null } } } });
});

test('a link from before names neither all classes nor the first map, and shows what it showed', () => {
  const two = bench({ studies: [study(1, false), study(2, true)] });
  const { everywhere } = showClassView({ question: 'everywhere', subject: { name: 'cat', maps: [] }, threshold: null, arrangement: {} }, createState(), two, model);
  assert.equal(shownClasses(everywhere, { targets: ['cat', 'dog'], sources: ['cat', 'dog'] }).images, 'cat');
  for (const key of ['own null', '2 null']) assert.deepEqual(shownMaps([5, 7], choicesOf(everywhere, key).maps), [5, 7]);
  const { unique } = showClassView({ question: 'unique', subject: { name: 'cat', maps: [] }, threshold: null, arrangement: {} }, createState(), two, model);
  assert.equal(unique.ownScale, false);
});

test('a map that is pressed takes the place of the one before, or comes to those in the sum', () => {
  const own = [5, 7, 9];
  assert.deepEqual(shownMaps(own, null), [5]);
  assert.deepEqual(shownMaps(own, []), own);
  assert.deepEqual(shownMaps(own, [7, 4]), [7]);
  // A map of another class is none of this one's.
  assert.deepEqual(shownMaps(own, [4]), [5]);
  assert.deepEqual(pressedMaps(own, null, { map: 9, several: false }), [9]);
  assert.deepEqual(pressedMaps(own, null, { map: 9, several: true }), [5, 9]);
  assert.deepEqual(pressedMaps(own, [], { map: 9, several: true }), [5, 7]);
  assert.equal(pressedMaps(own, [9], { map: 9, several: true }), null);
});

test('a single map is the first model’s; another model, or a control, has the one in its place', () => {
  const [result, control] = bench({ controls: [null, 'maps'] }).results;
  const results = [result, { ...control, classMaps: [{ name: 'cat', maps: maps(1, 2), removed: [] }] }];
  const choices = { mapsOf: null, map: 7, mapsFrom: null };
  const sum = shownSum(choices, { sources: ['cat'], results });
  assert.deepEqual(sum, { name: 'cat', map: 7, offered: [5, 7], from: null });
  assert.deepEqual(results.map((one) => summedMaps(one, sum)), [[7], [2]]);
  assert.equal(shownSum({ ...choices, mapsOf: 'cat', map: 6 }, { sources: ['cat'], results }).map, null);
});

test('a further model is asked with another one’s maps where it has as many; the page’s own and controls keep theirs', () => {
  const studies = [study(1, false, { channels: 8 }), study(2, true, { channels: 8 }), study(3, true, { channels: 4 })];
  const results = bench({ studies, controls: [null, 'maps'] }).results.map((result, place) => ({ ...result, classMaps: [{ name: 'cat', maps: maps(place, 10 + place), removed: [] }] }));
  const from = (mapsFrom, map = null) => {
    const sum = shownSum({ mapsOf: 'cat', map, mapsFrom }, { sources: ['cat'], results });
    return results.map((result) => summedMaps(result, sum));
  };
  assert.deepEqual(from(null), [[0, 10], [1, 11], [2, 12], [3, 13], [4, 14], [5, 15]]);
  assert.deepEqual(from('own null'), [[0, 10], [1, 11], [0, 10], [3, 13], [4, 14], [5, 15]]);
  assert.deepEqual(from('own null', 10), [[10], [11], [10], [13], [14], [15]]);
  assert.deepEqual(from('2 null'), from(null));
  assert.deepEqual(from('gone null'), from(null));
});
