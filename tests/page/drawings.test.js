// Drawings from their beginning to their end, on the card and on walls, and which of them show.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createState, createStore } from '../../www/page/state.js';
import * as changes from '../../www/questions/draw/changes.js';
import { LARGEST_SEED, PRESETS, inPreset, seedOf } from '../../www/questions/draw/choices.js';
import { begun, ended, finished, isFinal, lookedBack, shownStage, stepped, withoutPast } from '../../www/questions/draw/drawn.js';
import { draw } from '../../www/questions/draw/draw.js';
import { sentenceOf } from '../../www/questions/draw/sentence.js';
import { shownDrawings } from '../../www/questions/draw/selection.js';

const image = (width) => ({ width, height: width, data: new Uint8ClampedArray(4 * width * width) });
const drawing = (means = [1, 4]) => ({
  image: image(9), activations: Float32Array.from(means), sizes: Uint32Array.of(9), sizing: 'asked', cured: 0, saturated: 0, lost: 0, grey: false,
});
const how = { layer: 'conv', map: 3, settings: PRESETS.article, seed: 1, article: false };
const step = (done, picture) => ({ stage: 'run', done, total: 20, activation: done, ...(picture ? { image: picture } : {}) });

function page(change = {}) {
  const model = { title: 'net', bytes: 9, recipe: { size: 8 } };
  return createStore({ ...createState(), look: { layer: 'conv' }, model, openMap: 3, ...change }, () => {});
}

test('a drawing grows by its steps, and shows its newest picture unless somebody looks back', () => {
  let drawn = begun(how);
  assert.equal(shownStage(drawn), null);
  drawn = stepped(drawn, { stage: 'setup', done: 0 });
  assert.equal(sentenceOf(drawn), 'Preparing the backward pass…');
  drawn = stepped(stepped(stepped(drawn, step(1, image(4))), step(2)), step(3, image(5)));
  assert.deepEqual([drawn.activations, drawn.stages.map(({ step: at }) => at), drawn.shown], [[1, 2, 3], [0, 2], 1]);
  assert.match(sentenceOf(drawn), /^Step 3 of 20/);
  drawn = lookedBack(drawn, 0);
  drawn = stepped(drawn, step(4, image(6)));
  assert.equal(shownStage(drawn)?.image.width, 4, 'who looks back is not torn forward');
  assert.equal(lookedBack(drawn, 99).shown, 2);
  drawn = finished(lookedBack(drawn, 2), drawing());
  assert.deepEqual([drawn.shown, shownStage(drawn)?.step, isFinal(drawn), isFinal(lookedBack(drawn, 0))], [3, 2, true, false]);
  assert.match(sentenceOf(drawn), /^Map 3: mean 1 at the start, 4 at the end/);
});

test('a drawing that is stopped says so where there is something to see, and is not the one that its settings make', () => {
  const early = ended(begun(how), 'stopped');
  const later = ended(stepped(begun(how), step(1, image(4))), 'stopped');
  assert.deepEqual([sentenceOf(early), sentenceOf(null), sentenceOf(ended(later, 'failed'))], ['', '', '']);
  assert.match(sentenceOf(later), /^Stopped/);
  assert.equal(isFinal(later), false);
});

test('of many drawings the last picture is enough', () => {
  const drawn = [1, 2, 3].reduce((so, done) => withoutPast(stepped(so, step(done, image(done)))), begun(how));
  assert.deepEqual([drawn.stages.length, shownStage(drawn)?.image.width], [1, 3]);
  assert.equal(isFinal(withoutPast(finished(drawn, drawing()))), true);
});

test('seeds have 32 bits, and each way has a size of its own', () => {
  assert.deepEqual([seedOf(NaN), seedOf(-3), seedOf(1.6), seedOf(1e12)], [0, 0, 2, LARGEST_SEED]);
  assert.deepEqual(inPreset({ ...PRESETS.article, blur: 2 }, 'modern'), { ...PRESETS.modern, blur: 2 });
});

test('the engine’s steps become the drawing; what it fails with ends the drawing and is passed on', async () => {
  let drawn = begun(how);
  const edit = (change) => (drawn = change(drawn));
  const session = { showEngine() {} };
  const { signal } = new AbortController();
  const model = { draw: async (_target, { onProgress }) => (onProgress(step(1, image(4))), drawing()) };
  await draw(session, model, drawn, { signal }, edit);
  assert.deepEqual([drawn.status, drawn.stages.length], ['done', 2]);
  for (const [code, status] of [['cancelled', 'stopped'], ['not-supported', 'failed']]) {
    drawn = begun(how);
    const failing = { draw: async () => { throw Object.assign(new Error(code), { code }); } };
    await assert.rejects(draw(session, failing, drawn, { signal }, edit), { code });
    assert.equal(drawn.status, status);
  }
});

test('what is chosen is drawn, and goes when the card is about something else', () => {
  const one = page();
  let subject = changes.followSubject(one, { source: null, map: null });
  changes.chooseSeed(one, 5);
  changes.chooseSettings(one, 1, { ...PRESETS.modern, size: 64 });
  changes.beginDrawings(one, { layer: 'conv', map: 3 });
  assert.deepEqual([one.state.drawings.easels[0]?.seed, one.state.drawings.easels[1], one.state.drawings.running], [5, null, true]);
  changes.chooseBoth(one, true);
  changes.beginDrawings(one, { layer: 'conv', map: 3 });
  assert.equal(one.state.drawings.easels[1]?.settings.size, 64);
  // While the card is closed, or the next model opens, they are still of what it was.
  for (const change of [{ openMap: null }, { openMap: 3 }, { model: null }, { model: { title: 'net', bytes: 9, recipe: { size: 8 } } }]) {
    one.set(change);
    assert.equal(changes.followSubject(one, subject), subject);
  }
  one.set({ article: true });
  const next = changes.followSubject(one, subject);
  assert.notEqual(next, subject);
  assert.deepEqual([one.state.drawings.easels, one.state.drawings.running], [[null, null], false]);
  subject = next;
  changes.editEasel(one, 0, () => assert.fail('there is none'));
});

test('what a link brought is about the map that it came with', () => {
  const one = page();
  const subject = changes.followSubject(one, { source: null, map: null });
  const { card } = one.state;
  one.set({ openMap: 7 });
  const brought = changes.followSubject(page({ openMap: 7 }), { source: null, map: null });
  one.set({ card: { ...card, drawing: { ...card.drawing, brought } } });
  const now = changes.followSubject(one, subject);
  assert.deepEqual(one.state.card.drawing.brought, brought);
  one.set({ openMap: 3 });
  changes.followSubject(one, now);
  assert.equal(one.state.card.drawing.brought, null);
});

test('a wall’s maps wait, are drawn and are left, and what hangs no more is not changed', () => {
  const one = page();
  const id = changes.hangWall(one, 'classes', [4, 6, 8]);
  const other = changes.hangWall(one, 'story', [4]);
  changes.editTile(one, id, 4, () => ({ status: 'done', drawn: finished(begun({ ...how, map: 4 }), drawing()) }));
  changes.editTile(one, id, 6, () => ({ status: 'failed' }));
  changes.endWall(one, id, 'stopped');
  const [wall, second] = one.state.drawings.walls;
  assert.deepEqual([wall.status, wall.tiles.map(({ status }) => status)], ['stopped', ['done', 'failed', 'left']]);
  assert.deepEqual([second.status, second.tiles.map(({ status }) => status)], ['drawing', ['waiting']]);
  changes.takeWallDown(one, id);
  changes.editTile(one, id, 8, () => assert.fail('it hangs no more'));
  assert.deepEqual(one.state.drawings.walls.map((left) => left.id), [other]);
});

test('the drawings that show are those of the unfolded part and of the walls in sight, and final ones say how they were made', () => {
  const one = page();
  changes.chooseBoth(one, true);
  changes.beginDrawings(one, { layer: 'conv', map: 3 });
  changes.editEasel(one, 0, (drawn) => finished(stepped(drawn, step(1, image(4))), drawing()));
  changes.editEasel(one, 1, (drawn) => stepped(drawn, step(1, image(5))));
  const id = changes.hangWall(one, 'classes', [8, 9]);
  changes.editTile(one, id, 8, () => ({ status: 'done', drawn: finished(begun({ ...how, map: 8 }), drawing([NaN])) }));
  const shown = (question = 'unique') => shownDrawings({ ...one.state, question }).map(({ map, image: { width }, how: made }) => [map, width, made?.activation ?? null]);
  assert.deepEqual(shown(), [], 'folded');
  const { card } = one.state;
  one.set({ card: { ...card, drawing: { ...card.drawing, open: true } } });
  assert.deepEqual(shown(), [[3, 9, 4], [3, 5, null]]);
  assert.deepEqual(shown('classes'), [[3, 9, 4], [3, 5, null], [8, 9, 0]], 'what waits shows nothing yet');
  changes.lookBack(one, 0, 0);
  changes.chooseBoth(one, false);
  assert.deepEqual(shown(), [[3, 4, null]]);
  assert.deepEqual(shownDrawings({ ...one.state, openMap: null }).map(({ map }) => map), [8]);
  assert.deepEqual(shownDrawings(one.state)[1].how, { ...how, map: 8, activation: 0 });
});
