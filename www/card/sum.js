import { text } from '../page/text.js';
import { h, setText } from '../ui/dom.js';
import { overlayCanvas } from '../ui/overlay-canvas.js';

/** The chosen maps added up, where there are several. */
export function createSum() {
  const canvas = overlayCanvas();
  const title = h('h3');
  const element = h(
    'figure',
    { className: 'sum' },
    title,
    canvas.element,
    h('figcaption', { className: 'note' }, text.card.sumCaption),
  );
  return {
    element,
    /**
     * @param {import('../page/state.js').LookView} look
     * @param {number[]} chosen
     * @param {import('../api/types.js').OverlayOptions} options
     */
    update(look, chosen, options) {
      element.hidden = chosen.length < 2;
      setText(title, text.card.sum(chosen));
      if (!element.hidden) canvas.update({ look, maps: chosen, options });
    },
  };
}
