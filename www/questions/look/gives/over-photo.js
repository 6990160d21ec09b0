import { currentPhoto } from '../../../page/state.js';
import { h, whenChanged } from '../../../ui/dom.js';
import { loadStyle } from '../../../ui/load-style.js';
import { withoutAnswer } from '../../../card/ablation/selection.js';
import { FEW_BOXES, shownBoxes } from './boxes.js';
import { pointAtFound, pointedAt } from './changes.js';
import { colourOf, cssColour } from './colours.js';
import { shapeOf } from './inside.js';
import { createPlacePicker } from './place.js';

/** How much of the photo a mask's colour covers: enough to be told apart, and the photo is seen through it. */
const COVER = 150;
/** The same where one class is pointed at: that one, and the others. */
const COVER_POINTED = 190;
const COVER_OTHERS = 30;

/** @type {FoundBox[]} */
const NONE = [];

/** @typedef {import('../../../api/types.js').FoundBox} FoundBox */
/** @typedef {import('../../../api/types.js').FoundMask} FoundMask */
/** @typedef {import('../../../api/types.js').BoxMask} BoxMask */
/** @typedef {import('../../../page/state.js').State} State */

/**
 * What a network finds, over the photo: boxes with the numbers of the list, or the colours of the legend.
 * @param {import('../../../page/session/session.js').Session} session
 */
export async function createOverPhoto(session) {
  await loadStyle('gives.css', import.meta.url);
  const boxes = createFrames(session);
  const shapes = createShapes();
  const canvas = h('canvas', { className: 'found-mask', width: 1, height: 1, 'data-testid': 'mask-canvas' });
  const picker = createPlacePicker(session);
  const pictures = h(
    'div',
    { className: 'over-photo', 'aria-hidden': 'true' },
    canvas,
    shapes.element,
    ...boxes.elements,
  );
  const element = h('div', { className: 'over-photo' }, pictures, picker.element);
  const draw = whenChanged((/** @type {FoundMask} */ mask, /** @type {number | null} */ pointed) => {
    canvas.width = mask.width;
    canvas.height = mask.height;
    canvas.getContext('2d')?.putImageData(coloured(mask, pointed), 0, 0);
  });
  return {
    element,
    /** @param {State} state */
    update(state) {
      const { look, finds, recorded } = state;
      const { width = 0, height = 0 } = currentPhoto(state) ?? {};
      const isReady = !recorded && width > 0 && height > 0;
      const shows = Boolean(look?.mask && isReady && !finds.isOff);
      canvas.hidden = !shows;
      if (look?.mask && look.frame && shows) {
        draw(look.mask, pointedAt(state));
        place(canvas, look.frame, { width, height });
      }
      boxes.update(state, isReady ? { width, height } : null);
      shapes.update(state, isReady ? { width, height } : null);
      picker.element.hidden = !look?.mask || !isReady || state.erasing;
      if (look?.frame && isReady) place(picker.element, look.frame, { width, height });
      picker.update(state);
    },
  };
}

/**
 * One frame for each box.
 * @param {import('../../../page/session/session.js').Session} session
 */
function createFrames(session) {
  const element = h('div', { className: 'found-boxes' });
  /** Where things are found when maps are switched off. */
  const moved = h('div', { className: 'found-boxes' });
  const drawMoved = whenChanged(
    (/** @type {FoundBox[]} */ boxes, /** @type {number} */ width, /** @type {number} */ height) =>
      moved.replaceChildren(
        ...boxes.slice(0, FEW_BOXES).map((box) => {
          const frame = h('div', { className: 'found-box moved', 'data-testid': 'moved-box' });
          place(frame, withinPhoto(box, { width, height }), { width, height });
          frame.style.setProperty('--found', cssColour(box.classIndex));
          return frame;
        }),
      ),
  );
  /** @type {HTMLElement[]} */
  const frames = [];
  /** @param {number} index */
  const create = (index) =>
    h(
      'div',
      {
        className: 'found-box',
        'data-testid': 'box-frame',
        onpointerenter: () => pointAtFound(session, index),
        onpointerleave: () => pointAtFound(session, null),
      },
      h('span', {}, String(index + 1)),
    );
  return {
    elements: [element, moved],
    /** @param {State} state @param {{ width: number, height: number } | null} photo */
    update(state, photo) {
      const shown = photo && !state.erasing ? shownBoxes(state) : [];
      const pointed = pointedAt(state);
      shown.forEach((box, index) => {
        frames[index] ??= create(index);
        const frame = frames[index];
        if (!frame.isConnected) element.append(frame);
        if (photo) place(frame, withinPhoto(box, photo), photo);
        frame.style.setProperty('--found', cssColour(box.classIndex));
        frame.classList.toggle('pointed', pointed === index);
      });
      frames.slice(shown.length).forEach((frame) => frame.remove());
      const now = photo && !state.erasing ? withoutAnswer(state)?.ablation?.finds?.boxes : null;
      drawMoved(now ?? NONE, photo?.width ?? 0, photo?.height ?? 0);
      element.classList.toggle('pointing', pointed !== null);
    },
  };
}

/** The masks of the boxes that show, each in its box's colour; that of the box that is pressed or pointed at covers more than the others'. */
function createShapes() {
  const element = h('div', { className: 'found-shapes' });
  /** @type {ReturnType<typeof create>[]} */
  const shapes = [];
  function create() {
    const canvas = h('canvas', { className: 'found-shape', width: 1, height: 1, 'data-testid': 'box-shape' });
    const draw = whenChanged((/** @type {BoxMask} */ mask, /** @type {number} */ classIndex) => {
      canvas.width = mask.width;
      canvas.height = mask.height;
      const image = new ImageData(mask.width, mask.height);
      mask.data.forEach((has, at) => {
        if (has) image.data.set([...colourOf(classIndex), 255], 4 * at);
      });
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    });
    return { canvas, draw };
  }
  return {
    element,
    /** @param {State} state @param {{ width: number, height: number } | null} photo */
    update(state, photo) {
      const shown = photo && !state.erasing && !state.finds.isOff ? shownBoxes(state) : [];
      const { inside } = state.finds;
      const strongest = pointedAt(state) ?? (inside?.look === state.look ? inside?.index : null) ?? null;
      shown.forEach((box, index) => {
        shapes[index] ??= create();
        const { canvas, draw } = shapes[index];
        const mask = shapeOf(box);
        canvas.hidden = mask === null;
        canvas.classList.toggle('pointed', strongest === index);
        // The best lie above the others.
        if (!canvas.isConnected) element.prepend(canvas);
        if (!mask || !photo) return;
        draw(mask, box.classIndex);
        place(canvas, mask.frame, photo);
      });
      shapes.slice(shown.length).forEach(({ canvas }) => canvas.remove());
      element.classList.toggle('pointing', strongest !== null);
    },
  };
}

/** The part of a box that lies on the photo. @param {import('../../../api/types.js').Frame} box @param {{ width: number, height: number }} photo */
function withinPhoto(box, { width, height }) {
  const [x, y] = [Math.max(0, Math.min(width, box.x)), Math.max(0, Math.min(height, box.y))];
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, box.x + box.width) - x),
    height: Math.max(0, Math.min(height, box.y + box.height) - y),
  };
}

/** @param {HTMLElement} element @param {import('../../../api/types.js').Frame} frame @param {{ width: number, height: number }} photo */
function place(element, frame, photo) {
  element.style.left = `${(100 * frame.x) / photo.width}%`;
  element.style.top = `${(100 * frame.y) / photo.height}%`;
  element.style.width = `${(100 * frame.width) / photo.width}%`;
  element.style.height = `${(100 * frame.height) / photo.height}%`;
}

/** The mask in the colours of its classes. What a mask of one class is not about stays clear, and so does the background. @param {FoundMask} mask @param {number | null} pointed */
function coloured({ width, height, data, isBinary, areas }, pointed) {
  const image = new ImageData(width, height);
  const background = areas.find(({ label }) => /^_*background_*$/i.test(label))?.index;
  const clear = isBinary ? 0 : background;
  data.forEach((index, place) => {
    if (index === clear) return;
    const cover = pointed === null ? COVER : pointed === index ? COVER_POINTED : COVER_OTHERS;
    image.data.set([...colourOf(index), cover], 4 * place);
  });
  return image;
}
