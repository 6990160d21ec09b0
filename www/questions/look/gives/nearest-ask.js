import { toError } from '../../../api/errors.js';
import { keepVector } from './changes.js';
import { vectorOf } from './similarity.js';
import { imageOf } from '../../../page/state.js';

/** At most so many photos are looked at, those that came first. */
export const MOST_PHOTOS = 40;

/**
 * Looks at the other photos at hand for their embeddings, one after another. Any newer look ends this.
 * @param {import('../../../page/session/session.js').Session} session
 */
export async function askNeighbours(session) {
  const { state, model, running } = session;
  const { look, model: shown, article, photo: current } = state;
  if (!model || !shown || !look?.embedding) return;
  const { signal } = running;
  for (const photo of state.photos.slice(0, MOST_PHOTOS)) {
    if (session.state.look !== look || signal.aborted) return;
    const { source, strokes } = photo;
    if (vectorOf(session.state, photo)) continue;
    const keep = (/** @type {Float32Array} */ values) =>
      keepVector(session, { model: shown, source, strokes, article, values });
    if (photo.id === current) {
      keep(look.embedding);
      continue;
    }
    try {
      const layer = article ? {} : { layer: look.layer };
      const other = await model.look(imageOf(photo, model), { ...layer, article, erase: strokes, signal });
      if (other.embedding) keep(other.embedding);
      other.close();
    } catch (error) {
      const { code } = toError(error);
      // What is wrong with one photo is said when it is looked at.
      if (code !== 'bad-image' && code !== 'too-large' && code !== 'network') return;
    }
  }
}
