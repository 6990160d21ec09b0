import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { createCamera } from './camera.js';
import { createPredict } from './predict.js';
import { createPresenter } from './presenter.js';
import { text } from './text.js';

/** @typedef {'predict' | 'present' | 'camera'} Mode */

/**
 * What a teacher needs in front of a class: predict first, one figure at a time, the camera.
 * @param {import('../page/session/session.js').Session} session
 */
export function createClassroom(session) {
  loadStyle('classroom.css', import.meta.url);
  const predict = createPredict(session);
  const camera = createCamera(session);
  const presenter = createPresenter({
    onEnd: () => {
      choose(null);
      buttons.find(({ mode }) => mode === 'present')?.element.focus();
    },
  });
  /** Where the keyboard was before. @type {Element | null} */
  let opener = null;
  const page = /** @type {HTMLElement} */ (document.querySelector('main'));
  const heading = h('h2', { id: 'classroom-heading', tabIndex: -1 }, text.heading);
  const about = h('p', { className: 'note' });
  const content = h('div', { className: 'classroom-content' });
  const buttons = /** @type {Mode[]} */ (['predict', 'present', 'camera']).map((mode) => ({
    mode,
    element: h(
      'button',
      { type: 'button', 'aria-pressed': 'false', title: text.about[mode], onclick: () => choose(mode) },
      text.modes[mode],
    ),
  }));
  const root = h(
    'section',
    { id: 'classroom', className: 'classroom', 'aria-labelledby': heading.id },
    h(
      'div',
      { className: 'classroom-head' },
      heading,
      h('p', { className: 'buttons' }, ...buttons.map(({ element }) => element)),
      about,
      h('button', { type: 'button', className: 'close', 'aria-label': text.close, onclick: () => close() }, '×'),
    ),
    content,
  );

  /** @param {Mode | null} mode */
  function choose(mode) {
    predict.stop();
    camera.stop();
    buttons.forEach((button) => button.element.setAttribute('aria-pressed', String(button.mode === mode)));
    about.textContent = mode ? text.about[mode] : '';
    content.replaceChildren(...(mode === 'predict' ? [predict.element] : mode === 'camera' ? [camera.element] : []));
    // The answer must not be in sight before it is asked for.
    page.hidden = mode === 'predict';
    if (mode === 'predict') predict.start();
    if (mode === 'present') presenter.start();
  }

  function close() {
    choose(null);
    root.remove();
    if (opener instanceof HTMLElement) opener.focus();
  }

  return {
    open() {
      if (!root.isConnected) {
        opener = document.activeElement;
        page.before(root);
      }
      heading.focus();
      root.scrollIntoView({ block: 'nearest' });
    },
  };
}
