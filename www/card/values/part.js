import { mapFacts } from '../../page/state.js';
import { text } from '../text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createValues } from './values.js';

/** @typedef {import('../../page/state.js').State} State */

/** The grid of the open map with its numbers, which loads when it is unfolded. */
export async function createValuesPart() {
  await loadStyle('../parts.css', import.meta.url);
  const values = createValues();
  const numbers = h('p', { className: 'note numbers' });
  const element = h(
    'div',
    { className: 'card-values' },
    values.element,
    numbers,
    h('p', { className: 'note' }, text.explain),
  );
  return {
    element,
    /** @param {State} state */
    update({ look, openMap, overlay }) {
      if (!look || openMap === null) return;
      values.update(look, openMap, overlay.colormap);
      const facts = mapFacts(look, openMap);
      setText(numbers, facts.dead ? '' : text.numbers(facts));
    },
  };
}
