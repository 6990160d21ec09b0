import { h, setText, whenChanged } from '../../ui/dom.js';
import { chooseCamClass } from '../answers.js';
import { classNames, meantClass } from './classes.js';
import { camClass, classCount, namesToAsk } from './selection.js';
import { text } from './text.js';

/**
 * A field for the class, which offers all of the model's while one types.
 * @param {import('../changes.js').Page} page
 * @param {(typed: string) => void} onUnknown is told what is no class
 */
export function createClassField(page, onUnknown) {
  const classes = h('datalist', { id: 'cam-classes' });
  const input = h('input', {
    id: 'cam-class',
    type: 'text',
    autocomplete: 'off',
    onchange: () => choose(),
    onfocus: () => input.select(),
  });
  // The field offers only what fits to what stands in it.
  input.setAttribute('list', classes.id);
  const label = h('label', { for: input.id }, text.class);
  const element = h('div', { className: 'field' }, label, input, classes);
  /** @type {string[]} */
  let names = [];

  /** Takes the class that was typed or picked. */
  function choose() {
    const meant = meantClass(names, input.value.trim());
    if (meant === null) return onUnknown(input.value);
    input.value = names[meant];
    chooseCamClass(page, meant);
  }

  const offer = whenChanged(
    (/** @type {string[] | undefined} */ _labels, /** @type {number} */ count, /** @type {unknown} */ _found) => {
      names = classNames(namesToAsk(page.state), count);
      classes.replaceChildren(...names.map((value) => h('option', { value })));
    },
  );

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      offer(state.model?.labels, classCount(state), state.look?.boxes ?? state.look?.mask);
      setText(label, state.look?.boxes ? text.box : text.class);
      // Nobody is interrupted in typing.
      if (document.activeElement !== input) input.value = names[camClass(state)] ?? '';
      input.disabled = state.recorded;
    },
  };
}
