import { h, setText } from '../ui/dom.js';
import { save } from '../ui/save.js';
import { keepAnswers } from './answers.js';
import { answersFile } from './rounds.js';
import { text } from './text.js';

/**
 * How many answers were right, and the answers as a file to be handed in.
 * @param {import('./rounds.js').Answer[]} answers that are kept, and forgotten when that is asked for
 */
export function createScore(answers) {
  const line = h('p', { className: 'note' });
  const kept = h('p', { className: 'note' });
  const name = h('input', { id: 'predict-name', autocomplete: 'off' });
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', className: 'small', onclick }, label);
  const download = button(text.predict.download, () => {
    const content = JSON.stringify(answersFile(name.value.trim(), answers), null, 2);
    save(new Blob([content], { type: 'application/json' }), 'featurescope-answers.json');
  });
  const forget = button(text.predict.forget, () => {
    answers.length = 0;
    update();
  });
  const element = h(
    'div',
    { className: 'predict-foot' },
    line,
    kept,
    h('p', { className: 'field' }, h('label', { for: name.id }, text.predict.name), name),
    h('p', { className: 'buttons' }, download, forget),
  );

  /** Keeps the answers, and says for how long that holds. */
  function update() {
    setText(kept, keepAnswers(answers) ? text.predict.kept : text.predict.notKept);
    setText(line, text.predict.score(answers.length, answers.filter(({ right }) => right).length));
    element.hidden = answers.length === 0;
  }
  return { element, update };
}
