import { atLinearHead } from '../state.js';
import { formatPercent, text } from '../text.js';
import { h, setText, unfold } from './dom.js';

const FEW = 5;
const MANY = 20;

/**
 * The classes with their probabilities; choosing one asks why.
 * @param {HTMLElement} root
 * @param {import('../session.js').Session} session
 */
export function createPredictions(root, session) {
  const list = h('ol', { className: 'predictions' });
  const more = h('button', { type: 'button', className: 'small', onclick: () => session.toggleAllPredictions() });
  const why = h('p', { className: 'note' });
  const whyText = h('span');
  const goThere = h('button', { type: 'button', className: 'link', onclick: () => session.goToLinearHead() }, text.predictions.goToHead);
  why.append(whyText, ' ', goThere);
  const explanation = h('p');
  root.append(
    h('h2', { id: 'predictions-heading' }, text.predictions.heading),
    h('p', { className: 'note predictions-head', 'aria-hidden': 'true' }, h('span', {}, text.predictions.class), h('span', {}, text.predictions.probability)),
    list, h('p', { className: 'buttons' }, more), why, unfold(text.whatAmISeeing, explanation),
  );

  /** @type {{ item: HTMLLIElement, button: HTMLButtonElement, label: HTMLSpanElement, value: HTMLSpanElement, bar: HTMLSpanElement }[]} */
  const rows = [];
  function createRow() {
    const label = h('span', { className: 'label' });
    const value = h('span', { className: 'numbers' });
    const bar = h('span', { className: 'bar', 'aria-hidden': 'true' });
    const button = h('button', { type: 'button', className: 'prediction', 'data-testid': 'prediction',
      onclick: () => session.chooseClass(Number(button.dataset.index)) }, label,
      h('span', { className: 'visually-hidden' }, text.predictions.probability), value, bar);
    const row = { item: h('li', {}, button), button, label, value, bar };
    rows.push(row);
    return row;
  }

  return {
    /** @param {import('../state.js').State} state */
    update(state) {
      const predictions = state.look?.predictions.slice(0, state.allPredictions ? MANY : FEW) ?? [];
      predictions.forEach(({ index, label, probability }, place) => {
        const row = rows[place] ?? createRow();
        if (!row.item.isConnected) list.append(row.item);
        row.button.dataset.index = String(index);
        row.button.dataset.probability = String(probability);
        row.button.setAttribute('aria-pressed', String(state.classIndex === index && state.order === 'contribution'));
        row.button.disabled = !state.model?.linearHead;
        setText(row.label, label);
        setText(row.value, formatPercent(probability));
        row.bar.style.width = `${Math.min(100, probability * 100)}%`;
      });
      rows.slice(predictions.length).forEach(({ item }) => item.remove());
      more.hidden = (state.look?.predictions.length ?? 0) <= FEW;
      setText(more, state.allPredictions ? text.predictions.fewer : text.predictions.more);
      const head = state.model?.linearHead;
      why.hidden = !state.model || !state.look;
      setText(whyText, atLinearHead(state) ? text.predictions.whyHelp : head ? text.predictions.whyNotLayer : text.predictions.whyNotModel(state.model?.noLinearHead ?? null));
      goThere.hidden = !head || atLinearHead(state);
      setText(explanation, state.model?.output === 'sigmoid' ? text.predictions.sigmoid : text.predictions.explain);
    },
  };
}
