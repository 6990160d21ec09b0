import { h, setText, whenChanged } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';
import { createCurve } from './curve-box.js';
import { shownStage } from './drawn.js';
import { createScrub } from './scrub.js';
import { sentenceOf } from './sentence.js';
import { text } from './text.js';

/** @typedef {import('./choices.js').Stage} Stage */

/**
 * One drawing: the picture as it grows, a slider back through what it was, its curve, and its files.
 * @param {import('../../page/session/session.js').Session} session
 * @param {0 | 1} place
 * @param {() => void} onFirst is told when the first picture stands there
 */
export function createEasel(session, place, onFirst) {
  const canvas = h('canvas', { className: 'drawing', width: 1, height: 1, role: 'img', hidden: true });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'drawing' });
  const scrub = createScrub(session, place);
  const element = h('div', { className: 'draw-easel' }, canvas, line, scrub.element);
  const curve = createCurve(session, element);
  element.append(curve.element, curve.note);

  const show = whenChanged((/** @type {Stage | null} */ stage) => {
    const isFirst = canvas.hidden;
    canvas.hidden = stage === null;
    if (!stage) return;
    paint(canvas, stage.image);
    if (isFirst) onFirst();
  });

  return {
    element,
    /** @param {import('./choices.js').Drawn | null} drawn */
    update(drawn) {
      if (drawn) canvas.setAttribute('aria-label', text.alt(drawn.map));
      setText(line, sentenceOf(drawn));
      const stage = shownStage(drawn);
      scrub.update(drawn);
      curve.update(drawn, stage);
      show(stage);
    },
  };
}
