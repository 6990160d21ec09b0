import { atLinearHead } from '../../page/state.js';
import { h, setText } from '../../ui/dom.js';
import { text } from './text.js';

/**
 * What choosing a class asks, or why it cannot be asked here.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createWhy(session) {
  const line = h('span');
  const goThere = h(
    'button',
    { type: 'button', className: 'link', onclick: () => session.goToLinearHead() },
    text.why.goThere,
  );
  const element = h('p', { className: 'note' }, line, ' ', goThere);
  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const isThere = atLinearHead(state);
      goThere.hidden = isThere;
      if (isThere) return setText(line, text.why.help);
      setText(line, text.why.notLayer);
    },
  };
}
