import { overlayOptions } from '../../page/state.js';
import { text } from './text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { overlayCanvas, paint } from '../../ui/overlay-canvas.js';

/** What a feature map is, in three pictures of the one that is open. */
export async function createWhat() {
  await loadStyle('parts.css', import.meta.url);
  const photo = h('canvas', { className: 'overlay', width: 1, height: 1, 'aria-hidden': 'true' });
  const cells = overlayCanvas('overlay cells');
  const glow = overlayCanvas();
  const captions = [photo, cells.element, glow.element].map((canvas) => {
    const caption = h('figcaption');
    return { caption, figure: h('figure', {}, canvas, caption) };
  });
  const drawPhoto = whenChanged((/** @type {import('../../page/state.js').LookView} */ look) =>
    paint(photo, look.seen()),
  );
  return {
    element: h('div', { className: 'what' }, ...captions.map(({ figure }) => figure), h('p', {}, text.what.nobody)),
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { look, openMap } = state;
      if (!look || openMap === null) return;
      drawPhoto(look);
      const { colormap } = state.overlay;
      cells.update({
        look,
        maps: [openMap],
        options: { style: 'raw', scale: 'map', enlargement: 'nearest', colormap },
      });
      glow.update({ look, maps: [openMap], options: overlayOptions(state) });
      const sentences = [text.what.photo, text.what.cells(openMap, look.height, look.width), text.what.glow];
      sentences.forEach((sentence, place) => setText(captions[place].caption, sentence));
    },
  };
}
