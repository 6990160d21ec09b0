import { currentLayer } from '../../../page/facts.js';
import { currentPhoto } from '../../../page/state.js';
import { h, setText, whenChanged } from '../../../ui/dom.js';
import { loadStyle } from '../../../ui/load-style.js';
import { paintThumbnail } from '../../../ui/thumbnail.js';
import { join, part, singles } from './changes.js';
import { mapAt, middle, sliceWith } from './slices.js';
import { text } from './text.js';

/**
 * @typedef {import('../../../page/session/session.js').Session} Session
 * @typedef {import('../../../page/state.js').Photo} Photo
 * @typedef {import('../../../page/state.js').State} State
 */

/** The longer side of a slice's copy on the page, in pixels: that of other photos. */
const SIZE = 640;

/**
 * What a network that takes a stack of slices is given: one photo as all of them, or the visitor's pictures, of which one shows.
 * @param {Session} session
 */
export async function createVolume(session) {
  await loadStyle('volume.css', import.meta.url);
  const says = h('p', { role: 'status' });
  const joins = h('button', { type: 'button', className: 'small', onclick: () => join(session) });
  const parts = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: () => {
        const photo = currentPhoto(session.state);
        if (photo) part(session, photo);
      },
    },
    text.part,
  );
  const slice = createSlice(session);
  return {
    element: h(
      'div',
      { className: 'volume', 'data-testid': 'volume' },
      slice.element,
      says,
      h('p', { className: 'buttons' }, joins, parts),
    ),
    /** @param {State} state */
    update(state) {
      const photo = currentPhoto(state);
      const taken = state.model?.takes.slices ?? 1;
      const own = singles(session).length;
      joins.hidden = taken === 1 || own < 2;
      setText(joins, text.join(own));
      parts.hidden = !photo?.slices;
      setText(says, photo ? sentence(photo, taken, own) : '');
      slice.update(state, photo);
    },
  };
}

/**
 * @param {Photo} photo
 * @param {number} taken slices of the network
 * @param {number} own pictures that could be slices
 */
function sentence({ slices, source }, taken, own) {
  const pictures = slices?.length ?? 0;
  if (taken === 1) return slices ? text.flat(pictures, /** @type {File} */ (source).name) : '';
  if (!slices) return own < 2 ? text.one(taken) : text.many(taken, own);
  if (pictures === taken) return text.each(taken);
  return pictures < taken ? text.fewer(taken, pictures) : text.more(taken, pictures);
}

/**
 * Which slice shows: that of the open map, and the map goes along with it.
 * @param {Session} session
 */
function createSlice(session) {
  const range = h('input', { type: 'range', min: '1', step: '1' });
  const says = h('output', { className: 'numbers' });
  const about = h('p', { className: 'note' });
  const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
  const draw = whenChanged((/** @type {ImageBitmap} */ bitmap) => paintThumbnail(canvas, bitmap));
  const element = h(
    'div',
    { className: 'volume-slice' },
    canvas,
    h('div', {}, h('label', {}, h('span', {}, text.slice), range), says, about),
  );
  /** Of the network, and the photo that it was chosen for. */
  let chosen = { slice: 0, photo: 0 };
  range.addEventListener('input', () => {
    const { look, openMap } = session.state;
    const slices = look?.slices?.length ?? 0;
    chosen.slice = Math.min(slices, range.valueAsNumber) - 1;
    const map = mapAt(openMap ?? 0, currentLayer(session.state)?.slices ?? 1, chosen.slice, slices);
    // What shows is drawn again where the map stays as well.
    if (map === openMap) session.set({});
    else session.openMap(map);
  });
  const show = createShow(session);

  return {
    element,
    /** @param {State} state @param {Photo | null} photo */
    update(state, photo) {
      const { look, openMap } = state;
      const places = look?.slices;
      element.hidden = !photo?.slices || !places;
      if (!photo?.slices || !places || openMap === null) return;
      const slices = places.length;
      if (chosen.photo !== photo.id) chosen = { slice: middle(slices), photo: photo.id };
      const ofLayer = currentLayer(state)?.slices ?? 1;
      chosen.slice = sliceWith(openMap, ofLayer, Math.min(chosen.slice, slices - 1), slices);
      const file = photo.slices[places[chosen.slice]];
      const words = text.at(chosen.slice + 1, slices, file.name);
      range.max = String(slices);
      range.value = String(chosen.slice + 1);
      range.setAttribute('aria-valuetext', words);
      setText(says, words);
      about.hidden = ofLayer === 1;
      setText(about, text.map(openMap, Math.floor(openMap / ofLayer), (openMap % ofLayer) + 1, ofLayer));
      show(photo, file);
      if (photo.thumbnail) draw(photo.thumbnail);
    },
  };
}

/**
 * The picture of a slice takes the place of the photo's on the page.
 * @param {Session} session
 */
function createShow(session) {
  /** What shows, of which photo. @type {{ photo: number, file: File | null }} */
  let shown = { photo: 0, file: null };
  let isAsking = false;

  /** @param {Photo} photo @param {File} file */
  return async function show(photo, file) {
    if (isAsking || !session.scope || (shown.photo === photo.id && shown.file === file)) return;
    isAsking = true;
    shown = { photo: photo.id, file };
    try {
      const { bitmap, width, height } = await session.scope.thumbnail(file, { size: SIZE });
      session.setThumbnail(photo.id, bitmap, width, height);
    } catch {
      // The look at it says what is wrong.
    } finally {
      isAsking = false;
      // Another one may be wanted by now.
      session.set({});
    }
  };
}
