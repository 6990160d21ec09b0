/** Own pictures become the slices of one volume, and single pictures again. */

import { across, inOrder, middle } from './slices.js';

/**
 * @typedef {import('../../../page/session/session.js').Session} Session
 * @typedef {import('../../../page/state.js').Photo} Photo
 */

/**
 * The pictures at hand that can be slices: the visitor's own, without the camera's.
 * @param {Pick<Session, 'state' | 'frame'>} session
 * @returns {(Photo & { source: File })[]}
 */
export function singles({ state, frame }) {
  return state.photos.filter(
    /** @returns {photo is Photo & { source: File }} */
    (photo) => photo.source instanceof File && photo.source !== frame && !photo.credit && !photo.slices,
  );
}

/**
 * The own pictures become one photo, which is looked at.
 * @param {Session} session
 */
export async function join(session) {
  const { photos, comparison, model } = session.state;
  const own = singles(session);
  if (!model || own.length < 2) return;
  const slices = inOrder(own.map(({ source }) => source));
  const { slices: taken } = model.takes;
  const shown = slices[across(middle(taken), taken, slices.length)];
  const volume = {
    id: session.newId(),
    name: `${slices[0].name} … ${slices[slices.length - 1].name}`,
    // A file of its own, so that nobody takes what was found on the one picture for what was found on all.
    source: new File([shown], shown.name, { type: shown.type }),
    slices,
    strokes: [],
  };
  if (own.some(({ id }) => id === comparison)) session.compareWith(null);
  session.set({ photos: [...photos.filter((photo) => !own.some(({ id }) => id === photo.id)), volume] });
  await session.choosePhoto(volume.id);
  // What could not be looked at as one leaves the tray, which says why; the pictures do not go with it.
  const { photos: left } = session.state;
  if (!left.some(({ id }) => id === volume.id)) session.set({ photos: [...left, ...own] });
}

/**
 * The slices of a volume are photos of their own again, and the first is looked at.
 * @param {Session} session
 * @param {Photo} volume
 */
export async function part(session, { id, slices = [] }) {
  const { photos, comparison } = session.state;
  if (comparison === id) session.compareWith(null);
  session.set({ photos: photos.filter((photo) => photo.id !== id) });
  await session.addPhotos(slices);
}
