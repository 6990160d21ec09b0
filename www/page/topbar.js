import { text } from './text.js';
import { createBadge } from './badge.js';
import { h, select, setOptions } from '../ui/dom.js';
import { createLayer } from '../questions/look/layer.js';
import { createLanguageSwitch } from './language-switch.js';

/**
 * The bar at the top: name, the place of the questions, model, layer, engine, language.
 * @param {HTMLElement} root
 * @param {import('./session/session.js').Session} session
 * @param {{ bring: () => void, share: () => void }} dialogs
 */
export function createTopbar(root, session, dialogs) {
  const OWN = '(own)';
  const model = select(text.model.choose, [], (name) => {
    if (name !== OWN) session.openModel(name, name);
  });
  const layer = createLayer(session);
  const badge = createBadge(session);
  root.append(
    h('h1', { className: 'brand' }, text.title),
    h('nav', { id: 'questions', className: 'questions' }),
    h(
      'div',
      { className: 'bar-tools' },
      model.field,
      layer.element,
      h('button', { type: 'button', onclick: dialogs.bring }, text.model.bring),
    ),
    h(
      'div',
      { className: 'bar-end' },
      h('button', { type: 'button', id: 'share-button', onclick: dialogs.share }, text.share),
      badge.element,
      createLanguageSwitch(session),
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
      layer.update(state);
      badge.update(state);
    },
  };
}
