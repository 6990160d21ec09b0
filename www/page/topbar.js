import { seenSize } from './state.js';
import { text } from './text.js';
import { createBadge } from './badge.js';
import { h, select, setOptions, setText } from '../ui/dom.js';
import { createLanguageSwitch } from './language-switch.js';

/**
 * The bar at the top: name, language, model, layer, engine.
 * @param {HTMLElement} root
 * @param {import('./session/session.js').Session} session
 * @param {{ bring: () => void, share: () => void }} dialogs
 */
export function createTopbar(root, session, dialogs) {
  const OWN = '(own)';
  const model = select(text.model.choose, [], (name) => {
    if (name !== OWN) session.openModel(name, name);
  });
  const layer = select(text.layer.label, [], (id) => session.chooseLayer(id));
  layer.element.id = 'layer-select';
  layer.field.querySelector('label')?.setAttribute('for', layer.element.id);
  const modelNote = h('p', { className: 'note' });
  const layerNote = h('p', { className: 'note', id: 'layer-note' });
  layer.element.setAttribute('aria-describedby', layerNote.id);
  const badge = createBadge(session);
  const bring = h('button', { type: 'button', onclick: dialogs.bring }, text.model.bring);
  root.append(
    h(
      'div',
      { className: 'brand' },
      h('div', { className: 'bar-row' }, h('h1', {}, text.title), createLanguageSwitch(session)),
      h('p', { className: 'note' }, text.subtitle),
    ),
    h('div', { className: 'bar-item' }, h('div', { className: 'bar-row' }, model.field, bring), modelNote),
    h('div', { className: 'bar-item grow' }, layer.field, layerNote),
    h(
      'div',
      { className: 'bar-end' },
      h('button', { type: 'button', id: 'share-button', onclick: dialogs.share }, text.share),
      badge.element,
    ),
  );

  return {
    /** @param {import('./state.js').State} state */
    update(state) {
      const open = state.model;
      /** @type {import('../ui/dom.js').Options} */
      const models = state.offeredModels.map(({ name, title }) => [name, title]);
      if (open && !open.offered) models.push([OWN, open.title || text.model.yours]);
      setOptions(model.element, models);
      model.element.value = open ? (open.offered ?? OWN) : '';
      setText(modelNote, open ? text.model.summary(open.classes, open.inputShape, open.labelsAreGuessed ?? false) : '');

      const layers = open?.layers ?? [];
      setOptions(
        layer.element,
        layers.map((entry) => [entry.id, text.layer.option(entry)]),
      );
      const id = state.article ? open?.article.layer : (state.layer ?? state.look?.layer);
      layer.element.value = id ?? '';
      layer.element.disabled = layers.length === 0 || state.article;
      const current = layers.find((entry) => entry.id === id);
      setText(
        layerNote,
        open && current
          ? text.layer.description(current, seenSize(state.article ? open.article.recipe : open.recipe))
          : '',
      );
      badge.update(state);
    },
  };
}
