import { checkChoice, checkNumber, checkWhole, layerOf } from './arguments.js';
import { checkSeed, checkTarget } from './draw-arguments.js';
import { FeaturescopeError } from './errors.js';
import { spread } from './many.js';
import { text as more } from './more-text.js';

/**
 * Ways to draw by name: which of the engine's two each is, and what holds where an option is left out. `article` stays what it always was, to
 * the pixel: links, snapshots and scripts name it. `smooth` is the same way, held back so that it looks well.
 * @type {Record<string, { way: 'article' | 'modern', size: number, steps: number, blur: number, totalVariation: number, l2: number }>}
 */
const WAYS = {
  article: { way: 'article', size: 230, steps: 20, blur: 0, totalVariation: 0, l2: 0 },
  smooth: { way: 'article', size: 230, steps: 20, blur: 1.2, totalVariation: 8, l2: 0 },
  modern: { way: 'modern', size: 128, steps: 512, blur: 0, totalVariation: 0, l2: 0 },
};

/**
 * Draws what is asked for.
 * @param {import('./model.js').Model} model
 * @param {import('./model.js').Inside} inside
 * @param {import('./types.js').DrawTarget} target
 * @param {import('./types.js').DrawOptions & import('./types.js').CallOptions} options
 */
export async function draw(model, inside, { layer = model.defaultLayer, ...target }, options) {
  const { preset = 'article', seed = 1, article = false, signal, onProgress, pause } = options;
  checkChoice('preset', preset, Object.keys(WAYS));
  if (target.classIndex !== undefined && model.scores === null)
    throw new FeaturescopeError('bad-argument', more.noScores(model.results));
  const wanted = checkTarget(
    target,
    target.classIndex === undefined ? layerOf(model.layers, layer) : null,
    model.classes,
  );
  const { way, ...defaults } = WAYS[preset];
  const { size, steps, blur, totalVariation, l2 } = { ...defaults, ...withoutGaps(options, Object.keys(defaults)) };
  checkWhole('size', size, 1);
  checkWhole('steps', steps, 1);
  checkSeed(seed);
  for (const [name, value] of Object.entries({ blur, totalVariation, l2 })) checkNumber(name, value);
  const asked = { preset: way, layer, ...wanted, size, steps, seed, blur, totalVariation, l2, article };
  /** @type {import('./types.js').EngineDrawing & { engine: import('./types.js').EngineInfo }} */
  const { image, engine, ...drawing } = await spread(
    model,
    inside,
    'drawings',
    ({ messenger, handle }) =>
      messenger.request('draw', { model: handle, options: asked }, { signal, onProgress, pause }),
    signal,
  );
  return { ...drawing, engine, image: new ImageData(image.data, image.width, image.height) };
}

/**
 * Those of the options that are given.
 * @param {Record<string, any>} options
 * @param {string[]} names
 */
function withoutGaps(options, names) {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}
