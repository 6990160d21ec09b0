import { problemText } from './text.js';
import { h, setText } from '../../ui/dom.js';

/** Fields are tied to their sentences by id. */
let nextId = 1;

/**
 * A control with its name above it, a hint, and beside it what is wrong with what stands in it.
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {string} [hint]
 */
export function createField(label, control, hint) {
  const id = `sheet-field-${nextId++}`;
  control.id = id;
  const tip = hint ? h('p', { className: 'note', id: `${id}-hint` }, hint) : null;
  const problem = h('p', { className: 'sheet-problem', id: `${id}-problem`, 'aria-live': 'polite' });
  control.setAttribute('aria-describedby', tip ? `${tip.id} ${problem.id}` : problem.id);
  return {
    element: h('div', { className: 'field' }, h('label', { for: id }, label), control, tip, problem),
    /** @param {import('../../files/card-file.js').Problem | undefined} wrong */
    update(wrong) {
      control.setAttribute('aria-invalid', String(wrong !== undefined));
      setText(problem, wrong ? problemText(wrong) : '');
    },
  };
}
