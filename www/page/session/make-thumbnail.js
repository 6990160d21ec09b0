import { alertOf } from '../changes.js';
import { text } from '../text.js';
import { setThumbnail } from './tray.js';

/** @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError */

/**
 * Has the engine make the photo's copy for the page. A photo that cannot be read leaves the tray.
 * @param {import('./core.js').Core} core
 * @param {Pick<import('../state.js').Photo, 'id' | 'name' | 'source'>} photo
 * @param {number} size of the longer side, in pixels
 */
export async function askForThumbnail(core, { id, name, source }, size) {
  if (!core.scope) return;
  try {
    const { bitmap, width, height } = await core.scope.thumbnail(source, { size });
    setThumbnail(core, id, bitmap, width, height);
  } catch (error) {
    const { code, message } = /** @type {FeaturescopeError} */ (error);
    if (code === 'closed' || code === 'worker-lost' || code === 'cancelled') return;
    // The file is there; what the engine is made of is not, which the look at it says.
    if (code === 'network' && source instanceof Blob) return;
    core.set({
      photos: core.state.photos.filter((photo) => photo.id !== id),
      errors: [...core.state.errors, alertOf(core, text.errors.about(name, message, code), name)],
    });
  }
}
