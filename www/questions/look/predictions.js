import { atLinearHead, givesMore } from '../../page/state.js';
import { formatPercent, text } from '../../page/text.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { createLate } from '../../ui/late.js';

const FEW = 5;
const MANY = 20;
/** @type {('logits' | 'softmax' | 'sigmoid')[]} */
const OUTPUTS = ['logits', 'softmax', 'sigmoid'];

/**
 * The classes with their probabilities; choosing one asks why.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createPredictions(root, session) {
  const rows = createRows((index) => session.chooseClass(index));
  const more = h('button', { type: 'button', className: 'small', onclick: () => session.toggleAllPredictions() });
  const explanation = h('p');
  const whyNot = h('p');
  const unfolded = unfold(text.whatAmISeeing, explanation, whyNot);
  const head = h(
    'p',
    { className: 'visually-hidden', 'aria-hidden': 'true' },
    h('span', {}, text.predictions.class),
    h('span', {}, text.predictions.probability),
  );
  const heading = h('h2', { id: 'predictions-heading' }, text.predictions.heading);
  const gives = createLate('', async () => (await import('./gives/panel.js')).createPanel(session), session.report);
  const scores = createScoresNote(session);
  const why = createWhy(session);
  root.append(
    heading,
    head,
    rows.element,
    gives.element,
    h('p', { className: 'buttons' }, more),
    ...scores.elements,
    why.element,
    unfolded,
  );

  return {
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { model, look } = state;
      const isMore = givesMore(state);
      rows.update(state);
      gives.element.hidden = !isMore;
      gives.update(state, isMore ? look : null);
      setText(heading, (isMore && text.predictions.headings[model?.gives.kind ?? '']) || text.predictions.heading);
      more.hidden = (look?.predictions.length ?? 0) <= FEW;
      setText(more, state.allPredictions ? text.predictions.fewer : text.predictions.more);
      head.hidden = unfolded.hidden = (look?.silence ?? null) !== null;
      scores.update(state);
      why.update(state);
      setText(whyNot, model && !model.linearHead ? text.predictions.whyNotModel(model.noLinearHead ?? null) : '');
      setText(
        explanation,
        (look?.output ?? model?.output) === 'sigmoid' ? text.predictions.sigmoid : text.predictions.explain,
      );
    },
  };
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

/**
 * As what the scores were taken, of which result, and why there may be none; where nobody can tell the visitor is asked.
 * @param {import('../../page/session/session.js').Session} session
 */
function createScoresNote(session) {
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
    elements: [notice, choices, taken],
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
  if (silence === 'no-scores') return text.predictions.noScores(model.results);
  if (silence === 'not-finite') return text.predictions.notFinite;
  if (silence === 'unclear') return text.predictions.unclear;
  return doubt && output ? text.predictions.doubt(output) : '';
}

/**
 * What choosing a class asks, or why it cannot be asked here.
 * @param {import('../../page/session/session.js').Session} session
 */
function createWhy(session) {
  const line = h('span');
  const goThere = h(
    'button',
    { type: 'button', className: 'link', onclick: () => session.goToLinearHead() },
    text.predictions.goToHead,
  );
  const element = h('p', { className: 'note' }, line, ' ', goThere);
  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { model, look } = state;
      element.hidden = !model?.linearHead || !look || (look.silence ?? null) !== null;
      const isThere = atLinearHead(state);
      goThere.hidden = isThere;
      if (isThere) return setText(line, text.predictions.whyHelp);
      const { whyNotLayer } = text.predictions;
      setText(line, whyNotLayer);
    },
  };
}
