import { givesMore } from '../../page/state.js';
import { formatPercent, text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { createFold } from '../../ui/fold.js';
import { createLate } from '../../ui/late.js';

const FEW = 5;
const MANY = 20;

/**
 * The classes with their probabilities; choosing one asks why.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createPredictions(root, session) {
  const rows = createRows((index) => session.chooseClass(index));
  const more = h('button', { type: 'button', className: 'small', onclick: () => session.toggleAllPredictions() });
  const report = (/** @type {unknown} */ error) => session.report(error);
  const loadExplanation = async () => (await import('./explained.js')).explainAnswer();
  const explanation = createFold('unfold', text.whatAmISeeing, loadExplanation, report);
  const head = h(
    'p',
    { className: 'visually-hidden', 'aria-hidden': 'true' },
    h('span', {}, text.predictions.class),
    h('span', {}, text.predictions.probability),
  );
  const heading = h('h2', { id: 'predictions-heading' }, text.predictions.heading);
  const gives = createLate('', async () => (await import('./gives/panel.js')).createPanel(session, heading), report);
  const loadNote = async () => (await import('./scores-note.js')).createScoresNote(session);
  const scores = createLate('panel', loadNote, report);
  const loadWhy = async () => (await import('./why.js')).createWhy(session);
  const why = createLate('', loadWhy, report);
  root.append(
    heading,
    head,
    rows.element,
    gives.element,
    h('p', { className: 'buttons' }, more),
    scores.element,
    why.element,
    explanation.element,
  );

  return {
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { look, model } = state;
      const isMore = givesMore(state);
      rows.update(state);
      gives.element.hidden = !isMore;
      gives.update(state, isMore ? look : null);
      if (!isMore) setText(heading, text.predictions.heading);
      const most = Math.min(MANY, look?.predictions.length ?? 0);
      more.hidden = most <= FEW;
      setText(more, state.allPredictions ? text.predictions.fewer : text.predictions.more(most));
      head.hidden = explanation.element.hidden = (look?.silence ?? null) !== null;
      scores.element.hidden = !needsNote(state);
      scores.update(state, scores.element.hidden ? null : look);
      why.element.hidden = !model?.linearHead || !look || (look.silence ?? null) !== null;
      why.update(state, why.element.hidden ? null : model);
      explanation.update(state);
    },
  };
}

/** Whether it has to be said what the network's numbers are taken for, or why there are none. @param {import('../../page/state.js').State} state */
function needsNote({ model, look }) {
  const isOneOfSeveral = model?.scores && model.results.some(({ name, scores }) => scores && name !== model.scores);
  return Boolean(look && (look.silence || look.doubt || isOneOfSeveral));
}

/**
 * The list itself.
 * @param {(index: number) => void} onChoose
 */
function createRows(onChoose) {
  const element = h('ol', { className: 'predictions' });
  /** @type {ReturnType<typeof createRow>[]} */
  const rows = [];
  function createRow() {
    const label = h('span', { className: 'label' });
    const value = h('span', { className: 'numbers' });
    const bar = h('span', { className: 'bar', 'aria-hidden': 'true' });
    const button = h(
      'button',
      {
        type: 'button',
        className: 'prediction',
        'data-testid': 'prediction',
        onclick: () => onChoose(Number(button.dataset.index)),
      },
      label,
      h('span', { className: 'visually-hidden' }, text.predictions.probability),
      value,
      bar,
    );
    return { item: h('li', {}, button), button, label, value, bar };
  }
  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update({ look, allPredictions, classIndex, order, model }) {
      const predictions = look?.predictions.slice(0, allPredictions ? MANY : FEW) ?? [];
      predictions.forEach(({ index, label, probability }, place) => {
        rows[place] ??= createRow();
        const row = rows[place];
        if (!row.item.isConnected) element.append(row.item);
        row.button.dataset.index = String(index);
        row.button.dataset.probability = String(probability);
        row.button.setAttribute('aria-pressed', String(classIndex === index && order === 'contribution'));
        row.button.disabled = !model?.linearHead;
        setText(row.label, label);
        setText(row.value, formatPercent(probability));
        row.bar.style.width = `${Math.min(100, probability * 100)}%`;
      });
      rows.slice(predictions.length).forEach(({ item }) => item.remove());
    },
  };
}
