import { currentPhoto } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';

/**
 * The button that starts the eraser. The eraser itself loads when there is something for it to show.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} frame of the photo, which the eraser's canvas lies in
 */
export function createEraserBar(session, frame) {
  const toggle = h('button', { type: 'button', className: 'small', onclick: () => session.toggleErasing() });
  const buttons = h('p', { className: 'buttons' }, toggle);
  const element = h('div', { className: 'eraser-bar' }, buttons);
  /** @type {import('../../page/state.js').State} */
  let latest;
  /** @type {Awaited<ReturnType<typeof import('./eraser.js').createEraser>> | undefined} */
  let eraser;
  /** @type {Promise<void> | undefined} */
  let loading;

  async function load() {
    try {
      eraser = await (await import('./eraser.js')).createEraser(session, buttons);
      frame.append(eraser.canvas);
      element.append(eraser.element);
      eraser.update(latest);
    } catch (error) {
      loading = undefined;
      session.stopErasing();
      session.report(error);
    }
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      latest = state;
      const photo = currentPhoto(state);
      setText(toggle, state.erasing ? text.eraser.stop : text.eraser.start);
      toggle.setAttribute('aria-pressed', String(state.erasing));
      toggle.disabled = !photo?.thumbnail;
      if (state.erasing || photo?.strokes.length) if (!loading) loading = load();
      eraser?.update(state);
    },
  };
}
