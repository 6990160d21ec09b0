/** What a model is asked about many images. */

import { checkLook, checkMap, layerOf } from './arguments.js';
import { FeaturescopeError } from './errors.js';
import { text as more } from './more-text.js';
import { ImageSet, checkCounts, checkTies } from './image-set.js';
import { roomHere } from './room.js';
import { poolOf, spread, workersOf } from './many.js';

/**
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./image-set.js').ImageClass} ImageClass
 * @typedef {import('./types.js').LookOptions} LookOptions
 * @typedef {import('./model.js').Model} Model
 */

/** Images to ask for at a time, for each worker: the one that it looks at, the next, and one that waits for its turn in the set. */
const ASKED_FOR_EACH = 3;

/**
 * An empty set, to which images are added.
 * @param {Model} model
 * @param {import('./model.js').Inside} inside
 * @param {string[]} names
 * @param {LookOptions} options
 */
export async function imageSet(model, inside, names, options) {
  const { messenger, picture, handle } = inside;
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new FeaturescopeError('bad-argument', more.sameClassTwice(twice));
  await checkLook(model.layers, options);
  const content = { model: handle, options };
  const channels = channelsOf(model, options);
  // The graphics card leaves the cores to decoders.
  const ahead = model.engine.device === 'webgpu' ? roomHere(0) : 1;
  const about = { names, channels, classes: model.classes, ahead };
  const set = await messenger.request('imageSet', content);
  if (!poolOf(model, inside)) return new ImageSet(messenger, picture, set, about);
  return new ImageSet(messenger, picture, set, about, {
    atOnce: ASKED_FOR_EACH * workersOf(model, inside),
    see: (request, signal) =>
      spread(model, inside, 'pictures', (place) => request(place.messenger, { model: place.handle, options }), signal),
  });
}

/**
 * Which maps belong to which class.
 * @param {Model} model
 * @param {ImageClass[]} classes
 * @param {LookOptions & CallOptions & { perImage?: number, perClass?: number }} options
 */
export async function classMaps(model, classes, { perImage, perClass, ...options }) {
  // Before all images are looked at.
  checkCounts({ perImage, perClass });
  return ask(model, classes, options, (set) => set.classMaps({ perImage, perClass }));
}

/**
 * The sums of the activations of classes' maps, for every image.
 * @param {Model} model
 * @param {import('./types.js').ClassMaps[]} found
 * @param {ImageClass[]} testClasses
 * @param {LookOptions & CallOptions} options
 * @returns {Promise<Record<string, Record<string, Float32Array>>>}
 */
export async function classSums(model, found, testClasses, options) {
  const channels = channelsOf(model, options);
  for (const { maps } of found) for (const { map } of maps) checkMap(map, channels);
  return ask(model, testClasses, options, async (set) => {
    const sums = found.map(async ({ name, maps }) => [name, await set.sums(maps.map(({ map }) => map))]);
    return Object.fromEntries(await Promise.all(sums));
  });
}

/**
 * Which class the network takes each image for.
 * @param {Model} model
 * @param {ImageClass[]} testClasses
 * @param {CallOptions & { ties?: Record<string, number | number[]>, recipe?: import('./types.js').Recipe }} options
 */
export async function confusion(model, testClasses, { ties = {}, ...options }) {
  if (model.scores === null) throw new FeaturescopeError('bad-argument', more.noScores(model.results));
  const names = testClasses.map(({ name }) => name);
  const unknown = Object.keys(ties).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new FeaturescopeError('bad-argument', more.noSuchClass(unknown, names));
  const { loadSuperclasses, tiedOutputs } = await import('./tied-outputs.js');
  await loadSuperclasses(model.labels);
  const tied = tiedOutputs(names, ties, model.labels);
  checkTies(tied, model.classes);
  return ask(model, testClasses, options, (set) => set.confusion(tied));
}

/**
 * Asks a question about a set that is made for it.
 * @template T
 * @param {Model} model
 * @param {ImageClass[]} classes
 * @param {LookOptions & CallOptions} options
 * @param {(set: ImageSet) => Promise<T>} question
 * @returns {Promise<T>}
 */
async function ask(model, classes, { signal, onProgress, ...options }, question) {
  const set = await model.imageSet(
    classes.map(({ name }) => name),
    options,
  );
  try {
    await set.addAll(classes, { signal, onProgress });
    return await question(set);
  } finally {
    set.close();
  }
}

/** How many maps the layer has that is looked at. @param {Model} model @param {LookOptions} options */
function channelsOf({ layers, article, defaultLayer }, options) {
  return layerOf(layers, options.layer ?? (options.article ? article.layer : defaultLayer)).channels;
}
