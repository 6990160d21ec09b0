import { formatNumber } from '../../api/numbers.js';
import { text } from './text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';

/** What the colours mean, in numbers. */
export function createLegend() {
  const ramp = h('canvas', { className: 'ramp', width: 256, height: 1, role: 'img', 'aria-label': text.legend.alt });
  const low = h('span', { className: 'numbers' });
  const high = h('span', { className: 'numbers' });
  const scaled = h('span');
  const element = h('p', { className: 'legend note' }, h('span', { className: 'ramp-row' }, low, ramp, high), scaled);
  const draw = whenChanged((/** @type {Uint8Array | null} */ palette) => {
    const context = ramp.getContext('2d');
    if (!context || !palette) return;
    const pixels = context.createImageData(256, 1);
    for (let i = 0; i < 256; i++) pixels.data.set([...palette.slice(i * 3, i * 3 + 3), 255], i * 4);
    context.putImageData(pixels, 0, 0);
  });

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { look, overlay, palette, article } = state;
      draw(palette);
      element.hidden = !look;
      if (!look) return;
      ramp.hidden = !palette || article || overlay.style === 'multiply' || overlay.style === 'spotlight';
      low.hidden = high.hidden = ramp.hidden;
      const most = look.layerScale;
      const full = overlay.scale === 'set' ? Math.max(most, state.setMaxima[look.layer] ?? 0) : most;
      const { signed } = look;
      const own = overlay.scale === 'map';
      setText(low, signed ? (own ? text.legend.ownSmallest : formatNumber(-full)) : '0');
      setText(high, own ? text.legend.ownLargest : formatNumber(full));
      setText(
        scaled,
        article
          ? text.controls.articleHelp
          : text.legend.scale(overlay.scale, full) + (signed ? ` ${text.legend.signed}` : ''),
      );
    },
  };
}
