import { text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { createFold } from '../../ui/fold.js';
import { createLate } from '../../ui/late.js';

/** So many things that a detector finds are named in the answer. */
const FEW = 3;

/**
 * The question of the view with its answer in a sentence, and the other ways to begin.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 * @param {{ sort: () => void, story: () => void, classroom: () => void }} ways
 */
export function createOpening(root, session, { sort, story, classroom }) {
  const answer = h('span');
  const says = h('span', { className: 'says' });
  const lead = h('p', { className: 'lead', role: 'status' }, answer, says);
  const what = createFold(
    'unfold',
    text.what.heading,
    async () => (await import('./what.js')).createWhat(),
    session.report,
  );
  const loadNotes = async () => (await import('./notes.js')).createNotes(session);
  const notes = createLate('look-notes', loadNotes, session.report);
  const way = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', className: 'small', onclick }, label);
  root.append(
    h(
      'div',
      {},
      h('h2', { id: 'look-heading', className: 'visually-hidden' }, text.look.heading),
      lead,
      what.element,
      notes.element,
    ),
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
    update(state) {
      const { look, model } = state;
      setText(answer, look ? answerOf(look) : '');
      const [prediction] = look?.predictions ?? [];
      const boxes = look?.boxes ?? [];
      const found = boxes.length > 0 ? text.look.finds(boxes.slice(0, FEW), boxes.length > FEW) : '';
      setText(says, prediction ? text.look.says(prediction.label, prediction.probability) : found);
      what.update(state);
      notes.update(state, state.article || (model && !model.offered) ? model : null);
    },
  };
}

/** @param {import('../../page/state.js').LookView} look */
function answerOf(look) {
  if (look.finite === false) return text.look.notFinite;
  if (look.top(1).length === 0) return text.look.allDead;
  return text.look.answer(look.channels);
}
