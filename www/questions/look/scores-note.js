import { h, setText } from '../../ui/dom.js';
import { text } from './text.js';

/** @type {('logits' | 'softmax' | 'sigmoid')[]} */
const OUTPUTS = ['logits', 'softmax', 'sigmoid'];

/**
 * As what the scores were taken, of which result, and why there may be none; where nobody can tell the visitor is asked.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createScoresNote(session) {
  const notice = h('p', { className: 'note', role: 'status', 'data-testid': 'scores-notice' });
  const buttons = OUTPUTS.map((output) =>
    h(
      'button',
      { type: 'button', className: 'small', 'data-output': output, onclick: () => session.chooseOutput(output) },
      text.predictions.outputs[output],
    ),
  );
  const choices = h('p', { className: 'buttons' }, ...buttons);
  const taken = h('p', { className: 'note', 'data-testid': 'scores-taken' });
  return {
    element: h('div', { className: 'panel' }, notice, choices, taken),
    /** @param {import('../../page/state.js').State} state */
    update({ model, look }) {
      const silence = look?.silence ?? null;
      setText(notice, model && look ? noticeOf(model, look) : '');
      notice.hidden = notice.textContent === '';
      choices.hidden = !(silence === 'unclear' || (look?.doubt === true && silence === null));
      const others = (model?.results ?? [])
        .filter(({ name, scores }) => scores && name !== model?.scores)
        .map(({ name }) => name);
      const isOneOfSeveral = model?.scores && others.length > 0;
      taken.hidden = !isOneOfSeveral;
      setText(taken, isOneOfSeveral ? text.predictions.taken(model.scores ?? '', others) : '');
    },
  };
}

/**
 * @param {import('../../page/state.js').OpenModel} model
 * @param {import('../../page/state.js').LookView} look
 */
function noticeOf(model, { silence, doubt, output, missing }) {
  if (missing) return text.predictions.missing(missing.message);
  if (silence === 'no-scores' && model.blocked.length > 0) return text.predictions.blocked(model.blocked);
  if (silence === 'no-scores') {
    const { noScores, read } = text.predictions;
    return (model.gives.kind === 'unknown' ? noScores : read)(model.results);
  }
  if (silence === 'not-finite') return text.predictions.notFinite;
  if (silence === 'unclear') return text.predictions.unclear;
  return doubt && output ? text.predictions.doubt(output) : '';
}
