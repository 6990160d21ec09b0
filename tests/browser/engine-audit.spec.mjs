// The five questions through the public API, on real photos and on the story's pictures, against what tests/audit/record.py finds
// in Python with nothing of the product: lists and counts equal, numbers within TOLERANCE of the largest of their kind.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, expect, test } from './engine/fixtures.mjs';

const recorded = JSON.parse(readFileSync(join(ROOT, 'tests/audit/recorded.json'), 'utf8'));

/** The largest acceptable difference, as a part of the largest value. */
const TOLERANCE = 1e-5;

/** @param {ArrayLike<number>} found @param {number[]} wanted @param {string} what @param {number} [largest] */
function expectNear(found, wanted, what, largest = Math.max(...wanted.map(Math.abs))) {
  expect(found.length, `${what}: how many`).toBe(wanted.length);
  const worst = Math.max(...wanted.map((value, place) => Math.abs(found[place] - value)));
  expect(worst / largest, what).toBeLessThanOrEqual(TOLERANCE);
}

/** Asks everything in the page, and returns what can be compared. */
async function ask(page, device, name, folder) {
  return page.evaluate(async ([engine, network, base, { layer, perImage, perClass, ties, sets, looks }]) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const blobs = new Map();
    for (const file of sets.flatMap((set) => Object.values(set).flat())) {
      blobs.set(file, await (await fetch(`${globalThis.root}${base}/${file}`)).blob());
    }
    const scope = await Featurescope.create({ engine });
    const model = await scope.open(network);
    // Each picture is seen once; classMaps, classSums and confusion of a model ask such a set in the same way.
    const asked = [];
    for (const set of sets) {
      const images = await model.imageSet(Object.keys(set), { layer });
      await images.addAll(Object.entries(set).map(([title, files]) => ({ name: title, images: files.map((file) => blobs.get(file)) })));
      asked.push(images);
    }
    const classMaps = await asked[0].classMaps({ perImage, perClass });
    const sums = {};
    for (const { name: of, maps } of classMaps) sums[of] = await asked.at(-1).sums(maps.map(({ map }) => map));
    const confusion = await Promise.all(asked.map((images) => images.confusion(images.classes.map(({ name: title }) => ties[title]))));
    const seen = [];
    for (const { file, class: classIndex, off } of looks) {
      const look = await model.look(blobs.get(file), { layer });
      const cam = await look.cam(classIndex);
      const after = {};
      for (const to of ['zero', 'mean']) after[to] = (await look.ablate(off, { to, controls: 0 })).after.map(({ index, probability }) => [index, probability]);
      seen.push({
        first: look.predictions[0].index, top: look.top(perImage).map(({ map }) => map), means: [...look.means],
        probabilities: look.predictions.map(({ index, probability }) => [index, probability]),
        weights: [...cam.weights], cells: [...cam.cells.data], after,
      });
      look.close();
    }
    const used = scope.engine.device;
    scope.close();
    const plain = Object.fromEntries(Object.entries(sums).map(([of, byClass]) =>
      [of, Object.fromEntries(Object.entries(byClass).map(([title, values]) => [title, [...values]]))]));
    return { used, classMaps, sums: plain, confusion, seen };
  }, [device, name, folder, recorded[name]]);
}

/** @param {[number, number][]} pairs by class, in any order */
const inOrder = (pairs) => [...pairs].sort(([one], [other]) => one - other).map(([, probability]) => probability);

function compare(found, wanted) {
  expect(found.classMaps).toEqual(wanted.classMaps);
  expect(found.confusion).toEqual(wanted.confusion);
  const largest = Math.max(...Object.values(wanted.sums).flatMap((byClass) => Object.values(byClass).flat()));
  for (const [of, byClass] of Object.entries(wanted.sums)) {
    for (const [title, values] of Object.entries(byClass)) expectNear(found.sums[of][title], values, `sums of ${of} on ${title}`, largest);
  }
  wanted.looks.forEach((look, place) => {
    const seen = found.seen[place];
    expect(seen.first, `${look.file}: class`).toBe(look.class);
    expect(seen.top, `${look.file}: strongest maps`).toEqual(look.top);
    expectNear(seen.means, look.means, `${look.file}: means`);
    expectNear(inOrder(seen.probabilities), look.probabilities, `${look.file}: probabilities`);
    expectNear(seen.weights, look.weights, `${look.file}: weights of Grad-CAM`);
    expectNear(seen.cells, look.cells, `${look.file}: cells of Grad-CAM`);
    for (const [to, probabilities] of Object.entries(look.after)) {
      expectNear(inOrder(seen.after[to]), probabilities, `${look.file}: maps set to ${to}`);
    }
  });
}

test('real photos: the five questions are answered as in Python', { tag: '@cpu' }, async ({ openBlank, engine }) => {
  test.setTimeout(600_000);
  const found = await ask(await openBlank(), engine, 'squeezenet1.1', 'tests/audit/photos');
  expect(found.used).toBe(engine);
  compare(found, recorded['squeezenet1.1']);
});

// A software adapter takes minutes for each of these, so that one of them has to do there; SqueezeNet's Grad-CAM and
// switched-off maps have tests of their own on both engines, its classes one on the CPU.
for (const [name, tag] of [['story-plain', ['@cpu']], ['story-augmented', ['@cpu']], ['story-adapted', []]]) {
  test(`the story: the five questions are answered as in Python by ${name}`, { tag }, async ({ openBlank, engine }) => {
    test.setTimeout(600_000);
    const found = await ask(await openBlank(), engine, name, 'models/story');
    expect(found.used).toBe(engine);
    compare(found, recorded[name]);
  });
}
