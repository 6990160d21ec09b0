import { typeOnSheet } from '../changes.js';
import { createField } from './field.js';
import { fieldsOf, read } from './fields.js';
import { text } from './text.js';
import { h, setOptions } from '../../ui/dom.js';

/**
 * Every part of the recipe, and what the scores are, as fields.
 * @param {import('../session/session.js').Session} session
 */
export function createByHand(session) {
  const type = (/** @type {keyof import('./fields.js').Fields} */ name) => (/** @type {string} */ value) =>
    typeOnSheet(session, { [name]: value });
  const fields = [
    line('size', type('size')),
    choice('resize', Object.entries(text.resize), type('resize')),
    line('cropShare', type('cropShare')),
    choice('filter', Object.entries(text.filters), type('filter')),
    choice('channels', [], type('channels')),
    line('bands', type('bands')),
    line('scale', type('scale')),
    line('mean', type('mean')),
    line('std', type('std')),
  ];
  const output = choice('output', Object.entries(text.outputs), type('output'));
  return {
    output: output.element,
    element: h(
      'details',
      { className: 'sheet-hand' },
      h('summary', {}, text.byHand),
      h('p', { className: 'note' }, text.formula),
      h('div', { className: 'sheet-fields' }, ...fields.map(({ element }) => element)),
    ),
    /** @param {import('../state.js').State} state */
    update({ sheet, model }) {
      if (!sheet || !model) return;
      const values = fieldsOf(model, sheet.typed);
      const { problems } = read(values, model);
      const isGrey = model.recipe.channels === 'grey';
      output.element.hidden = model.classes === 0;
      for (const { name, control, element, update } of [...fields, output]) {
        if (name === 'bands') element.hidden = model.takes.bands.length === 0;
        if (name === 'cropShare') element.hidden = values.resize !== 'crop';
        if (name === 'channels' && control instanceof HTMLSelectElement) {
          const fitting = Object.entries(text.channels).filter(([key]) => (key === 'grey') === isGrey);
          setOptions(control, fitting);
        }
        if (control.value !== values[name]) control.value = values[name];
        update(problems[name]);
      }
    },
  };
}

/**
 * @template {'size' | 'scale' | 'mean' | 'std' | 'bands' | 'cropShare'} N
 * @param {N} name
 * @param {(value: string) => void} onType
 */
function line(name, onType) {
  const control = h('input', {
    type: 'text',
    inputMode: 'text',
    autocomplete: 'off',
    spellcheck: false,
    oninput: () => onType(control.value),
  });
  return { name, control, ...createField(text.fields[name], control, text.hints[name]) };
}

/**
 * @template {'resize' | 'channels' | 'output' | 'filter'} N
 * @param {N} name
 * @param {[string, string][]} options
 * @param {(value: string) => void} onChoose
 */
function choice(name, options, onChoose) {
  const control = h('select', { onchange: () => onChoose(control.value) });
  setOptions(control, options);
  return { name, control, ...createField(text.fields[name], control) };
}
