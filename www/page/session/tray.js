/** The photos at hand, and their copies for the page. */

import { part } from '../../api/errors.js';
import { shownName } from '../shown-names.js';
import { text } from '../text.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../state.js').Photo} Photo
 * @typedef {import('./core.js').Core} Core
 */

/** Longer sides of a photo's copy on the page, in pixels: the one looked at, and those in the tray, which may be a thousand. */
export const PHOTO_SIZE = 640;
export const TRAY_SIZE = 160;

/** Photos that are looked at later. @param {Core} core @param {File[]} files */
export function addToTray(core, files) {
  const added = files.map((file) => ({
    id: core.newId(),
    name: shownName(file) || text.tray.pasted,
    source: file,
    strokes: [],
  }));
  core.set({ photos: [...core.state.photos, ...added] });
  return added;
}

/** @param {Core} core @param {Omit<Photo, 'id' | 'strokes'>[]} samples */
export function addSamples(core, samples) {
  const photos = samples.map((sample) => ({ ...sample, id: core.newId(), strokes: [] }));
  core.set({ photos: [...core.state.photos, ...photos], photo: core.state.photo ?? photos[0]?.id ?? null });
}

/**
 * Makes the photo's copy for the page, unless there is one of that size.
 * @param {Core} core
 * @param {Photo} photo
 * @param {number} size of the longer side, in pixels
 */
export async function makeThumbnail(core, { id, name, source }, size) {
  const {
    thumbnail,
    width: full = 0,
    height: fullHeight = 0,
  } = core.state.photos.find((photo) => photo.id === id) ?? {};
  const there = thumbnail && Math.max(thumbnail.width, thumbnail.height) >= Math.min(size, Math.max(full, fullHeight));
  if (there || !core.scope) return;
  await (await part(import('./make-thumbnail.js'))).askForThumbnail(core, { id, name, source }, size);
}

/**
 * @param {Core} core
 * @param {number} id
 * @param {ImageBitmap} thumbnail
 * @param {number} width of the photo itself
 * @param {number} height
 */
export function setThumbnail(core, id, thumbnail, width, height) {
  core.set({
    photos: core.state.photos.map((photo) => (photo.id === id ? { ...photo, thumbnail, width, height } : photo)),
  });
}

/** The camera's last picture becomes a photo like any other. @param {Core} core */
export function endFrames(core) {
  core.frame = null;
}
