import { seenSize } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, select, setOptions, setText } from '../../ui/dom.js';

/**
 * The layer that is looked at, by its name in the file. What its sizes mean stands among the settings.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createLayer(session) {
  const layer = select(text.layer.label, [], (id) => session.chooseLayer(id));
  layer.element.id = 'layer-select';
  layer.field.querySelector('label')?.setAttribute('for', layer.element.id);
  layer.field.classList.add('inline');
  const note = h('p', { className: 'note', id: 'layer-note' });
  layer.element.setAttribute('aria-describedby', note.id);
  return {
    element: layer.field,
    note,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const open = state.model;
      const layers = open?.layers ?? [];
      setOptions(
        layer.element,
        layers.map((entry) => [entry.id, text.layer.option(entry)]),
      );
      const id = state.article ? open?.article.layer : (state.layer ?? state.look?.layer);
      layer.element.value = id ?? '';
      layer.element.disabled = layers.length === 0 || state.article;
      const current = layers.find((entry) => entry.id === id);
      const recipe = state.article ? open?.article.recipe : open?.recipe;
      setText(note, recipe && current ? text.layer.description(current, seenSize(recipe)) : '');
    },
  };
}
