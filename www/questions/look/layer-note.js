import { seenSize } from '../../page/facts.js';
import { layerId } from './layer.js';
import { text } from './text.js';

/** What the layer's sizes mean. @param {import('../../page/state.js').State} state */
export function layerNoteOf(state) {
  const { model, article } = state;
  const current = model?.layers.find(({ id }) => id === layerId(state));
  return model && current
    ? text.layer.description(current, seenSize(article ? model.article.recipe : model.recipe))
    : '';
}
