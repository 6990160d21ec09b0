import { typeOnSheet } from '../changes.js';
import { createField } from './field.js';
import { fieldsOf, read } from './fields.js';
import { text } from './text.js';
import { h, setText } from '../../ui/dom.js';

/**
 * A box for the names of the classes.
 * @param {import('../session/session.js').Session} session
 */
export function createNames(session) {
  const area = h('textarea', {
    rows: 5,
    spellcheck: false,
    autocomplete: 'off',
    oninput: () => typeOnSheet(session, { names: area.value }),
  });
  const field = createField(text.fields.names, area, text.hints.names);
  const count = h('p', { className: 'note', role: 'status', 'data-testid': 'names-count' });
  field.element.append(count);
  return {
    element: field.element,
    focus: () => area.focus(),
    /** @param {import('../state.js').State} state */
    update({ sheet, model }) {
      if (!sheet || !model) return;
      const fields = fieldsOf(model, sheet.typed);
      const { names, problems } = read(fields, model);
      if (area.value !== fields.names) area.value = fields.names;
      field.element.hidden = model.classes === 0;
      field.update(problems.names);
      const { right, none } = text.count;
      setText(count, problems.names ? '' : names?.length ? right(model.classes) : none(model.classes));
    },
  };
}
