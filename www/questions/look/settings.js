import { text } from './text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createControls } from './controls.js';
import { layerNoteOf } from './layer-note.js';
import { createLegend } from './legend.js';
import { createRecipe } from './recipe.js';

/**
 * What few visitors change: how the maps are drawn, how the photo becomes the input, and what the layer's and the model's sizes are.
 * @param {import('../../page/session/session.js').Session} session
 */
export async function createSettings(session) {
  await loadStyle('parts.css', import.meta.url);
  const controls = createControls(session);
  const legend = createLegend();
  const root = h('section', { id: 'recipe', className: 'panel', 'aria-labelledby': 'recipe-heading' });
  const recipe = createRecipe(root, session);
  const layerNote = h('p', { className: 'note' });
  const about = h('p', { className: 'note', id: 'model-note' });
  const element = h(
    'div',
    { className: 'settings-body' },
    h('section', { className: 'panel' }, controls.element, legend.element),
    root,
    h('section', { className: 'panel' }, h('h2', {}, text.model.about), about, layerNote),
  );
  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      controls.update(state);
      legend.update(state);
      recipe.update(state);
      setText(layerNote, layerNoteOf(state));
      const { model } = state;
      const { summary } = text.model;
      setText(about, model ? summary(model.classes, model.inputShape, model.labelsAreGuessed ?? false) : '');
    },
  };
}
