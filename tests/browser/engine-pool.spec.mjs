// Work over many, spread over several workers through the public API: bit for bit what a single worker gives, whatever happens on the way.

import { expect, test } from './engine/fixtures.mjs';

/** Runs in the page: images of two classes, and what `ask` makes of a model with so many workers. */
async function prepare() {
  const started = [];
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      started.push(this);
    }
  };
  const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
  const bitmap = await createImageBitmap(await (await fetch(`${globalThis.root}models/photos/astronaut.jpg`)).blob());
  const canvas = new OffscreenCanvas(160, 160);
  const context = canvas.getContext('2d');
  const files = [];
  for (let place = 0; place < 32; place++) {
    context.drawImage(bitmap, place * 7, place * 3, 200, 200, 0, 0, 160, 160);
    files.push(new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })], `${place}.jpg`));
  }
  const classes = [{ name: 'many', images: files.slice(0, 27) }, { name: 'few', images: files.slice(27) }];
  globalThis.withWorkers = async (workers, ask) => {
    started.length = 0;
    const scope = await Featurescope.create({ engine: 'cpu', workers });
    const value = await ask({ model: await scope.open('squeezenet1.1'), classes, files, started });
    scope.close();
    return { value, started: started.length };
  };
  /** Everything that a set of the images says. `onDone` is told how many it has. */
  globalThis.seeAll = async ({ model, classes }, onDone = () => {}, signal) => {
    const set = await model.imageSet(['many', 'few']);
    const progress = [];
    const code = await set.addAll(classes, { signal, onProgress: ({ done }) => (progress.push(done), onDone(done)) }).catch((error) => error.code);
    const kept = set.classes.map(({ images }) => images.length);
    const size = kept[0] + kept[1];
    const [said, sums, over, classMaps] = [await set.said(), await set.allSums([1, 7, 300]), await set.map(281), await set.classMaps()];
    set.close();
    const values = { said: [...said], sums: [...sums], means: [...over.means], maxima: [...over.maxima], peaks: [...over.peaks], classMaps };
    return { code, progress, kept, size, values };
  };
}

test('a folder’s results are those of one worker, also where a worker is lost on the way', { tag: '@cpu' }, async ({ openBlank }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  await page.evaluate(prepare);
  const [one, two, lost] = await page.evaluate(async () => {
    const { withWorkers, seeAll } = globalThis;
    return [
      await withWorkers(1, seeAll),
      await withWorkers(2, seeAll),
      await withWorkers(2, async (open) => {
        // The further worker has begun by then: the first alone would be at its second image.
        const ended = [];
        return seeAll(open, (done) => {
          if (done === 14 && open.started.length > 1) ended.push(open.started[1].terminate());
        });
      }),
    ];
  });
  expect(one.value.values.said).toHaveLength(32);
  expect(one.value.progress).toEqual(Array.from({ length: 32 }, (_, done) => done + 1));
  expect([one.started, two.started]).toEqual([1, 2]);
  expect(two.value).toEqual(one.value);
  expect(lost.started, 'another one came in its place').toBe(3);
  expect(lost.value).toEqual(one.value);
});

test('a cancel ends the work of all workers, and what was seen stays', { tag: '@cpu' }, async ({ openBlank }) => {
  const page = await openBlank();
  await page.evaluate(prepare);
  const { value: [cancelled, again], started } = await page.evaluate(() => globalThis.withWorkers(2, async (open) => {
    const controller = new AbortController();
    const cancelled = await globalThis.seeAll(open, (done) => {
      if (done === 12) controller.abort();
    }, controller.signal);
    return [cancelled, await globalThis.seeAll(open)];
  }));
  expect([cancelled.code, cancelled.size, started]).toEqual(['cancelled', 12, 2]);
  expect([again.code, again.kept]).toEqual([undefined, [27, 5]]);
  expect(again.values.means.slice(0, 12)).toEqual(cancelled.values.means.slice(0, 12));
});

test('Grad-CAM and switching maps off over many images, and drawings, are those of one worker', { tag: '@cpu' }, async ({ openBlank }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  await page.evaluate(prepare);
  const found = (workers) => page.evaluate((workers) => globalThis.withWorkers(workers, async ({ model, files }) => {
    const sum = (values) => values.reduce((total, value, place) => (total + value * (place + 1)) % 1e9, 0);
    const cams = await Promise.all(files.slice(0, 12).map((file) => model.cam(file)));
    const ablations = await Promise.all(files.slice(0, 6).map((file) => model.ablate(file, { maps: [281, 7], controls: 2 })));
    const drawings = await Promise.all([3, 4, 5].map((map) => model.draw({ map }, { preset: 'modern', size: 64, steps: 3 })));
    return {
      cams: cams.map(({ classIndex, data, image }) => [classIndex, [...data], sum(image.data)]),
      ablations: ablations.map(({ after, controls }) => [after.slice(0, 5), controls.map(({ maps, after: there }) => [maps, there[0]])]),
      drawings: drawings.map(({ activations, image }) => [activations, sum(image.data)]),
    };
  }), workers);
  const [one, two] = [await found(1), await found(2)];
  expect([one.started, two.started]).toEqual([1, 2]);
  expect(one.value.cams).toHaveLength(12);
  expect(two.value).toEqual(one.value);
});
