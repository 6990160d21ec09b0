import { atLinearHead } from '../../page/state.js';
import { formatPercent, text } from '../../page/text.js';
import { h, setText, unfold } from '../../ui/dom.js';

const FEW = 5;
const MANY = 20;
/** @type {('logits' | 'softmax' | 'sigmoid')[]} */
const OUTPUTS = ['logits', 'softmax', 'sigmoid'];

/**
 * The classes with their probabilities; choosing one asks why.
 * @param {HTMLElement} root
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createPredictions(root, session) {
  const list = h('ol', { className: 'predictions' });
  const more = h('button', { type: 'button', className: 'small', onclick: () => session.toggleAllPredictions() });
  const why = h('p', { className: 'note' });
  const whyText = h('span');
  const goThere = h(
    'button',
    { type: 'button', className: 'link', onclick: () => session.goToLinearHead() },
    text.predictions.goToHead,
  );
  why.append(whyText, ' ', goThere);
  const explanation = h('p');
  const unfolded = unfold(text.whatAmISeeing, explanation);
  const head = h(
    'p',
    { className: 'note predictions-head', 'aria-hidden': 'true' },
    h('span', {}, text.predictions.class),
    h('span', {}, text.predictions.probability),
  );
  const notice = h('p', { className: 'note', role: 'status', 'data-testid': 'scores-notice' });
  const choices = h(
    'p',
    { className: 'buttons' },
    ...OUTPUTS.map((output) =>
      h(
        'button',
        {
          type: 'button',
          className: 'small',
          'data-output': output,
          onclick: () => session.chooseOutput(output),
        },
        text.predictions.outputs[output],
      ),
    ),
  );
  const taken = h('p', { className: 'note', 'data-testid': 'scores-taken' });
  root.append(
    h('h2', { id: 'predictions-heading' }, text.predictions.heading),
    head,
    list,
    h('p', { className: 'buttons' }, more),
    notice,
    choices,
    taken,
    why,
    unfolded,
  );

  /** @type {{ item: HTMLLIElement, button: HTMLButtonElement, label: HTMLSpanElement, value: HTMLSpanElement, bar: HTMLSpanElement }[]} */
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
        onclick: () => session.chooseClass(Number(button.dataset.index)),
      },
      label,
      h('span', { className: 'visually-hidden' }, text.predictions.probability),
      value,
      bar,
    );
    const row = { item: h('li', {}, button), button, label, value, bar };
    rows.push(row);
    return row;
  }

  return {
    /** @param {import('../../page/state.js').State} state */
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
      const { model, look } = state;
      const silence = look?.silence ?? null;
      head.hidden = unfolded.hidden = silence !== null;
      setText(
        notice,
        !model || !look
          ? ''
          : silence === 'no-scores'
            ? text.predictions.noScores(model.results)
            : silence === 'not-finite'
              ? text.predictions.notFinite
              : silence === 'unclear'
                ? text.predictions.unclear
                : look.doubt && look.output
                  ? text.predictions.doubt(look.output)
                  : '',
      );
      notice.hidden = notice.textContent === '';
      choices.hidden = !(silence === 'unclear' || (look?.doubt === true && silence === null));
      const others = (model?.results ?? [])
        .filter(({ name, scores }) => scores && name !== model?.scores)
        .map(({ name }) => name);
      taken.hidden = !model?.scores || others.length === 0;
      setText(taken, model?.scores && others.length > 0 ? text.predictions.taken(model.scores, others) : '');
      const linear = model?.linearHead;
      why.hidden = !model || !look || silence !== null;
      setText(
        whyText,
        atLinearHead(state)
          ? text.predictions.whyHelp
          : linear
            ? text.predictions.whyNotLayer
            : text.predictions.whyNotModel(state.model?.noLinearHead ?? null),
      );
      goThere.hidden = !linear || atLinearHead(state);
      setText(
        explanation,
        (look?.output ?? model?.output) === 'sigmoid' ? text.predictions.sigmoid : text.predictions.explain,
      );
    },
  };
}
