import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { h, select, setOptions } from '../../ui/dom.js';

/** @typedef {import('../../page/state.js').State['overlay']} Overlay */

/** How many maps can be asked for; 0 stands for all. */
const COUNTS = [12, 25, 60, 90, 0];
/** More than any layer has. */
const ALL = 1_000_000;

/**
 * How many maps, in which order, drawn how.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createControls(session) {
  const count = select(
    text.controls.top,
    COUNTS.map((n) => [String(n), n ? String(n) : text.controls.topAll]),
    (value) => session.set({ topCount: Number(value) || ALL }),
  );
  const order = select(text.controls.sort, [], (value) =>
    session.chooseOrder(value === 'contribution' ? 'contribution' : 'mean'),
  );
  const style = select(text.controls.style, Object.entries(text.controls.styles), (value) =>
    session.setOverlay({ style: /** @type {Overlay['style']} */ (value) }),
  );
  const colormap = select(
    text.controls.colormap,
    text.controls.colormaps.map((name) => [name, name]),
    (value) => session.setOverlay({ colormap: value }),
  );
  const scale = select(text.controls.scale, Object.entries(text.controls.scales), (value) =>
    session.setOverlay({ scale: /** @type {Overlay['scale']} */ (value) }),
  );
  const enlargement = select(text.controls.enlargement, Object.entries(text.controls.enlargements), (value) =>
    session.setOverlay({ enlargement: /** @type {Overlay['enlargement']} */ (value) }),
  );
  const article = h('input', { type: 'checkbox', onchange: () => session.setArticle(article.checked) });
  const element = h(
    'div',
    { className: 'controls' },
    count.field,
    order.field,
    style.field,
    colormap.field,
    scale.field,
    enlargement.field,
    h(
      'label',
      { className: 'field check', title: text.controls.articleHelp },
      article,
      h('span', {}, text.controls.article),
    ),
  );

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { classIndex, model, overlay } = state;
      count.element.value = String(state.topCount >= ALL ? 0 : state.topCount);
      const label =
        classIndex === null ? undefined : (model?.labels[classIndex] ?? common.predictions.unnamed(classIndex));
      setOptions(order.element, [
        ['mean', text.controls.sortMean],
        ['contribution', text.controls.sortContribution(label ?? '')],
      ]);
      order.element.value = state.order;
      order.field.hidden = !label;
      style.element.value = overlay.style;
      colormap.element.value = overlay.colormap;
      scale.element.value = overlay.scale;
      enlargement.element.value = overlay.enlargement;
      article.checked = state.article;
      for (const { element: control } of [count, style, colormap, scale, enlargement]) control.disabled = state.article;
      // The other styles have colours of their own.
      colormap.field.hidden = !['alpha', 'raw'].includes(overlay.style) || state.article;
    },
  };
}
