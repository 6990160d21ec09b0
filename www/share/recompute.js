import { FeaturescopeError } from '../errors.js';
import { text } from './record-text.js';

/**
 * Runs the network of a record on its picture, with what is in the record.
 * @param {import('./record.js').Recorded} recorded
 * @param {{ model?: File[], picture?: Blob, engine?: import('../types.js').EngineRequest } & import('../types.js').CallOptions} [options] `model`:
 *   its files, where they are not in the record; `picture`: another one than the recorded
 * @returns {Promise<{ scope: import('../featurescope.js').Featurescope, model: import('../featurescope.js').Model, look: import('../featurescope.js').Look }>}
 * @throws {import('../errors.js').FeaturescopeError} `needs-model`, `no-picture`, and those of opening and looking
 */
export async function recompute(recorded, { model: given, picture, engine = 'auto', signal, onProgress } = {}) {
  const image = picture ?? pictureOf(recorded);
  if (!image) throw new FeaturescopeError('no-picture', text.view.noPicture);
  const source = given ?? modelOf(recorded);
  if (!source) throw new FeaturescopeError('needs-model', text.view.needsModel);
  const { Featurescope } = await import('../featurescope.js');
  const scope = await Featurescope.create({ engine, signal, onProgress });
  try {
    const own = typeof source !== 'string';
    const model = await scope.open(source, { ...(own ? { card: { ...recorded.card, ...(recorded.finding.recipe ? { recipe: recorded.finding.recipe } : {}) } } : {}), signal, onProgress });
    if (recorded.finding.recipe) await model.setRecipe(recorded.finding.recipe);
    return { scope, model, look: await lookAt(recorded, model, image, { erased: !picture, signal, onProgress }) };
  } catch (error) {
    scope.close();
    throw error;
  }
}

/**
 * A look as the record's.
 * @param {import('./record.js').Recorded} recorded
 * @param {import('../featurescope.js').Model} model
 * @param {Blob} image
 * @param {{ erased?: boolean } & import('../types.js').CallOptions} [options] `erased`: with the eraser's strokes of the recorded picture
 */
export function lookAt({ finding, record }, model, image, { erased = false, signal, onProgress } = {}) {
  const { article } = finding.view;
  const strokes = finding.photo === null || !erased ? [] : finding.images[finding.photo].erased;
  // A link may leave the layer to the model.
  const layer = record.layer.id || model.defaultLayer;
  if (!model.layers.some(({ id }) => id === layer)) throw new FeaturescopeError('bad-argument', text.view.noLayer);
  return model.look(image, { ...(article ? { article } : { layer }), erase: strokes, signal, onProgress });
}

/** The picture that was looked at. @param {import('./record.js').Recorded} recorded */
export function pictureOf({ finding, record, files }) {
  const picture = record.pictures.find(({ image }) => image === finding.photo);
  return picture ? files.get(picture.path) : undefined;
}

/**
 * Where the model is to be had: in the record, beside the page, or at an address.
 * @param {import('./record.js').Recorded} recorded
 * @returns {string | File[] | null}
 */
export function modelOf({ finding, record, files }) {
  const { path, parts } = record.model;
  if (path) return [path, ...parts].flatMap((part) => {
    const file = files.get(part);
    return file ? [new File([file], part.slice('model/'.length))] : [];
  });
  if (finding.model.kind === 'bundled') return finding.model.name;
  if (finding.model.kind === 'address') return finding.model.address;
  return null;
}
