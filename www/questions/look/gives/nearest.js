import { h, setText } from '../../../ui/dom.js';
import { paintThumbnail } from '../../../ui/thumbnail.js';
import { MOST_PHOTOS, askNeighbours } from './nearest-ask.js';
import { neighbours } from './similarity.js';
import { text } from './text.js';

/** So many photos are shown. */
const FEW = 6;

/**
 * The photos at hand that are most alike to a network that gives embeddings.
 * @param {import('../../../page/session/session.js').Session} session
 */
export function createNearest(session) {
  const sentence = h('p', { 'data-testid': 'embedding-sentence' });
  const heading = h('p', {});
  const list = h('ol', { className: 'nearest' });
  const element = h('div', {}, sentence, heading, list);
  /** The look for which the other photos were asked about. @type {unknown} */
  let asked = null;
  let drawn = '';

  /** @param {ReturnType<typeof neighbours>[number]} neighbour */
  function createEntry({ photo, similarity }) {
    const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
    if (photo.thumbnail) paintThumbnail(canvas, photo.thumbnail);
    const label = text.alike(photo.name, similarity);
    const choose = () => session.choosePhoto(photo.id);
    const button = h(
      'button',
      {
        type: 'button',
        className: 'thumb',
        'aria-label': label,
        title: photo.name,
        'data-testid': 'nearest',
        onclick: choose,
      },
      canvas,
    );
    return h('li', {}, button, h('span', { className: 'numbers', 'aria-hidden': 'true' }, similarity.toFixed(2)));
  }

  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update(state) {
      const { look, photos, status } = state;
      const vector = look?.embedding ?? null;
      element.hidden = vector === null;
      if (!vector) return;
      setText(sentence, text.embedding(vector.length));
      if (asked !== look && status === 'ready' && photos.length > 1) {
        asked = look;
        askNeighbours(session);
      }
      const found = neighbours(state);
      const isDone = found.length >= Math.min(photos.length, MOST_PHOTOS) - 1;
      setText(heading, photos.length < 2 ? text.alone : isDone ? text.nearest : text.looking);
      const shown = isDone ? found.slice(0, FEW) : [];
      const key = JSON.stringify(
        shown.map(({ photo, similarity }) => [photo.id, similarity, Boolean(photo.thumbnail)]),
      );
      if (key === drawn) return;
      drawn = key;
      list.replaceChildren(...shown.map(createEntry));
    },
  };
}
