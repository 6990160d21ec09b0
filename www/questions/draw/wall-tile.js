import { h, setText, whenChanged } from '../../ui/dom.js';
import { lastMean, shownStage } from './drawn.js';
import { createPatches } from './patches.js';
import { showDrawing } from './show.js';
import { text } from './text.js';

/** Crops below each, where they are asked for. */
export const PATCHES = 3;

/**
 * One map of a wall.
 * @param {number} map
 * @param {() => void} onOpen
 */
export function createTile(map, onOpen) {
  const canvas = h('canvas', {
    className: 'drawing',
    width: 1,
    height: 1,
    role: 'img',
    'aria-label': text.alt(map),
  });
  const frame = h('span', { className: 'draw-frame' }, canvas);
  const caption = h('span', { className: 'note' });
  const patches = createPatches(PATCHES);
  const button = h('button', { type: 'button', className: 'tile', onclick: onOpen }, frame, caption);
  const item = h('li', { 'data-testid': 'drawn', 'data-map': map }, button, patches.element);
  const show = whenChanged(
    (
      /** @type {import('./choices.js').Stage | null} */ stage,
      /** @type {import('./choices.js').Settings | null} */ settings,
    ) => {
      if (stage && settings) showDrawing(canvas, stage.image, settings);
    },
  );
  return {
    item,
    focus: () => button.focus({ preventScroll: true }),
    /** @param {import('./choices.js').Tile} tile @param {boolean} withPatches */
    update(tile, withPatches) {
      show(shownStage(tile.drawn), tile.drawn?.settings ?? null);
      patches.update(withPatches ? tile.patches : null);
      setText(caption, captionOf(tile));
      item.dataset.status = tile.status;
      item.toggleAttribute('data-done', tile.status === 'done');
    },
  };
}

/** @param {import('./choices.js').Tile} tile */
function captionOf({ map, status, drawn }) {
  if (status === 'failed') return text.failed(map);
  if (status === 'left') return `#${map}`;
  if (status === 'drawing') return text.drawing(map);
  const outcome = status === 'done' && drawn?.outcome;
  return outcome ? text.tile(map, lastMean(outcome.activations)) : text.waiting(map);
}
