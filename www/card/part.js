import { h } from '../ui/dom.js';
import { setOpen } from './changes.js';

/** @typedef {import('../page/state.js').State} State */

/**
 * A part of the card that is loaded when it is unfolded.
 * @param {import('../page/session/session.js').Session} session
 * @param {import('./choices.js').Part} part
 * @param {string} title
 * @param {() => Promise<{ element: HTMLElement, update: (state: State) => void }>} create
 */
export function createPart(session, part, title, create) {
  const summary = h('summary', { onclick: toggle }, title);
  const element = h('details', { className: 'unfold', 'data-part': part, ontoggle: takeOver }, summary);
  /** What is in it, once it was loaded. @type {Awaited<ReturnType<typeof create>> | null} */
  let content = null;
  /** The same, on its way. @type {ReturnType<typeof create> | null} */
  let loading = null;
  /** Whether it was asked for since it was unfolded. */
  let asked = false;
  /** Whether it is unfolded by what was last drawn. */
  let drawn = false;

  /** The state is asked before the browser unfolds anything. @param {Event} event */
  function toggle(event) {
    event.preventDefault();
    setOpen(session, part, !session.state.card[part].open);
  }

  /** A browser that finds a word in here unfolds it by itself. */
  function takeOver() {
    if (element.open !== drawn) setOpen(session, part, element.open);
  }

  async function load() {
    asked = true;
    try {
      content = await (loading ??= create());
      element.append(content.element);
      content.update(session.state);
    } catch (error) {
      loading = null;
      session.report(error);
    }
  }

  return {
    element,
    /** @param {State} state */
    update(state) {
      const { open } = state.card[part];
      // A browser that unfolds it by itself says so after the next drawing has begun.
      if (element.open !== drawn && open === drawn) return takeOver();
      drawn = open;
      if (element.open !== open) element.open = open;
      // What could not be loaded is asked for again the next time.
      if (!open && !content) asked = false;
      if (open && !asked) load();
      content?.update(state);
    },
  };
}
