import { currentPhoto } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { createLate } from '../../ui/late.js';

/**
 * The button that starts the eraser. The eraser itself loads when there is something for it to show.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} frame of the photo, which the eraser's canvas lies in
 */
export function createEraserBar(session, frame) {
  const toggle = h('button', { type: 'button', className: 'small', onclick: () => session.toggleErasing() });
  const buttons = h('p', { className: 'buttons' }, toggle);
  const loadEraser = async () => {
    const loaded = await (await import('./eraser.js')).createEraser(session, buttons);
    frame.append(loaded.canvas);
    return loaded;
  };
  const eraser = createLate('', loadEraser, (error) => {
    session.stopErasing();
    session.report(error);
  });

  return {
    element: h('div', { className: 'eraser-bar' }, buttons, eraser.element),
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const photo = currentPhoto(state);
      setText(toggle, state.erasing ? text.eraser.stop : text.eraser.start);
      toggle.setAttribute('aria-pressed', String(state.erasing));
      toggle.disabled = !photo?.thumbnail;
      const wish = state.erasing || photo?.strokes.length ? photo : null;
      eraser.element.hidden = !wish;
      eraser.update(state, wish);
    },
  };
}
