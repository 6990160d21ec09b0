import { h } from '../../../ui/dom.js';
import { chooseMaskPlace } from './changes.js';
import { text } from './text.js';

/** What one press of an arrow key moves, as a part of what the network sees. */
const STEP = 0.05;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** @param {number} value */
const within = (value) => Math.min(1, Math.max(0, value));

/**
 * Chooses a place of a mask, with the mouse or the arrow keys, about which Grad-CAM is asked then.
 * @param {import('../../../page/session/session.js').Session} session
 */
export function createPlacePicker(session) {
  const mark = h('span', { className: 'place-mark', hidden: true });
  const element = h(
    'button',
    { type: 'button', className: 'place-picker', 'aria-label': text.pick, title: text.pick, onclick, onkeydown },
    mark,
  );
  /** Across and down, as parts of what the network sees. @type {[number, number]} */
  let place = [0.5, 0.5];

  /** Of which look that is. @type {import('../../../page/state.js').LookView | null} */
  let placeOf = null;

  /** @param {[number, number]} next */
  function choose(next) {
    place = next;
    chooseMaskPlace(session, next);
  }

  /** @param {MouseEvent} event */
  function onclick({ detail, clientX, clientY }) {
    const { left, top, width, height } = element.getBoundingClientRect();
    // A press of a key has no place of its own.
    choose(detail === 0 ? place : [within((clientX - left) / width), within((clientY - top) / height)]);
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    choose([within(place[0] + step[0]), within(place[1] + step[1])]);
  }

  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update({ look, card: { cam } }) {
      const at = cam.open && cam.at?.look === look ? cam.at : null;
      mark.hidden = at === null;
      if (look !== placeOf) place = [0.5, 0.5];
      placeOf = look;
      if (!at || !look?.frame) return;
      const { x, y, width, height } = look.frame;
      place = [(at.x - x) / width, (at.y - y) / height];
      mark.style.left = `${100 * place[0]}%`;
      mark.style.top = `${100 * place[1]}%`;
    },
  };
}
