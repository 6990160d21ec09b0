import { h, whenChanged } from '../../../ui/dom.js';
import { text } from './text.js';

/** The picture that a network makes of the photo. */
export function createPicture() {
  const canvas = h('canvas', {
    className: 'photo',
    role: 'img',
    'aria-label': text.pictureOf,
    'data-testid': 'made-picture',
  });
  const element = h('div', {}, h('p', {}, text.picture), canvas);
  const draw = whenChanged((/** @type {ImageData} */ picture) => {
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d')?.putImageData(picture, 0, 0);
  });
  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update({ look }) {
      element.hidden = !look?.picture;
      if (look?.picture) draw(look.picture);
    },
  };
}
