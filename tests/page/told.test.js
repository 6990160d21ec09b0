// What a visitor tells about a model of their own: the fields of its sheet, lists of names, cards.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import fc from 'fast-check';

import { parseNames, parseNumber, parseNumbers, parseSize, parseTold } from '../../www/files/card-file.js';
import { cardOf, fieldsOf, fieldsOfRecipe, isSameRecipe, read } from '../../www/page/model-sheet/fields.js';
import { problemText, text } from '../../www/page/model-sheet/text.js';
import { text as chinese } from '../../www/zh/sheet.js';

const torchvision = {
  size: 224, resize: 'crop', channels: 'rgb', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], layout: 'nchw',
};
const model = { title: 'birds', recipe: torchvision, classes: 3, labels: [], statedOutput: null, defaultLayer: 'conv' };

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0);
const recipes = fc.constantFrom(1, 3).chain((channels) => fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 2001, max: 4096 }))),
  resize: fc.constantFrom('crop', 'squash'),
  channels: channels === 1 ? fc.constant('grey') : fc.constantFrom('rgb', 'bgr'),
  scale: fc.oneof(fc.integer({ min: 1, max: 1000 }).map((part) => 1 / part), fc.constantFrom(2 / 255, 1 / 127.5, 1), numbers.filter((value) => value !== 0)),
  mean: fc.oneof(fc.array(numbers, { minLength: channels, maxLength: channels }), fc.tuple(numbers)),
  std: fc.array(numbers.filter((value) => value !== 0), { minLength: channels, maxLength: channels }),
  layout: fc.constantFrom('nchw', 'nhwc'),
})).map((recipe) => JSON.parse(JSON.stringify(recipe)));
const names = fc.array(fc.string({ maxLength: 20, unit: 'grapheme' }).map((name) => name.replace(/[\r\n\u2028\u2029]/g, ' ').trim()), { minLength: 1, maxLength: 30 });

test('numbers as people write them', () => {
  for (const [written, value] of [['1/255', 1 / 255], ['0.00392', 0.00392], [' 2 ', 2], ['-1', -1], ['−1', -1], ['.5', 0.5], ['1e-3', 1e-3], ['1 / 127.5', 1 / 127.5]])
    assert.equal(parseNumber(written), value, written);
  for (const wrong of ['', 'x', '1/0', '1/2/3', '1,5', '0x10', 'Infinity', '1/', '--1']) assert.equal(parseNumber(wrong), null, wrong);
  for (const three of ['0.485, 0.456, 0.406', '0.485 0.456 0.406', '[0.485, 0.456, 0.406]', '(0.485;0.456;0.406)', ' 0.485,0.456,\n0.406 '])
    assert.deepEqual(parseNumbers(three), [0.485, 0.456, 0.406], three);
  assert.deepEqual(parseNumbers('1 / 2, 3'), [0.5, 3]);
  for (const wrong of ['', '1, two', '[1, [2]]']) assert.equal(parseNumbers(wrong), null, wrong);
  for (const [written, size] of [['224', 224], ['224 × 160', [224, 160]], ['224x160', [224, 160]], ['[224, 160]', [224, 160]], ['224 224', 224]])
    assert.deepEqual(parseSize(written), size, written);
  for (const wrong of ['', '0', '224.5', '5000', '1 2 3', 'large', '-3']) assert.equal(parseSize(wrong), null, wrong);
});

test('a recipe that is put into the fields comes back as it was', () => {
  fc.assert(fc.property(recipes, (recipe) => {
    const said = read({ ...fieldsOf({ ...model, recipe }, {}) }, { ...model, recipe });
    assert.deepEqual(said.problems, {});
    assert.deepEqual(said.recipe, recipe);
    assert.ok(isSameRecipe(said.recipe, recipe));
  }), { numRuns: 1000, seed: 1 });
  assert.equal(fieldsOfRecipe(torchvision).scale, '1/255');
  assert.equal(fieldsOfRecipe({ ...torchvision, scale: 1 / 127.5 }).scale, '1/127.5');
});

test('whatever is typed gives a recipe that the core takes, or a sentence at the field', () => {
  const typed = fc.record({
    size: fc.string(), scale: fc.string(), mean: fc.string(), std: fc.string(), names: fc.string(),
  }, { requiredKeys: [] });
  const nearly = fc.record({
    size: fc.stringMatching(/^[\d x×]{0,9}$/), scale: fc.stringMatching(/^[\d./e-]{0,7}$/), mean: fc.stringMatching(/^[\d ,.-]{0,12}$/), std: fc.stringMatching(/^[\d ,.]{0,12}$/),
    names: fc.stringMatching(/^[\w"[\]{},:\n]{0,30}$/),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(typed, nearly), (fields) => {
    const { recipe, names: read_, problems } = read(fieldsOf(model, fields), model);
    for (const [field, problem] of Object.entries(problems)) {
      assert.ok(Object.hasOwn(fields, field), field);
      assert.match(problemText(problem), /\.$/, field);
      assert.ok(problem[0] in chinese.problems, problem[0]);
    }
    assert.equal(read_ === null, problems.names !== undefined);
    if (read_?.length) assert.equal(read_.length, model.classes);
    assert.equal(recipe === null, Object.keys(problems).some((field) => field !== 'names'));
    if (recipe) assert.deepEqual(parseTold(JSON.stringify({ recipe })), { card: { recipe } });
  }), { numRuns: 3000, seed: 2 });
});

test('fields that the network cannot take say so', () => {
  const problem = (fields, of = model) => read(fieldsOf(of, fields), of).problems;
  assert.deepEqual(problem({ mean: '1 2' }), { mean: ['perChannel', 3] });
  assert.deepEqual(problem({ std: '1, 0, 1' }), { std: ['stdZero'] });
  assert.deepEqual(problem({ channels: 'grey' }), { channels: ['channels', 3] });
  assert.deepEqual(problem({ scale: '0' }), { scale: ['scale'] });
  assert.deepEqual(problem({ names: 'crow\nowl' }), { names: ['count', 2, 3] });
  assert.deepEqual(problem({ names: '["crow", "owl"' }), { names: ['notJson'] });
  assert.equal(text.names.differ(998, 1000), '998 names, but the network has 1,000 outputs. Every output needs its line.');
  assert.equal(text.count.right(1000), '1,000 names for 1,000 outputs.');
  const grey = { ...model, recipe: { ...torchvision, channels: 'grey', mean: [0], std: [1] } };
  assert.deepEqual(problem({ mean: '0.5', std: '0.5' }, grey), {});
});

test('names come from lines, lists and dictionaries, in the order of the outputs', () => {
  const read_ = (content) => parseNames(content).names;
  assert.deepEqual(read_('\uFEFFcrow\r\nowl\r\n\r\nwren\r\n\r\n'), ['crow', 'owl', '', 'wren']);
  assert.deepEqual(read_('["crow", "owl"]'), ['crow', 'owl']);
  assert.deepEqual(read_('{"1": "owl", "0": "crow"}'), ['crow', 'owl']);
  assert.deepEqual(read_('{"owl": 1, "crow": 0}'), ['crow', 'owl']);
  assert.deepEqual(read_('{"0": ["n01", "crow"], "1": ["n02", "owl"]}'), ['crow', 'owl']);
  assert.deepEqual(read_('{"id2label": {"0": "crow", "1": "owl"}, "label2id": {}}'), ['crow', 'owl']);
  assert.deepEqual(read_('[background]\ncrow'), ['[background]', 'crow']);
  assert.deepEqual(parseNames('{"0": "crow", "2": "owl"}'), { problem: ['noPlace', 1, 2] });
  assert.deepEqual(parseNames('[1, 2]'), { problem: ['noNames'] });
  fc.assert(fc.property(names, (list) => {
    const forms = [JSON.stringify(list), JSON.stringify(Object.fromEntries(list.entries())), JSON.stringify({ labels: list })];
    for (const form of forms) assert.deepEqual(parseNames(form), { names: list });
    const kept = list.slice(0, list.findLastIndex((name) => name !== '') + 1);
    if (!/^[[{\uFEFF]/.test(list.find((name) => name !== '') ?? '')) assert.deepEqual(parseNames(list.join('\n')).names, kept);
  }), { numRuns: 1000, seed: 3 });
});

test('a card that the sheet saves is the card that is read', () => {
  fc.assert(fc.property(recipes, names, fc.constantFrom(undefined, 'logits', 'softmax', 'sigmoid'), (recipe, list, output) => {
    const file = { name: 'my.net.onnx', bytes: 12, sha256: 'ab' };
    const saved = cardOf({ title: 'birds', recipe, names: list, output, scores: null, defaultLayer: 'conv' }, file);
    assert.deepEqual([saved.name, saved.file], ['my.net', 'my.net.onnx']);
    const { card } = parseTold(JSON.stringify(saved));
    assert.deepEqual(card, { title: 'birds', recipe, labels: list, ...(output ? { output } : {}), defaultLayer: 'conv' });
  }), { numRuns: 500, seed: 4 });
  for (const name of ['squeezenet1.1', 'efficientnet-lite0', 'fer-mini-xception']) {
    const { card } = parseTold(readFileSync(new URL(`../../models/${name}.json`, import.meta.url), 'utf8'));
    assert.ok(card?.recipe, name);
  }
});

test('a file that tells nothing of a model is refused in a sentence', () => {
  const cases = {
    '': 'empty', '\0\x01': 'notText', '{"recipe": ': 'notJson', '{"a": "b"}': 'neither', '{}': 'neither', '{"recipe": {"size": -1}}': 'cardRecipe', '{"recipe": []}': 'cardRecipe',
    '{"output": "maybe"}': 'cardOutput', '{"labels": 7}': 'neither', '{"labels": [7], "title": "x"}': 'cardLabels', '{"title": ["x"]}': 'cardText', '[7]': 'noNames',
  };
  for (const [content, key] of Object.entries(cases)) assert.equal(parseTold(content).problem?.[0], key, content);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.jsonValue().map((value) => JSON.stringify(value)), fc.jsonValue().map((recipe) => JSON.stringify({ recipe })), fc.jsonValue().map((labels) => JSON.stringify({ labels, title: 'x' }))), (content) => {
    const told = parseTold(content);
    if (told.problem) {
      assert.match(problemText(told.problem), /\.$/);
      assert.ok(told.problem[0] in chinese.problems, told.problem[0]);
    } else assert.ok(told.card ? Object.keys(told.card).length > 0 : Array.isArray(told.names));
  }), { numRuns: 3000, seed: 5 });
});
