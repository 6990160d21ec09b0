import { cosine } from '../../../statistics/cosine.js';

/**
 * The embedding of a photo as it is looked at now, where it is known.
 * @param {Pick<import('../../../page/state.js').State, 'finds' | 'model' | 'article'>} state
 * @param {import('../../../page/state.js').Photo} photo
 */
export function vectorOf({ finds, model, article }, { source, strokes }) {
  const isIt = (/** @type {import('../../../page/state.js').Vector} */ one) =>
    one.model === model && one.source === source && one.strokes === strokes && one.article === article;
  return finds.vectors.find(isIt)?.values ?? null;
}

/**
 * The other photos at hand whose embeddings are known, those most alike first.
 * @param {import('../../../page/state.js').State} state
 */
export function neighbours(state) {
  const { look, photos, photo: current } = state;
  const own = look?.embedding;
  if (!own) return [];
  return photos
    .filter(({ id }) => id !== current)
    .flatMap((photo) => {
      const values = vectorOf(state, photo);
      return values ? [{ photo, similarity: cosine(own, values) }] : [];
    })
    .sort((one, other) => other.similarity - one.similarity || one.photo.id - other.photo.id);
}
