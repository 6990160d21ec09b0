import { seenSize } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, select, setOptions, setText } from '../../ui/dom.js';

/** @typedef {import('../../page/state.js').State} State */

/** @param {State} state */
const layerId = ({ article, model, layer, look }) => (article ? model?.article.layer : (layer ?? look?.layer));

/**
 * The layer that is looked at in every view, by its name in the file.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createLayer(session) {
  const layer = select(text.layer.label, [], (id) => session.chooseLayer(id));
  layer.element.id = 'layer-select';
  layer.field.querySelector('label')?.setAttribute('for', layer.element.id);
  // For those who hear the page; the settings show it.
  const note = h('span', { id: 'layer-note', hidden: true });
  layer.element.setAttribute('aria-describedby', note.id);
  layer.field.append(note);
  return {
    element: layer.field,
    /** @param {State} state */
    update(state) {
      const layers = state.model?.layers ?? [];
      setOptions(
        layer.element,
        layers.map((entry) => [entry.id, text.layer.option(entry)]),
      );
      layer.element.value = layerId(state) ?? '';
      layer.element.disabled = layers.length === 0 || state.article;
      setText(note, layerNoteOf(state));
      layer.element.title = layers.length > 0 ? `${text.layer.label}: ${layer.element.value}` : '';
    },
  };
}

/** What the layer's sizes mean. @param {State} state */
export function layerNoteOf(state) {
  const { model, article } = state;
  const current = model?.layers.find(({ id }) => id === layerId(state));
  return model && current
    ? text.layer.description(current, seenSize(article ? model.article.recipe : model.recipe))
    : '';
}
