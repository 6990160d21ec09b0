import { text } from '../text.js';
import { h, whenChanged } from './dom.js';

/**
 * Errors, each until it is dismissed or something works again.
 * @param {HTMLElement} root
 * @param {import('../session.js').Session} session
 */
export function createAlerts(root, session) {
  const draw = whenChanged((/** @type {import('../state.js').State['errors']} */ errors) => {
    root.replaceChildren(...errors.map(({ id, message }) => h('div', { className: 'alert', role: 'alert' },
      h('p', {}, message),
      h('button', { type: 'button', className: 'close', 'aria-label': text.errors.dismiss, onclick: () => {
        // The button goes; the keyboard stays near.
        document.getElementById('look')?.focus({ preventScroll: true });
        session.dismiss(id);
      } }, '×'))));
  });
  return {
    /** @param {import('../state.js').State} state */
    update: ({ errors }) => draw(errors),
  };
}
