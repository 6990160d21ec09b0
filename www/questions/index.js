import { text } from '../page/text.js';
import { h } from '../ui/dom.js';

/** The article's questions in the order in which the page answers them. @typedef {'look' | 'own' | 'draw' | 'everywhere' | 'unique'} Question */

/** @type {Question[]} */
const QUESTIONS = ['look', 'own', 'draw', 'everywhere', 'unique'];

/**
 * The five questions that the page answers, each the way to its answer: what lies further down or is folded, nobody would
 * look for otherwise.
 * @param {HTMLElement} root
 * @param {(question: Question) => void} ask
 */
export function createQuestions(root, ask) {
  root.setAttribute('aria-label', text.questions.label);
  root.append(
    ...QUESTIONS.map((question) =>
      h(
        'button',
        { type: 'button', className: 'link', title: text.questions.hints[question], onclick: () => ask(question) },
        text.questions[question],
      ),
    ),
  );
}
