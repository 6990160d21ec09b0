import { toError } from '../../api/errors.js';
import { alertOf } from '../changes.js';
import { imageOf } from '../state.js';
import { text } from '../text.js';
import { withoutUnseen } from './failure.js';

/**
 * @typedef {import('./core.js').Alerts} Alerts
 * @typedef {import('./core.js').Core} Core
 * @typedef {import('./core.js').Model} Model
 * @typedef {import('../state.js').Photo} Photo
 */

/**
 * `photo`: null where it cannot be shown, which `alert` says.
 * @typedef {{ secondLook: import('../../featurescope.js').Look | null, photo: Photo | null, alert: Alerts[number] | null }} Beside
 */

/**
 * The look at the photo beside the one looked at.
 * @param {Core} core
 * @param {Model} model
 * @param {import('../../api/types.js').LookOptions & { signal: AbortSignal }} options
 * @param {Photo} photo
 * @returns {Promise<Beside>}
 */
export async function lookBeside(core, model, options, photo) {
  const { state } = core;
  try {
    const secondLook = await model.look(imageOf(photo, model), { ...options, erase: photo.strokes });
    // The photo beside may have been taken away meanwhile.
    if (state.comparison === photo.id) return { secondLook, photo, alert: null };
    secondLook.close();
    return { secondLook: null, photo, alert: null };
  } catch (error) {
    const { code, message } = toError(error);
    if (options.signal.aborted || !(code === 'bad-image' || code === 'too-large' || code === 'network')) throw error;
    // The photo itself has been looked at, and the one beside it must not keep it from being shown.
    const { id, name } = photo;
    const alert = alertOf(core, text.errors.about(name, message, code), name);
    core.set({ photos: withoutUnseen(state.photos, id), comparison: null, errors: [...state.errors, alert] });
    return { secondLook: null, photo: null, alert };
  }
}
