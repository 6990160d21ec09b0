import { overlayOptions } from '../page/state.js';
import { text } from './text.js';
import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { overlayCanvas } from '../ui/overlay-canvas.js';

/** The chosen maps added up, where there are several. */
export async function createSum() {
  await loadStyle('parts.css', import.meta.url);
  const canvas = overlayCanvas();
  const title = h('h3');
  const element = h(
    'figure',
    { className: 'sum' },
    title,
    canvas.element,
    h('figcaption', { className: 'note' }, text.sumCaption),
  );
  return {
    element,
    /** @param {import('../page/state.js').State} state */
    update(state) {
      const { look, chosen } = state;
      element.hidden = chosen.length < 2;
      setText(title, text.sum(chosen));
      if (!element.hidden && look) canvas.update({ look, maps: chosen, options: overlayOptions(state) });
    },
  };
}
