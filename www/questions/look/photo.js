import { currentPhoto, givesMore } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { createLate } from '../../ui/late.js';
import { createEraserBar } from './eraser-bar.js';
import { paint } from '../../ui/overlay-canvas.js';

/** A photo is at most this high on the page, in CSS pixels; larger while parts of it are erased. */
const HEIGHT = 150;
const HEIGHT_TO_ERASE = 300;
/** The same where what the network finds lies on it. */
const HEIGHT_OF_FINDS = 300;

/**
 * The photo looked at, as it was brought, with the eraser.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createPhoto(root, session) {
  const canvas = h('canvas', { className: 'photo', width: 4, height: 3, role: 'img' });
  const caption = h('figcaption', { className: 'note' });
  const frame = h('div', { className: 'photo-frame' }, canvas);
  // As high as most photos before there is one.
  frame.style.width = `${(HEIGHT * 4) / 3}px`;
  const loadFinds = async () => (await import('./gives/over-photo.js')).createOverPhoto(session);
  const finds = createLate('', loadFinds, (error) => session.report(error));
  frame.append(finds.element);
  const eraser = createEraserBar(session, frame);
  root.append(
    h('h2', { id: 'photo-heading', className: 'visually-hidden' }, text.photo.heading),
    h('figure', {}, frame, caption),
    eraser.element,
  );
  const draw = whenChanged((/** @type {ImageBitmap | undefined} */ bitmap, /** @type {number} */ height) => {
    if (!bitmap) {
      // No picture of another photo may stand above this one's name.
      canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    paint(canvas, bitmap);
    // The frame has the photo's proportions, so that the eraser's canvas lies on it pixel by pixel.
    frame.style.width = `min(100%, ${Math.round((height * bitmap.width) / bitmap.height)}px)`;
  });

  return {
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const photo = currentPhoto(state);
      const found = givesMore(state) && (state.look?.boxes || state.look?.mask) ? state.look : null;
      draw(photo?.thumbnail, state.erasing ? HEIGHT_TO_ERASE : found ? HEIGHT_OF_FINDS : HEIGHT);
      // What is on it is the answer.
      root.classList.toggle('answers', found !== null);
      finds.element.hidden = found === null;
      finds.update(state, found);
      canvas.setAttribute('aria-label', photo ? (photo.alt ?? text.photo.alt(photo.name)) : '');
      setText(caption, photo?.name ?? '');
      caption.title = photo?.credit ?? '';
      eraser.update(state);
    },
  };
}
