import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { captionOf } from '../../www/share/caption.js';
import { differences } from '../../www/share/claim.js';
import { validate } from '../../www/share/finding.js';
import { toFragment } from '../../www/share/link.js';
import { Resolver } from '../../www/share/resolve.js';
import { samples } from './samples.js';

const hostile = JSON.parse(readFileSync(new URL('hostile.json', import.meta.url), 'utf8'));

/** A copy with one field changed. @param {any} finding @param {string} path @param {unknown} value */
function changed(finding, path, value) {
  const copy = structuredClone(finding);
  const names = path.split('.');
  const last = names.pop();
  const at = names.reduce((part, name) => part[name], copy);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

test('what the page makes is a finding', () => {
  for (const finding of Object.values(samples)) assert.deepEqual(validate(finding), finding);
});

test('each wrong field is refused in a sentence that names it', () => {
  const wrong = {
    version: 'one', model: null, 'model.name': '../x', recipe: {}, layer: 5, question: 'what', images: 'none', 'images.0.kind': 'ftp', 'images.0.erased': {},
    photo: 4, comparison: -1, 'view.openMap': 1.5, 'view.topCount': 0, 'view.overlay.colormap': 'rainbow', 'view.article': 1, 'view.extra': 1, 'classes.0.role': 'other',
    'classes.0.images': [9], 'classes.0.name': ' ', n1: 201, n2: NaN, threshold: Infinity, seed: -1, language: 'fr', 'claim.caption': 'x'.repeat(1001),
    'claim.maps': Array(11).fill({ map: 1, mean: 1 }), 'claim.predictions.0.probability': 2, 'claim.classes.0.counts': [1], 'claim.made': 'today', 'subject.maps': 3,
  };
  for (const [path, value] of Object.entries(wrong)) {
    const named = path.split('.').filter((part) => !/^\d+$/.test(part))[0];
    assert.throws(() => validate(changed(samples.unique, path, value)), ({ code, message }) => code === 'bad-finding' && message.includes(named), path);
  }
  for (const path of ['seed', 'claim', 'view.overlay', 'model.kind', 'images.0.erased']) assert.throws(() => validate(changed(samples.unique, path, undefined)), { code: 'bad-finding' }, path);
  for (const value of [null, undefined, 1, 'finding', [], () => {}]) assert.throws(() => validate(value), { code: 'bad-finding' });
});

test('an entry that a list does not have is a wrong one, wherever it is missing', () => {
  const lists = ['images', 'classes', 'classes.0.images', 'view.chosen', 'subject.maps', 'controls', 'claim.maps', 'claim.predictions', 'claim.classes'];
  for (const path of lists) {
    const holed = changed(samples.unique, path, Array(2));
    assert.throws(() => validate(holed), ({ code, message }) => code === 'bad-finding' && message.includes(`${path.replace(/\.(\d)/g, '[$1]')}[0]`), path);
    assert.throws(() => toFragment(holed), { code: 'bad-finding' }, path);
  }
});

test('what a finding may hold ends where its limits say', () => {
  const whole = samples['side-by-side'];
  const stroke = { radius: 1, points: [[1, 1]] };
  const image = whole.images[0];
  const text = (length) => 'x'.repeat(length);
  const web = (length) => `https://example.org/${text(length - 20)}`;
  /** The way to a field, and what it holds of a length or as a number. @type {[string, (size: number) => unknown, number][]} */
  const limits = [
    ['images', (count) => Array(count).fill(image), 2000], ['images.0.erased', (count) => Array(count).fill(stroke), 200],
    ['images.0.erased', (count) => [{ radius: 1, points: Array(count).fill([1, 1]) }], 5000], ['images.0.erased', (radius) => [{ ...stroke, radius }], 1e5],
    ['classes', (count) => Array.from({ length: count }, (_, place) => ({ ...whole.classes[0], name: `${place}` })), 100], ['classes.0.name', text, 300],
    ['classes.0.outputs', (count) => Array.from({ length: count }, (_, place) => place), 2000], ['classes.0.outputs', (output) => [output], 100_000],
    ['layer', text, 1024], ['claim.caption', text, 1000], ['claim.maps', (count) => Array(count).fill({ map: 1, mean: 1 }), 10],
    ['claim.predictions', (count) => Array(count).fill({ label: 'cat', probability: 0.1 }), 5], ['claim.predictions.0.label', text, 300], ['claim.predictions.0.probability', (share) => share, 1],
    ['view.openMap', (map) => map, 65_535], ['view.topCount', (count) => count, 65_536], ['view.chosen', (count) => Array(count).fill(1), 500], ['view.classIndex', (place) => place, 100_000],
    ['view.drawing.size', (size) => size, 4096], ['view.drawing.blur', (pixels) => pixels, 1000], ['view.drawing.l2', (weight) => weight, 1e6], ['view.drawing.seed', (seed) => seed, 2 ** 32 - 1],
    ['n1', (count) => count, 200], ['n2', (count) => count, 200], ['subject.maps', (count) => Array(count).fill(1), 200], ['seed', (seed) => seed, 2 ** 32 - 1],
    ['models.1.address', web, 2048], ['models.2.parts', (count) => Array(count).fill({ name: 'x', sha256: 'a'.repeat(64), bytes: 1 }), 20], ['models.2.bytes', (bytes) => bytes, 2 ** 40],
    ['models', (count) => Array(count).fill(whole.models[0]), 3], ['arrangement.model', (place) => place, 4], ['arrangement.thresholds', (count) => Array(count).fill(1), 3],
  ];
  for (const [path, of, most] of limits) {
    const fitting = changed(whole, path, of(most));
    assert.deepEqual(validate(fitting), fitting, path);
    assert.throws(() => validate(changed(whole, path, of(most + 1))), { code: 'bad-finding' }, `${path}, ${most + 1}`);
  }
  const sized = (size) => ({ ...whole, recipe: { size } });
  for (const size of [1, 8192, [1, 8192]]) assert.deepEqual(validate(sized(size)), sized(size));
  for (const size of [0, 8193, [8193, 1], [1, 0], [1]]) assert.throws(() => validate(sized(size)), { code: 'bad-finding' }, String(size));
  const inline = (length) => changed(samples.picture, 'images.0.data', text(length));
  assert.deepEqual(validate(inline(400_000)), inline(400_000));
  assert.throws(() => validate(inline(400_001)), { code: 'bad-finding' });
});

test('each wrong field of those that came later is refused as well, and each may be missing', () => {
  const whole = samples.bands;
  const wrong = {
    'view.drawing.blur': -1, 'view.drawing.second.size': 0, 'view.drawing.second.seed': 1, 'view.setMaximum': Infinity, 'view.allPredictions': 1, 'view.cam.classIndex': -1, 'view.without.to': 'one',
    models: [], 'models.0.name': '../x', 'models.1.address': 'ftp://example.org/x', 'models.2.sha256': 'x', 'arrangement.order': 'best', 'arrangement.cell': [1], 'arrangement.thresholds': ['x'],
    'arrangement.other': 1, 'claim.generated': [2, 0], output: 'scores',
    stills: {}, 'stills.width': 0, 'stills.resize': 'fit', 'stills.maps': [], 'stills.maps.0.width': 17, 'stills.maps.1.cells': '<b>', 'stills.maps.0.map': -1, labels: [], 'labels.1': 3, bands: [], 'bands.0': 'purple',
  };
  for (const [path, value] of Object.entries(wrong)) {
    assert.throws(() => validate(changed(whole, path, value)), ({ code, message }) => code === 'bad-finding' && message.includes(path.split('.')[0]), path);
  }
  assert.throws(() => validate({ ...whole, models: Array(4).fill(whole.models[0]) }), { code: 'bad-finding' });
  const wrongTargets = [
    { kind: 'spot', position: [1] }, { kind: 'spot', position: [1, 8193] }, { kind: 'spot', position: [1, 1], map: 3 }, { kind: 'class', classIndex: -1 }, { kind: 'mix', others: [] },
    { kind: 'mix', others: Array(501).fill(1) }, { kind: 'map' }, null,
  ];
  for (const target of wrongTargets) {
    assert.throws(() => validate(changed(samples['drawn-spot'], 'view.drawing.target', target)), { code: 'bad-finding' }, JSON.stringify(target));
  }
  const mean = changed(samples['drawn-spot'], 'view.drawing.target', undefined);
  assert.deepEqual(validate(mean), mean);
  for (const path of ['models', 'arrangement', 'output', 'stills', 'labels', 'bands', 'arrangement.framed', 'view.setMaximum', 'view.allPredictions', 'view.cam', 'view.without', 'view.drawing.second', 'view.drawing.l2', 'claim.generated']) {
    const less = changed(whole, path, undefined);
    assert.deepEqual(validate(less), less, path);
  }
});

test('further models are looked for, asked for, and can be done without', async () => {
  const net = new File(['a network'], 'my net.onnx');
  const hash = createHash('sha256').update('a network').digest('hex');
  const [bundled, , file] = samples['side-by-side'].models;
  const state = { offeredModels: [{ name: 'squeezenet1.1', title: '' }, { name: 'story-plain', title: '' }] };
  const resolver = new Resolver(validate({ ...samples['side-by-side'], models: [bundled, { ...bundled, name: 'gone' }, { ...file, sha256: hash, bytes: net.size }] }));
  assert.deepEqual(resolver.missing, [{ name: 'my net.onnx', sha256: hash, bytes: net.size }]);
  assert.deepEqual(resolver.sources(state), { model: 'squeezenet1.1', images: ['chelsea.webp', 'coffee.jpg'], models: ['story-plain', null, null] });
  assert.deepEqual(resolver.absentModels(state), ['gone', 'my net.onnx']);
  assert.deepEqual(await resolver.take([new File(['another'], 'my net.onnx')]), { rest: [], wrong: ['my net.onnx'] });
  // Under another name it is the same file.
  assert.deepEqual(await resolver.take([new File([net], 'copy.onnx')]), { rest: [], wrong: [] });
  assert.deepEqual(resolver.missing, []);
  assert.deepEqual(resolver.absentModels(state), ['gone']);
  const [own] = resolver.sources(state).models[2];
  assert.deepEqual([own.name, own.size], ['my net.onnx', net.size]);
  // Without what it was made with it is not computed.
  assert.equal(resolver.sources({ offeredModels: [] }), null);
});

test('addresses are of the web, and names of bundled files lead nowhere else', () => {
  for (const { path, value } of hostile.refused) assert.throws(() => validate(changed(samples.addresses, path, value)), { code: 'bad-finding' }, `${path} ${JSON.stringify(value)}`);
});

test('hostile texts are findings like others, which the page shows as text', () => {
  for (const finding of hostile.findings) assert.deepEqual(validate(finding), finding);
});

test('a caption that the page wrote is written again in the reader’s language, and any other is kept', () => {
  const { look } = samples;
  const theirs = { ...look, language: 'zh', claim: { ...look.claim, caption: '特征图 426 激活最强（均值 49.1），在中央。', generated: [0.5, 0.5] } };
  assert.equal(captionOf(theirs), 'Map 426 fires most (mean 49.1), in the centre.');
  assert.equal(captionOf(changed(theirs, 'claim.generated', undefined)), theirs.claim.caption);
  assert.equal(captionOf({ ...theirs, language: 'en' }), theirs.claim.caption);
  const silent = { ...theirs, claim: { ...theirs.claim, maps: [], generated: null } };
  assert.equal(captionOf(silent), 'No map fires on this photo in this layer.');
  const asked = { ...samples['side-by-side'], language: 'zh' };
  assert.equal(captionOf(asked), 'Are the 2 maps of “cups” unique to it?');
  assert.equal(captionOf({ ...asked, question: 'classes' }), '2 maps are among those that come up most in “cups” and not among those of another class.');
});

test('differences are said in sentences, and rounding is none', () => {
  const { claim } = samples.unique;
  assert.deepEqual(differences(claim, structuredClone(claim)), []);
  assert.deepEqual(differences(claim, changed(claim, 'maps.0.mean', 49.12)), []);
  assert.match(differences(claim, changed(claim, 'maps.0.mean', 50.2))[0], /Map 426: the link says mean 49\.1, here it is 50\.2/);
  assert.match(differences(claim, changed(claim, 'maps.0.map', 9))[0], /Map 426 is among the strongest in the link/);
  assert.match(differences(claim, changed(claim, 'predictions.0.probability', 0.4))[0], /“Egyptian Mau”: the link says 47\.1%, here it is 40%/);
  assert.match(differences(claim, changed(claim, 'classes.1.counts', [1, 1, 2]))[0], /Class “things”: 2 of the link’s 3 maps/);
  assert.match(differences(claim, changed(claim, 'classes', []))[0], /“alive” has no maps here/);
  // An output without a name is called otherwise in another language.
  const unnamed = (label) => ({ ...claim, predictions: [{ label, probability: 0.5, index: 5 }] });
  assert.deepEqual(differences(unnamed('class 5'), unnamed('类别 5')), []);
});
