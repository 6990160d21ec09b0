import { formatPercent } from '../../api/numbers.js';
import { text as common } from '../../page/text.js';
import { text as cardText } from '../text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { chooseReplacement } from '../answers.js';
import { createAsker } from './ask.js';
import { ablatedRows } from './numbers.js';
import { choicesOf, isSilent, subjectOf, withoutAnswer } from './selection.js';
import { ablationSentence } from './sentence.js';
import { text } from './text.js';

/**
 * @typedef {import('../choices.js').WithoutAnswer} WithoutAnswer
 * @typedef {import('../../page/state.js').State} State
 */

/**
 * What the predictions become when maps are switched off.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createAblation(session) {
  const asker = createAsker(session);
  const to = h(
    'select',
    {
      id: 'ablate-to',
      onchange: () => chooseReplacement(session, /** @type {'zero' | 'mean'} */ (to.value)),
    },
    h('option', { value: 'zero' }, text.zero),
    h('option', { value: 'mean' }, text.mean),
  );
  const buttons = h('p', { className: 'buttons' });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'ablation' });
  const dashed = h('p', { className: 'note' }, text.dashed);
  const result = h('div', { className: 'table-scroll' });
  const element = h(
    'div',
    { className: 'panel' },
    h('p', { className: 'note' }, text.explain),
    buttons,
    h('p', { className: 'field inline' }, h('label', { for: to.id }, text.to), to),
    line,
    dashed,
    result,
  );

  const drawTable = whenChanged((/** @type {WithoutAnswer | null} */ answer) =>
    result.replaceChildren(...(answer?.ablation ? [tableOf(answer.maps, answer.ablation, answer.look)] : [])),
  );
  const offer = whenChanged(
    (/** @type {boolean} */ silent, /** @type {State['look']} */ _look, _subject, _recorded) => {
      const { state } = session;
      /** @param {import('./selection.js').Choice} choice */
      const button = (choice) =>
        h(
          'button',
          { type: 'button', className: 'small', disabled: state.recorded, onclick: () => asker.ask(choice.maps) },
          labelOf(choice, state),
        );
      buttons.replaceChildren(...(silent ? [] : choicesOf(state).map(button)));
    },
  );

  return {
    element,
    /** @param {State} state */
    update(state) {
      asker.update(state);
      const { look } = state;
      const silent = look !== null && isSilent(look);
      offer(silent, look, subjectOf(state), state.recorded);
      to.value = state.card.without.to;
      const answer = withoutAnswer(state);
      const silence = look?.finite === false ? common.look.notFinite : cardText.noPredictions;
      setText(line, silent ? silence : sentenceOf(answer));
      dashed.hidden = !answer?.ablation?.finds?.boxes;
      drawTable(answer);
    },
  };
}

/** @param {WithoutAnswer | null} answer */
function sentenceOf(answer) {
  if (!answer) return '';
  return answer.ablation ? ablationSentence(answer.maps, answer.ablation, answer.look) : text.working;
}

/** @param {import('./selection.js').Choice} choice @param {State} state */
function labelOf({ of, maps }, { framed }) {
  if (of === 'map') return text.map(maps[0]);
  return of === 'sum' ? text.chosen(maps.length) : text.framed(maps.length, framed.label);
}

/**
 * @param {number[]} maps
 * @param {import('../../api/types.js').Ablation} ablation
 * @param {import('../../page/state.js').LookView} look with all maps
 */
function tableOf(maps, ablation, look) {
  const rows = ablatedRows(maps, ablation, look).map(({ index, label, before, after, random }) =>
    h(
      'tr',
      { 'data-testid': 'ablated', 'data-index': index, 'data-after': after },
      h('th', { scope: 'row' }, label),
      h('td', {}, formatPercent(before)),
      h('td', {}, formatPercent(after)),
      h('td', {}, text.range(random)),
    ),
  );
  const [kind, ...columns] = text.columns;
  const names = [ablation.before.length > 0 ? kind : text.found, ...columns];
  const head = h('thead', {}, h('tr', {}, ...names.map((column) => h('th', { scope: 'col' }, column))));
  return h('table', { className: 'numbers' }, head, h('tbody', {}, ...rows));
}
