import { h, setText, whenChanged } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';
import { text } from './text.js';

/** Where crops are few, they stand without a heading. */
const FEW = 3;

/**
 * Where a map fires most in the images.
 * @param {number} count of crops at the most
 */
export function createPatches(count) {
  const list = h('ul', { className: 'draw-patches', 'aria-label': text.patches });
  const note = h('p', { className: 'note' });
  const element = h(
    'div',
    { className: 'panel', hidden: true, 'data-testid': 'drawing-patches' },
    ...(count > FEW ? [h('h3', {}, text.patches)] : []),
    list,
    ...(count > FEW ? [note] : []),
  );
  const draw = whenChanged((/** @type {import('./choices.js').Patches | null} */ patches) => {
    element.hidden = patches === null;
    list.replaceChildren(...(patches?.crops ?? []).map(cropItem));
    if (!patches) return;
    const { crops, images, limited } = patches;
    setText(note, crops.length === 0 ? text.noPatches(images) : text.patchesExplain(limited));
  });
  return { element, update: draw };
}

/** @param {import('./choices.js').Patches['crops'][number]} crop */
function cropItem({ image, name, maximum }) {
  const canvas = h('canvas', { width: 1, height: 1, role: 'img', 'aria-label': text.patch(name, maximum) });
  paint(canvas, image);
  return h('li', { 'data-testid': 'drawing-patch', title: text.patch(name, maximum) }, canvas);
}
