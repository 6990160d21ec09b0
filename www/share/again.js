/**
 * Computes again what a record says beside the means of its maps, from what is in it. Nothing here knows the DOM.
 */

import { Collection } from '../classes/collection.js';
import { Study } from '../classes/study.js';
import { lastMean } from '../questions/draw/drawn.js';
import { askedFor } from '../questions/draw/target.js';
import { FeaturescopeError } from '../api/errors.js';
import { loadSuperclasses, tiedOutputs, untiedNames } from '../api/tied-outputs.js';
import { ablationNumbers, alarmNumbers, camNumbers, classNumbers } from './numbers-of.js';
import { text } from './recomputed-text.js';

/**
 * @typedef {import('./record.js').Recorded} Recorded
 * @typedef {import('./results.js').Results} Results
 * @typedef {import('../featurescope.js').Model} Model
 */

/**
 * The images as they were sorted, with what was tied to the classes.
 * @param {Recorded} recorded
 * @returns {Collection}
 * @throws {FeaturescopeError} `no-picture` where one is not in the record
 */
function sorted({ finding, record, files }) {
  const images = new Map(
    record.pictures.flatMap(({ image, path, name }) => {
      const blob = files.get(path);
      return blob ? [/** @type {const} */ ([image, new File([blob], name, { type: blob.type })])] : [];
    }),
  );
  const collection = new Collection();
  // As they stood there: which half of them chooses a threshold goes by their order.
  collection.columns = finding.classes.map(({ name, role, images: places }, id) => ({
    id,
    name,
    role,
    images: places.map((place) => {
      const image = images.get(place);
      if (!image) throw new FeaturescopeError('no-picture', text.noImages);
      return image;
    }),
  }));
  for (const { name, outputs } of finding.classes) collection.tie(name, outputs);
  return collection;
}

/**
 * The maps of the classes, and the numbers that follow from them.
 * @param {Recorded} recorded
 * @param {Model} model with the record's recipe
 * @param {{ signal: AbortSignal, onImage: (done: number, total: number) => void }} options
 * @returns {Promise<{ classes: import('./finding.js').Claim['classes'] } & Pick<Results, 'confusion' | 'sums' | 'alarm'>>}
 */
export async function classesAgain(recorded, model, options) {
  const {
    finding: { arrangement = {}, view, layer: looked, n1, n2, seed },
    record,
  } = recorded;
  const collection = sorted(recorded);
  const article = arrangement.article ?? view.article;
  const layer = arrangement.layer ?? looked ?? model.defaultLayer;
  const study = await Study.begin(model, article ? { article } : { layer }, {
    layer: article ? model.article.layer : layer,
    title: model.title,
    owned: false,
    source: null,
    original: null,
  });
  try {
    await study.see(collection.images(), options);
    const classMaps = await study.classMaps(study.placed(collection.sources()), { perImage: n1, perClass: n2 });
    await loadSuperclasses(model.labels);
    const bench = {
      collection,
      outputs: (/** @type {Study} */ _study, /** @type {string[]} */ names) =>
        tiedOutputs(names, collection.ties, model.labels),
      untied: (/** @type {Study} */ _study, /** @type {string[]} */ names) =>
        untiedNames(names, collection.ties, model.labels),
    };
    const { alarm } = record.results ?? {};
    return {
      classes: classMaps.map(({ name, maps }) => ({
        name,
        maps: maps.map(({ map }) => map),
        counts: maps.map(({ count }) => count),
      })),
      ...(await classNumbers(bench, { study, classMaps })),
      ...(alarm
        ? { alarm: await alarmNumbers(bench, { study, classMaps }, { ...alarm, maps: singleOf(recorded), seed }) }
        : {}),
    };
  } finally {
    study.close();
  }
}

/** The maps of the class that the alarm was asked of; none: all. @param {Recorded} recorded */
function singleOf({ finding: { question, subject } }) {
  return question === 'unique' ? subject.maps : [];
}

/**
 * @param {NonNullable<Results['cam']>} cam
 * @param {import('../featurescope.js').Look} look
 * @param {AbortSignal} signal
 */
export async function camAgain({ classIndex, label }, look, signal) {
  return camNumbers(await look.cam(classIndex, { signal }), label);
}

/**
 * @param {NonNullable<Results['ablation']>} ablation
 * @param {import('../featurescope.js').Look} look
 * @param {AbortSignal} signal
 */
export async function ablationAgain({ maps, to, outputs }, look, signal) {
  const fewerToo = outputs.some(({ random }) => random !== null);
  return ablationNumbers(maps, to, await look.ablate(maps, { to, signal }), {
    outputs: outputs.map(({ index }) => index),
    fewerToo,
  });
}

/**
 * @param {import('./results.js').RecordedDrawing} drawing
 * @param {Model} model
 * @param {import('../api/types.js').CallOptions} options
 */
export async function drawAgain(
  { layer, map, target, path: _path, activation: _activation, ...settings },
  model,
  options,
) {
  const asked = askedFor({ layer, map, ...(target ? { target } : {}) });
  const { image, activations } = await model.draw(asked, { ...settings, ...options });
  return { image, activation: lastMean(activations) };
}
