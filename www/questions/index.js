import { VIEWS, addressOf, bringForward } from '../page/address.js';
import { text } from '../page/text.js';
import { h } from '../ui/dom.js';

/** @typedef {import('../page/address.js').View} View */

/** The texts' own names for the questions. @type {Record<View, 'look' | 'own' | 'draw' | 'everywhere' | 'unique'>} */
const NAMES = { look: 'look', classes: 'own', draw: 'draw', everywhere: 'everywhere', unique: 'unique' };

/**
 * The five questions that the page answers, each a view of its own.
 * @param {HTMLElement} root
 * @param {(view: View) => void} ask
 */
export function createQuestions(root, ask) {
  const links = VIEWS.map((view) => {
    const name = NAMES[view];
    /** @param {MouseEvent} event */
    const onclick = (event) => {
      // Another tab or window is the browser's.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      ask(view);
    };
    return { view, name, link: h('a', { href: addressOf(view), onclick }, text.questions.tabs[name]) };
  });
  /** What each asks is told to whoever points at one, or comes by keyboard. */
  async function hint() {
    const { text: hints } = await import('./hints.js');
    for (const { name, link } of links) link.title = hints[name];
  }
  for (const event of ['pointerenter', 'focusin']) root.addEventListener(event, () => hint().catch(() => {}));
  root.setAttribute('aria-label', text.questions.label);
  root.append(...links.map(({ link }) => link));
  return {
    /** @param {import('../page/state.js').State} state */
    update({ view: current, alone }) {
      bringForward(current);
      document.body.toggleAttribute('data-finding-alone', alone);
      for (const { view, link } of links) {
        if (view === current) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
      document.title = current === 'look' ? text.pageTitle : text.titleOf(text.questions[NAMES[current]]);
    },
  };
}
