// What networks give besides class scores, through the public API on both engines, against onnxruntime's values and a reference NMS
// (tests/gives/generate.py).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

/** The largest error of a box's sides in pixels of the picture, of a score or an element of an embedding, and the part of a mask that may be of
 * another class. */
const PIXELS = 1;
const SCORE = 2e-3;
const OTHER_CLASS = 0.005;
/** SwiftShader compiles the shaders of so many networks in one test. */
const BATCH = 7;

const { names, networks } = JSON.parse(readFileSync(join(ROOT, 'tests/gives/expected.json'), 'utf8'));

/** Runs in the page: looks at the picture with each network. */
async function lookAtAll({ engine, list }) {
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const scope = await Featurescope.create({ engine });
  const found = {};
  for (const { name, recipe } of list) {
    const bytes = async (file) => new File([await (await fetch(`${globalThis.root}tests/gives/${file}`)).arrayBuffer()], file);
    const model = await scope.open(await bytes(`${name}.onnx`), { recipe: recipe ?? undefined });
    const look = await model.look(await bytes('picture.png'));
    const { mask, embedding, picture, frame, silence, missing } = look;
    const boxes = look.boxes?.map(({ mask: own, ...box }) => ({ ...box, mask: own && { ...own, data: [...own.data] } })) ?? null;
    const cam = boxes?.length || mask ? await look.cam().then(({ weights }) => [...weights], ({ code }) => code) : null;
    found[name] = {
      cam, gives: model.gives, device: model.engine.device, boxes, frame, silence, missing,
      mask: mask && { ...mask, data: [...mask.data] },
      embedding: embedding && [...embedding],
      picture: picture && [picture.height, picture.width],
      predictions: look.predictions.length,
    };
    model.close();
  }
  scope.close();
  return found;
}

/** What is wrong with what was found, or undefined. */
function failure(expected, found) {
  if (found.gives.kind !== expected.kind) return `${found.gives.kind}, not ${expected.kind}`;
  if ((found.predictions > 0) !== (expected.kind === 'scores')) return `${found.predictions} predictions`;
  if (expected.kind === 'boxes') {
    const left = [...found.boxes];
    for (const [x1, y1, x2, y2, kind, score] of expected.boxes) {
      const place = left.findIndex(({ x, y, width, height, classIndex, score: own }) =>
        classIndex === kind && Math.abs(own - score) <= SCORE &&
        [x - x1, y - y1, x + width - x2, y + height - y2].every((side) => Math.abs(side) <= PIXELS));
      if (place < 0) return `no box like ${[x1, y1, x2, y2, kind, score]}`;
      left.splice(place, 1);
    }
    return left.length > 0 ? `${left.length} boxes too many` : maskFailure(expected, found);
  }
  if (expected.kind === 'mask') {
    const other = expected.mask.filter((kind, place) => found.mask.data[place] !== kind).length;
    return other > OTHER_CLASS * expected.mask.length ? `${other} places of another class` : undefined;
  }
  if (expected.kind === 'embedding')
    return expected.embedding.every((value, place) => Math.abs(found.embedding[place] - value) <= SCORE) ? undefined : `${found.embedding}`;
  return expected.kind === 'picture' && String(found.picture) !== String(expected.size) ? `a picture of ${found.picture}` : undefined;
}

/** What is wrong with the masks of boxes, or undefined. */
function maskFailure({ masks = [], grid = [] }, { boxes, frame }) {
  if (boxes.some(({ mask }) => (mask !== null) !== masks.length > 0)) return 'masks where there are none, or none';
  const [rows, columns] = grid;
  for (const [number, expected] of masks.entries()) {
    const { frame: own, width, height, data, share } = boxes[number].mask;
    const first = [(own.y - frame.y) / (frame.height / rows), (own.x - frame.x) / (frame.width / columns)].map(Math.round);
    const found = Array(rows * columns).fill(0);
    data.forEach((has, place) => (found[(first[0] + Math.floor(place / width)) * columns + first[1] + (place % width)] = has));
    const other = found.findIndex((has, place) => expected[place] !== '?' && String(has) !== expected[place]);
    if (other >= 0 || data.length !== width * height) return `mask ${number} is another one at ${other}`;
    if (Math.abs(share - data.reduce((sum, has) => sum + has, 0) / (rows * columns)) > 1e-6) return `a share of ${share}`;
  }
  return undefined;
}

const all = Object.keys(networks);
for (let first = 0; first < all.length; first += BATCH) {
  const batch = all.slice(first, first + BATCH);
  test(`what networks give from ${batch[0]} to ${batch.at(-1)} is what onnxruntime gives`, async ({ openBlank, engine }) => {
    test.setTimeout(600_000);
    const page = await openBlank();
    const list = batch.map((name) => ({ name, recipe: networks[name].recipe }));
    const found = await page.evaluate(lookAtAll, { engine, list });
    const wrong = batch.flatMap((name) => {
      const detail = 
        isRefused(name, found[name]) ? undefined : failure(networks[name], found[name]) ?? camFailure(name, networks[name], found[name]);
      return detail ? [`${name}: ${detail}`] : [];
    });
    expect(wrong).toEqual([]);
    for (const name of batch) {
      if (networks[name].recipe === null && networks[name].kind === 'boxes') expect(found[name].gives.names).toEqual(names);
    }
  });
}

/** What is wrong with Grad-CAM of the best box or the largest class: it follows the score natively (tests/gives.rs). */
function camFailure(name, { kind }, { cam }) {
  if (kind !== 'boxes' && kind !== 'mask') return cam === null ? undefined : 'there is nothing to ask about';
  if (name === 'torchvision_lists') return cam === 'unsupported-op' ? undefined : `${cam}`;
  return Array.isArray(cam) && cam.every(Number.isFinite) ? undefined : `Grad-CAM is ${cam}`;
}

/** WebGPU has no Gather by places that are computed. What was forced stays there, and shows its maps alone with the reason. */
function isRefused(name, { device, missing, silence }) {
  const is = name === 'torchvision_lists' && device === 'webgpu';
  if (is) expect([missing?.message.includes('Gather'), silence]).toEqual([true, 'no-scores']);
  else expect(missing).toBeNull();
  return is;
}
