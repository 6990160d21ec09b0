// What is chosen and found on a map's card: changes, what is asked, what is answered, and what a finding holds of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ablatedRows } from '../../www/card/ablation/numbers.js';
import { choicesOf, subjectOf, withoutAnswer } from '../../www/card/ablation/selection.js';
import { ablationSentence } from '../../www/card/ablation/sentence.js';
import { createAsker as createAblationAsker } from '../../www/card/ablation/ask.js';
import { createAsker as createCamAsker } from '../../www/card/cam/ask.js';
import { classNames, meantClass } from '../../www/card/cam/classes.js';
import { camAnswer, camClass, camQuestion } from '../../www/card/cam/selection.js';
import { camSentence } from '../../www/card/cam/sentence.js';
import * as answers from '../../www/card/answers.js';
import * as changes from '../../www/card/changes.js';
import { createState, createStore } from '../../www/page/state.js';
import { PRESETS } from '../../www/questions/draw/choices.js';
import * as drawing from '../../www/questions/draw/changes.js';
import { subjectOf as drawingSubject } from '../../www/questions/draw/subject.js';
import { cardOfView, chosenOnCard } from '../../www/share/card-choices.js';

const predictions = [{ index: 2, label: 'gun', probability: 0.9 }, { index: 0, label: 'cup', probability: 0.1 }];
const cam = { classIndex: 2, weights: Float32Array.of(-1, 2), cells: { width: 2, height: 1, data: Float32Array.of(0, 3) } };

/** A page that looks at a photo, with map 1 open; what the session would report is in `errors`. */
function page(change = {}) {
  const look = {
    layer: 'conv', channels: 2, predictions, cam: async (classIndex) => ({ ...cam, classIndex }), map: () => cam.cells, peaks: Uint32Array.of(0, 1), top: () => [],
  };
  const model = { title: 'net', bytes: 9, recipe: { size: 8 }, labels: ['cup', 'crane', 'gun'], classes: 3 };
  const store = createStore({ ...createState(), look, model, openMap: 1, ...change }, () => {});
  const errors = [];
  return { ...store, errors, report: (error) => errors.push(error), showEngine() {} };
}

test('a part is unfolded and folded by itself, and the defaults stay what they are', () => {
  const one = page();
  changes.setOpen(one, 'cam', true);
  answers.chooseReplacement(one, 'mean');
  assert.deepEqual(one.state.card.cam, { open: true, classIndex: null, at: null });
  assert.deepEqual(one.state.card.without, { open: false, to: 'mean' });
  assert.deepEqual(createState().card.cam, { open: false, classIndex: null, at: null });
  changes.leaveCard(one);
  assert.deepEqual([one.state.cardAsked, one.state.tileToFocus], [false, 1]);
});

test('nobody’s choice is the most probable class, and so is one that the model does not have', () => {
  const one = page();
  assert.equal(camClass(one.state), 2);
  answers.chooseCamClass(one, 1);
  assert.equal(camClass(one.state), 1);
  answers.chooseCamClass(one, 900);
  assert.equal(camClass(one.state), 2);
});

test('Grad-CAM is asked only where it can answer, and its answer stands only while the same is asked', async () => {
  const one = page();
  assert.equal(camQuestion(one.state), null, 'folded');
  changes.setOpen(one, 'cam', true);
  for (const change of [{ recorded: true }, { openMap: null }, { look: null }, { look: { ...one.state.look, finite: false } }, { look: { ...one.state.look, silence: 'no-scores' } }]) {
    assert.equal(camQuestion({ ...one.state, ...change }), null, JSON.stringify(change));
  }
  const asker = createCamAsker(one);
  const asked = asker.update(one.state);
  assert.equal(camAnswer(one.state)?.cam, null, 'at work');
  await asked;
  assert.equal(camAnswer(one.state)?.cam?.classIndex, 2);
  assert.equal(camAnswer({ ...one.state, overlay: { ...one.state.overlay, colormap: 'turbo' } }), null);
  assert.equal(camAnswer({ ...one.state, look: { ...one.state.look } }), null);
  assert.notEqual(camAnswer({ ...one.state, openMap: 0 }), null, 'the answer is about the class, not about the map');
  answers.chooseCamClass(one, 0);
  assert.equal(camAnswer(one.state), null);
  one.set({ look: null });
  await asker.update(one.state);
  assert.equal(one.state.found.cam, null, 'of a photo that is gone nothing is kept');
});

test('what fails is said once, and asked again when its part is unfolded anew', async () => {
  let times = 0;
  const look = { layer: 'conv', predictions, cam: async () => { times += 1; throw new Error('no gradient'); } };
  const one = page({ look });
  changes.setOpen(one, 'cam', true);
  const asker = createCamAsker(one);
  for (let time = 0; time < 3; time++) await asker.update(one.state);
  assert.deepEqual([times, one.errors.length], [1, 1]);
  assert.match(camAnswer(one.state)?.error ?? '', /no gradient/);
  changes.setOpen(one, 'cam', false);
  changes.setOpen(one, 'cam', true);
  await asker.update(one.state);
  assert.equal(times, 2);
});

test('an answer that comes when something else is asked is not taken for its answer', async () => {
  const waiting = [];
  const look = { layer: 'conv', predictions, cam: (classIndex) => new Promise((resolve) => waiting.push(() => resolve({ ...cam, classIndex }))) };
  const one = page({ look });
  changes.setOpen(one, 'cam', true);
  const asker = createCamAsker(one);
  const first = asker.update(one.state);
  answers.chooseCamClass(one, 0);
  const second = asker.update(one.state);
  waiting[1]();
  await second;
  waiting[0]();
  await first;
  assert.equal(camAnswer(one.state)?.cam?.classIndex, 0);
});

test('classes of the same name are told apart, and the beginning of a name is enough where it is the only one', () => {
  const names = classNames(['crane', 'cat', 'crane', '', 'Cup'], 6);
  assert.equal(new Set(names).size, 6);
  assert.deepEqual([names[0], names[2]], ['crane', 'crane (2)']);
  assert.equal(meantClass(names, 'crane (2)'), 2);
  assert.equal(meantClass(names, 'CAT'), 1);
  assert.equal(meantClass(names, 'cu'), 4);
  assert.equal(meantClass(names, 'c'), null);
  assert.equal(meantClass(names, 'no such thing'), null);
  assert.equal(meantClass(names, ''), null);
});

test('the sentence of Grad-CAM names the opened map’s place, and says where nothing speaks for the class', () => {
  assert.match(camSentence(cam, 'gun', 0), /for gun is strongest .*maps 1, 0\. Map 0 has −50% of the largest weight, place 2 of 2/);
  const nothing = { ...cam, cells: { width: 2, height: 1, data: new Float32Array(2) } };
  assert.match(camSentence(nothing, 'gun', 0), /Nothing on this photo speaks for gun/);
});

const ablation = {
  before: predictions,
  after: [{ index: 0, label: 'cup', probability: 0.7 }, { index: 2, label: 'gun', probability: 0.3 }],
  controls: [
    { maps: [5], after: [{ index: 2, label: 'gun', probability: 0.8 }] },
    { maps: [], after: [{ index: 2, label: 'gun', probability: 0.1 }] },
  ],
};

test('a draw of fewer maps than were switched off is no comparison', () => {
  assert.deepEqual(ablatedRows([1], ablation, null), [
    { index: 2, label: 'gun', before: 0.9, after: 0.3, random: [0.8] },
    { index: 0, label: 'cup', before: 0.1, after: 0.7, random: [0] },
  ]);
  assert.match(ablationSentence([1], ablation, null), /Without map 1, gun goes from 90% to 30%; .* at 80% on average of 1 draws/);
  assert.match(ablationSentence([1, 3], ablation, null), /Too few other maps fire here/);
  assert.match(ablationSentence([1], { ...ablation, before: [] }, null), /there are no predictions here/);
});

test('what a detector, a segmenter or an embedding finds is compared with what it finds without the maps', () => {
  const box = (x, classIndex, score) => ({ x, y: 0, width: 10, height: 10, classIndex, label: ['dog', 'cat'][classIndex], score });
  const nothing = { before: [], after: [], controls: [] };
  const look = (given) => ({ boxes: null, mask: null, embedding: null, picture: null, ...given });
  const rows = (before, after, random) =>
    ablatedRows([3], { ...nothing, finds: after, controls: [{ maps: [5], after: [], finds: random }] }, look(before));
  // The dog has moved by a little and is weaker; the cat is gone, and a dog in its place is none.
  const found = rows(
    { boxes: [box(0, 0, 0.9), box(50, 1, 0.6)] },
    { boxes: [box(2, 0, 0.4), box(50, 0, 0.3)] },
    { boxes: [box(0, 0, 0.8), box(51, 1, 0.5)] },
  );
  assert.deepEqual(found, [
    { index: 0, label: 'dog (box 1)', before: 0.9, after: 0.4, random: [0.8] },
    { index: 1, label: 'cat (box 2)', before: 0.6, after: 0, random: [0.5] },
  ]);
  const areas = (first, second) => ({ mask: { areas: [{ index: 7, label: 'sky', share: first }, { index: 2, label: 'sea', share: second }] } });
  assert.deepEqual(rows(areas(0.7, 0.3), areas(0.5, 0.5), areas(0.6, 0.4)), [
    { index: 7, label: 'the area of sky', before: 0.7, after: 0.5, random: [0.6] },
    { index: 2, label: 'the area of sea', before: 0.3, after: 0.5, random: [0.4] },
  ]);
  const vector = (...values) => ({ embedding: Float32Array.from(values) });
  const [{ before, after, random }] = rows(vector(1, 0), vector(0, 2), vector(3, 0));
  assert.deepEqual([before, after, ...random], [1, 0, 1]);
  const grey = (level) => ({ picture: { data: Uint8ClampedArray.of(level, level, level, 255) } });
  assert.deepEqual(rows(grey(0), grey(51), grey(255)).map(({ after, random }) => [after, ...random]), [[0.8, 0]]);
  assert.match(ablationSentence([3], { ...nothing, finds: { boxes: [] } }, look({ boxes: [] })), /finds nothing in this photo/);
});

test('what became of the answer stands while the card is about the same maps', async () => {
  const one = page({ chosen: [1, 4], framed: { name: 'gun', label: 'gun', layer: 'conv', maps: [7] } });
  one.state.look.ablate = async () => ablation;
  assert.deepEqual(choicesOf(one.state).map(({ of, maps }) => [of, maps]), [['map', [1]], ['sum', [1, 4]], ['framed', [7]]]);
  changes.setOpen(one, 'without', true);
  const asker = createAblationAsker(one);
  await asker.ask([1]);
  asker.update(one.state);
  assert.deepEqual(withoutAnswer(one.state)?.maps, [1]);
  // The same lists once more are nothing else.
  one.set({ chosen: [...one.state.chosen], framed: { ...one.state.framed } });
  assert.deepEqual(withoutAnswer(one.state)?.maps, [1]);
  assert.equal(subjectOf(one.state), one.state.found.without?.subject);
  assert.equal(withoutAnswer({ ...one.state, openMap: 2 }), null);
  assert.equal(withoutAnswer({ ...one.state, recorded: true }), null);
  one.set({ chosen: [] });
  asker.update(one.state);
  assert.equal(one.state.found.without, null);
});

test('a finding holds the unfolded parts of the card with what is chosen in them, and shows them again', () => {
  const one = page();
  assert.deepEqual(chosenOnCard(one.state), { drawing: null });
  changes.setOpen(one, 'cam', true);
  changes.setOpen(one, 'without', true);
  answers.chooseReplacement(one, 'mean');
  changes.setOpen(one, 'drawing', true);
  const [first, second] = [{ ...PRESETS.article, size: 112, blur: 0.5 }, { ...PRESETS.modern, l2: 2 }];
  const { card } = one.state;
  one.set({ card: { ...card, drawing: { ...card.drawing, settings: [first, second], both: true, seed: 7 } } });
  const view = chosenOnCard(one.state);
  assert.deepEqual(view, {
    drawing: { map: 1, preset: 'article', size: 112, seed: 7, blur: 0.5, second: { preset: 'modern', size: 128, l2: 2 } },
    cam: { classIndex: 2 },
    without: { to: 'mean' },
  });

  const other = page();
  other.set({ card: cardOfView(view, other.state) });
  assert.deepEqual(chosenOnCard(other.state), view);
  assert.deepEqual(other.state.card.drawing.brought, drawingSubject(other.state));

  // One without any of them folds what is unfolded, and leaves what is chosen there.
  changes.setOpen(other, 'drawing', true);
  for (const target of [{ kind: 'spot', position: [0, 1] }, { kind: 'mix', others: [0] }]) {
    drawing.chooseTarget(other, target);
    const aimed = chosenOnCard(other.state);
    assert.deepEqual(aimed.drawing?.target, target);
    drawing.chooseTarget(other, { kind: 'map' });
    other.set({ card: cardOfView(aimed, other.state) });
    assert.deepEqual(chosenOnCard(other.state), aimed);
  }
  other.set({ card: cardOfView({ drawing: null }, other.state) });
  assert.deepEqual(chosenOnCard(other.state), { drawing: null });
  assert.deepEqual(other.state.card.drawing.settings, [first, second]);
});
