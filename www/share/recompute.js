import { FeaturescopeError } from '../api/errors.js';
import { cardFor } from './card.js';
import { text } from './record-text.js';
import { modelOf, otherPictures } from './recorded-sources.js';

/**
 * Runs the network of a record on its picture, with what is in the record.
 * @param {import('./record.js').Recorded} recorded
 * @param {{ model?: File[], picture?: Blob, start?: (options: import('../api/types.js').CallOptions & { engine?: import('../api/types.js').EngineRequest }) => Promise<import('../featurescope.js').Featurescope>, engine?: import('../api/types.js').EngineRequest, onBytes?: import('./download.js').OnBytes } & import('../api/types.js').CallOptions} [options] `model`:
 *   its files, where they are not in the record; `picture`: another one than the recorded; `start`: another way to an engine than a worker of its own
 * @returns {Promise<{ scope: import('../featurescope.js').Featurescope, model: import('../featurescope.js').Model, look: import('../featurescope.js').Look, notes: string[] }>}
 *   `notes`: which files are not those that the finding claims, in sentences
 * @throws {import('../api/errors.js').FeaturescopeError} `needs-model`, `no-picture`, and those of opening and looking
 */
export async function recompute(
  recorded,
  { model: given, picture, start, engine = 'auto', signal, onProgress, onBytes } = {},
) {
  const image = picture ?? pictureOf(recorded);
  if (!image) throw new FeaturescopeError('no-picture', text.view.noPicture);
  const found = await modelOf(recorded, given, { signal, onBytes });
  if (!found) throw new FeaturescopeError('needs-model', text.view.needsModel);
  const { source } = found;
  const notes = [
    ...found.notes,
    ...(picture || recorded.finding.photo === null ? [] : await otherPictures(recorded, [recorded.finding.photo])),
  ];
  const scope = await (start ?? ownEngine)({ engine, signal, onProgress });
  try {
    const { recipe, output, labels } = recorded.finding;
    const own = typeof source !== 'string';
    const model = await scope.open(source, {
      ...(own ? { card: { ...cardFor(recorded), ...(recipe ? { recipe } : {}) } } : {}),
      ...(labels ? { labels } : {}),
      signal,
      onProgress,
    });
    if (recipe) await model.setRecipe(recipe);
    if (output) await model.setOutput(output);
    return {
      scope,
      model,
      look: await lookAt(recorded, model, image, { erased: !picture, signal, onProgress }),
      notes,
    };
  } catch (error) {
    scope.close();
    throw error;
  }
}

/** @type {NonNullable<NonNullable<Parameters<typeof recompute>[1]>['start']>} */
async function ownEngine(options) {
  const { Featurescope } = await import('../featurescope.js');
  return Featurescope.create(options);
}

/**
 * A look as the record's.
 * @param {import('./record.js').Recorded} recorded
 * @param {import('../featurescope.js').Model} model
 * @param {Blob} image
 * @param {{ erased?: boolean } & import('../api/types.js').CallOptions} [options] `erased`: with the eraser's strokes of the recorded picture
 */
export function lookAt({ finding, record }, model, image, { erased = false, signal, onProgress } = {}) {
  const { article, patch } = finding.view;
  const strokes = finding.photo === null || !erased ? [] : finding.images[finding.photo].erased;
  // A link may leave the layer to the model.
  const layer = record.layer.id || model.defaultLayer;
  if (!model.layers.some(({ id }) => id === layer)) throw new FeaturescopeError('bad-argument', text.view.noLayer);
  return model.look(image, { ...(article ? { article } : { layer, patch }), erase: strokes, signal, onProgress });
}

/** The picture that was looked at. @param {import('./record.js').Recorded} recorded */
export function pictureOf({ finding, record, files }) {
  const picture = record.pictures.find(({ image }) => image === finding.photo);
  return picture ? files.get(picture.path) : undefined;
}
