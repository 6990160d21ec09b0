import { overlayOptions } from '../page/state.js';
import { h } from '../ui/dom.js';
import { overlayCanvas, paint } from '../ui/overlay-canvas.js';

/**
 * A photo of a round, and what the network made of it.
 * @typedef {{ photo: import('../page/state.js').Photo, look: import('../featurescope.js').Look }} Looked
 */

/**
 * Single maps over the photos of a round.
 * @param {import('../page/session/session.js').Session} session
 */
export function createTiles(session) {
  /** @type {ReturnType<typeof overlayCanvas>[]} */
  let canvases = [];
  return {
    /**
     * One map over one photo, in one scale over several: a weak map has to look weak.
     * @param {number} map
     * @param {Looked} on
     * @param {Looked[]} all that share the scale
     */
    tile(map, { look, photo }, all) {
      // A dead map would be drawn as a grey field; here it shall be seen that it finds nothing on the photo.
      if (look.dead[map]) {
        const plain = h('canvas', { className: 'overlay', title: photo.name });
        paint(plain, look.seen());
        return plain;
      }
      const scale = Math.max(...all.map((one) => one.look.maxima[map]));
      const canvas = overlayCanvas();
      canvases.push(canvas);
      canvas.update({ look, maps: [map], options: { ...overlayOptions(session.state), scale: scale > 0 ? scale : 1 } });
      canvas.element.title = photo.name;
      return canvas.element;
    },
    dispose() {
      for (const canvas of canvases) canvas.dispose();
      canvases = [];
    },
  };
}
