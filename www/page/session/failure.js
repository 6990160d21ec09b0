/** What fails, and what the page goes back to. What is to follow is given back: the caller knows how to look and how to start. */

import { toError } from '../../api/errors.js';
import { text as apiText } from '../../api/text.js';
import { alertOf } from '../changes.js';
import { currentPhoto } from '../state.js';
import { text } from '../text.js';
import { dropCandidate } from './request.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../state.js').State} State
 * @typedef {import('./core.js').Alerts} Alerts
 * @typedef {import('./core.js').Core} Core
 * @typedef {{ next: 'look' | 'start', standing: Alerts } | null} Step `standing`: alerts that stay after a success
 */

/**
 * After a look that failed or was cancelled.
 * @param {Core} core
 * @param {AbortController} controller
 * @param {unknown} thrown
 * @param {Alerts} [standing]
 * @returns {Step}
 */
export function lookFailed(core, controller, thrown, standing = []) {
  // A newer request has taken over, and shows its own result.
  if (core.running !== controller) return null;
  const error = toError(thrown);
  if (isNoFailure(core, error)) return null;
  const { code } = error;
  const { candidate, settled } = core;
  const photo = currentPhoto(core.state);
  // A photo that was seen before is not to blame for its size.
  const unusable = code === 'bad-image' || code === 'too-large' ? photo?.id !== settled.photo : false;
  const ofPhoto =
    photo && (unusable || code === 'bad-image' || (code === 'network' && typeof photo.source === 'string'));
  const name = ofPhoto || !candidate ? photo?.name : nameOf(candidate.opened.source);
  const errors = [...standing, alertOf(core, name ? about(core, name, error) : error.message, name)];
  if (candidate && !ofPhoto) return modelFailed(core, errors);
  if (unusable && photo) core.set({ photos: withoutUnseen(core.state.photos, photo.id) });
  core.set({ ...settledChoices(core), progress: null, errors });
  const next = core.state.photo;
  const isShown = !candidate && next === settled.photo;
  return ofPhoto && next !== null && next !== photo.id && !isShown ? { next: 'look', standing: errors } : null;
}

/**
 * After a model could not be opened.
 * @param {Core} core
 * @param {FeaturescopeError} error
 * @param {Alerts} [standing]
 * @returns {Step}
 */
export function openingFailed(core, error, standing = []) {
  if (isNoFailure(core, error)) return null;
  // Without an engine it is not the model that failed.
  const name = core.scope && core.wanted ? nameOf(core.wanted.source) : undefined;
  return modelFailed(core, [...standing, alertOf(core, name ? about(core, name, error) : error.message, name)]);
}

/**
 * The model before goes on; where none has been open yet, what the page begins with is opened instead.
 * @param {Core} core
 * @param {Alerts} errors
 * @returns {Step}
 */
function modelFailed(core, errors) {
  const { wanted, model, scope, askedMeanwhile } = core;
  dropCandidate(core);
  if (scope) core.wanted = null;
  core.set({ ...(askedMeanwhile ? {} : settledChoices(core)), progress: null, errors });
  if (model && askedMeanwhile) return { next: 'look', standing: errors };
  return !model && scope && wanted ? { next: 'start', standing: errors } : null;
}

/**
 * Deals with what ends a request and is neither the model's nor the photo's fault.
 * @param {Core} core
 * @param {FeaturescopeError} error
 */
function isNoFailure(core, error) {
  // The worker tells of its end by itself.
  if (error.code === 'worker-lost' && core.scope) {
    core.recovery ??= core.scope.lost.then(() => {});
    return true;
  }
  if (error.code === 'device-lost') {
    core.recover(error);
    return true;
  }
  if (error.code !== 'cancelled') return false;
  dropCandidate(core);
  core.wanted = null;
  core.set({ ...settledChoices(core), progress: null, notice: apiText.errors.cancelled });
  return true;
}

/**
 * @param {Core} core
 * @param {string} name
 * @param {FeaturescopeError} error
 */
function about(core, name, { code, message }) {
  // The CPU engine is a cure only where it was not the one that refused.
  const isLastWord = code === 'unsupported-op' && core.state.engineRequest !== 'webgpu';
  return text.errors.about(name, message, isLastWord ? 'unsupported-on-cpu' : code);
}

/** The choices of what is shown, or the first photo where that one is gone.
 * @param {Core} core
 * @returns {Partial<State>} */
export function settledChoices({ state: { photos, photo, look }, settled }) {
  const has = (/** @type {number | null} */ wanted) => photos.some(({ id }) => id === wanted);
  if (look && has(settled.photo)) return settled;
  return has(photo) ? {} : { photo: photos[0]?.id ?? null };
}

/**
 * A photo that could not be looked at leaves the tray again; one that had been seen before stays.
 * @param {State['photos']} photos
 * @param {number} failed
 */
export function withoutUnseen(photos, failed) {
  return photos.filter(({ id, thumbnail }) => id !== failed || thumbnail);
}

/** @param {import('./core.js').ModelSource} source */
function nameOf(source) {
  if (Array.isArray(source)) {
    const models = source.filter((file) => /\.onnx$/i.test(file.name));
    // Of several none is to blame more than the others.
    return models.length > 1 ? undefined : (models[0] ?? source[0])?.name;
  }
  if (source instanceof File) return source.name;
  return undefined;
}
