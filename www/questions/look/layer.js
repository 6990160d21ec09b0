import { text } from '../../page/text.js';
import { h, select, setOptions, setText } from '../../ui/dom.js';

/** @typedef {import('../../page/state.js').State} State */

/** The layer that is looked at, or that will be. @param {State} state */
export const layerId = ({ article, model, layer, look }) => (article ? model?.article.layer : (layer ?? look?.layer));

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
  /** What says it, which loads behind the first look. @type {typeof import('./layer-note.js').layerNoteOf | undefined} */
  let noteOf;
  let isLoading = false;
  async function loadNote() {
    isLoading = true;
    try {
      ({ layerNoteOf: noteOf } = await import('./layer-note.js'));
      session.set({});
    } catch {
      // Asked for again with the next drawing; the settings say it as well.
      isLoading = false;
    }
  }
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
      if (state.look && !state.recorded && !isLoading) loadNote();
      setText(note, noteOf?.(state) ?? '');
      layer.element.title = layers.length > 0 ? `${text.layer.label}: ${layer.element.value}` : '';
    },
  };
}
