// Drawings from their beginning to their end, on the card and on walls, and which of them show.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createState, createStore } from '../../www/page/state.js';
import * as changes from '../../www/questions/draw/changes.js';
import { PRESETS, WAYS } from '../../www/questions/draw/choices.js';
import { LARGEST_SEED, seedOf, wayOf } from '../../www/questions/draw/ways.js';
import { begun, ended, finished, isFinal, lookedBack, shownStage, stepped, withoutPast } from '../../www/questions/draw/drawn.js';
import { draw } from '../../www/questions/draw/draw.js';
import { sentenceOf } from '../../www/questions/draw/sentence.js';
import { shownDrawings } from '../../www/questions/draw/selection.js';
import { askedFor, classCount, targetOf } from '../../www/questions/draw/target.js';
import { text } from '../../www/questions/draw/text.js';
import { Model } from '../../www/api/model.js';

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
  assert.deepEqual([WAYS.modern.size, WAYS.article.size, WAYS.literal.size], [128, 230, 230]);
});

test('the page draws the modern way unless another is chosen; the article’s without blur and total variation is the literal one', () => {
  const { drawing } = createState().card;
  assert.deepEqual([wayOf(drawing.settings[0]), wayOf(drawing.settings[1]), drawing.target], ['modern', 'article', { kind: 'map' }]);
  for (const [way, settings] of Object.entries(WAYS)) assert.equal(wayOf(settings), way);
  // What a link or record without further fields stands for.
  assert.deepEqual([WAYS.literal, PRESETS.article], Array(2).fill({ preset: 'article', size: 230, blur: 0, totalVariation: 0, l2: 0 }));
  assert.deepEqual([wayOf({ ...PRESETS.article, l2: 2 }), wayOf({ ...PRESETS.modern, blur: 2 })], ['article', 'modern']);
});

test('the page’s ways are the library’s: modern, smooth and article', async () => {
  const asked = async (options) => {
    let request;
    const messenger = { request: async (kind, content) => ((request = content), { image: image(1), engine: {}, activations: [] }) };
    const layers = [{ id: 'conv', channels: 9, height: 4, width: 4 }];
    const model = new Model(messenger, async () => ({}), { handle: 1, description: { layers, defaultLayer: 'conv', classes: 3 }, engine: {} });
    globalThis.ImageData ??= class {};
    await model.draw({ map: 1 }, options);
    return request.options;
  };
  for (const [way, preset] of Object.entries({ modern: 'modern', article: 'smooth', literal: 'article' })) {
    assert.deepEqual(await asked({ ...WAYS[way] }), await asked({ preset }), way);
  }
});

const look = {
  layer: 'conv', channels: 9, peaks: Uint32Array.from({ length: 9 }, (_, map) => map), map: () => ({ height: 2, width: 4, data: new Float32Array(8) }),
  top: (count) => [{ map: 3 }, { map: 7 }, { map: 5 }].slice(0, count), predictions: [{ index: 2 }],
};
const scored = { title: 'net', bytes: 9, recipe: { size: 8 }, scores: 'out', classes: 5, labels: ['a', 'b', 'c', 'd', ''] };

test('what is drawn is the map, the spot where it is largest or another, a class, or a mix; what is not to be had is not drawn', () => {
  const of = (target, change = {}) => {
    const one = page({ look, model: scored, ...change });
    changes.chooseTarget(one, target);
    return targetOf(one.state);
  };
  assert.equal(of({ kind: 'map' }), null);
  assert.deepEqual(of({ kind: 'spot', position: null }, { openMap: 6 }), { kind: 'spot', position: [1, 2] });
  assert.deepEqual(of({ kind: 'spot', position: [0, 3] }), { kind: 'spot', position: [0, 3] });
  assert.deepEqual(of({ kind: 'spot', position: [2, 0] }), { kind: 'spot', position: [0, 3] }, 'a place of a larger layer’s map');
  assert.deepEqual(of({ kind: 'class', classIndex: null }), { kind: 'class', classIndex: 2, label: 'c' }, 'the most probable');
  assert.deepEqual(of({ kind: 'class', classIndex: null }, { classIndex: 1 }), { kind: 'class', classIndex: 1, label: 'b' }, 'the chosen one');
  assert.deepEqual(of({ kind: 'class', classIndex: 4 }), { kind: 'class', classIndex: 4, label: '#4' });
  assert.deepEqual(of({ kind: 'class', classIndex: 5 }), { kind: 'class', classIndex: 2, label: 'c' }, 'a class of a larger network');
  const mute = { ...scored, scores: null };
  assert.deepEqual([of({ kind: 'class', classIndex: 1 }, { model: mute }), classCount({ model: mute })], [null, 0]);
  assert.deepEqual(of({ kind: 'mix', others: null }), { kind: 'mix', others: [7] }, 'the next strongest');
  assert.deepEqual(of({ kind: 'mix', others: null }, { chosen: [3, 8, 2] }), { kind: 'mix', others: [8, 2] }, 'those of the sum');
  assert.deepEqual(of({ kind: 'mix', others: [4] }, { chosen: [8] }), { kind: 'mix', others: [4] });
  assert.deepEqual(of({ kind: 'mix', others: [3, 9] }), { kind: 'mix', others: [7] }, 'itself, and none of this layer');
  assert.equal(of({ kind: 'spot', position: null }, { openMap: null }), null);
});

test('a target is asked of the library as it takes it, and named in captions', () => {
  const targets = [undefined, { kind: 'spot', position: [1, 2] }, { kind: 'class', classIndex: 4, label: 'cat' }, { kind: 'mix', others: [8, 2] }];
  const asked = targets.map((target) => askedFor({ layer: 'conv', map: 3, target }));
  assert.deepEqual(asked, [
    { layer: 'conv', map: 3 }, { layer: 'conv', map: 3, position: [1, 2] }, { classIndex: 4 }, { layer: 'conv', maps: [{ map: 3 }, { map: 8 }, { map: 2 }] },
  ]);
  assert.deepEqual(targets.map((target) => text.alt(3, target)), [
    'What map 3 looks for', 'What map 3, row 2 and column 3 looks for', 'What the network takes for class “cat”', 'What maps 3 + 8 + 2 look for',
  ]);
  const [, ...ends] = targets.map((target) => sentenceOf(finished(begun({ ...how, target }), drawing())));
  assert.match(ends[0], /^Map 3, row 2 and column 3: value 1 at the start, 4 at the end/);
  assert.match(ends[1], /^Class “cat”: score 1 at the start/);
  assert.match(ends[2], /^Maps 3 \+ 8 \+ 2: sum of means 1 at the start/);
});

test('a drawing that is of no map’s mean says so wherever it goes', () => {
  const one = page({ look, model: scored });
  const target = { kind: 'spot', position: [1, 2] };
  changes.beginDrawings(one, { layer: 'conv', map: 3, target });
  changes.editEasel(one, 0, (drawn) => finished(drawn, drawing()));
  const { card } = one.state;
  one.set({ card: { ...card, drawing: { ...card.drawing, open: true } } });
  const [shown] = shownDrawings(one.state);
  assert.deepEqual([shown.target, shown.how?.target, shown.how?.activation], [target, target, 4]);
});

test('a map that hangs on the wall below is shown large when its card opens, and so is one that is pressed', () => {
  const one = page({ look, model: scored });
  let subject = changes.followSubject(one, { source: null, map: null });
  const id = changes.hangWall(one, 'draw', [7, 5]);
  const hung = finished(begun({ ...how, map: 7 }), drawing());
  changes.editTile(one, id, 7, () => ({ status: 'done', drawn: hung }));
  one.set({ openMap: 7 });
  subject = changes.followSubject(one, subject);
  assert.deepEqual(one.state.drawings.easels, [hung, null]);
  one.set({ openMap: 5 });
  subject = changes.followSubject(one, subject);
  assert.deepEqual(one.state.drawings.easels, [null, null], 'it is not drawn yet');
  changes.showDrawn(one, hung);
  assert.equal(one.state.drawings.easels[0], hung);
  // Of another network it would be another drawing.
  one.set({ openMap: 7, model: { ...scored, title: 'other' } });
  changes.followSubject(one, subject);
  assert.deepEqual(one.state.drawings.easels, [null, null]);
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
  changes.showPatches(one, id, true);
  assert.deepEqual(one.state.drawings.walls.map(({ withPatches }) => withPatches), [true, false]);
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
