import { peakOf } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';

/**
 * The question of the view with its answer in a sentence, and the other ways to begin.
 * @param {HTMLElement} root
 * @param {{ sort: () => void, story: () => void, classroom: () => void }} ways
 */
export function createOpening(root, { sort, story, classroom }) {
  const lead = h('p', { className: 'lead', role: 'status' });
  const way = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', className: 'small', onclick }, label);
  root.append(
    h('div', {}, h('h2', { id: 'look-heading' }, text.look.heading), lead),
    h(
      'p',
      { className: 'buttons ways', role: 'group', 'aria-label': text.tray.ways },
      way(text.tray.story, story),
      way(text.tray.classroom, classroom),
      way(text.tray.sort, sort),
    ),
  );
  return {
    /** @param {import('../../page/state.js').State} state */
    update({ look }) {
      setText(lead, look ? answerOf(look) : '');
    },
  };
}

/** @param {import('../../page/state.js').LookView} look */
function answerOf(look) {
  if (look.finite === false) return text.look.notFinite;
  const [first] = look.top(1);
  if (!first) return text.look.allDead;
  const { y, x } = peakOf(look, first.map);
  return text.look.answer(look.channels, first.map, text.place(y, x));
}
