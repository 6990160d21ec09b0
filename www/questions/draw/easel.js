import { h, setText, unfold, whenChanged } from '../../ui/dom.js';
import { createCurve } from './curve-box.js';
import { shownStage } from './drawn.js';
import { createScrub } from './scrub.js';
import { sentenceOf } from './sentence.js';
import { showDrawing } from './show.js';
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
  const empty = h('p', { className: 'draw-empty' });
  const recorded = h('img', { className: 'drawing', width: 128, height: 128, hidden: true });
  const before = h('p', { className: 'note', hidden: true }, text.recorded);
  const frame = h('div', { className: 'draw-frame' }, canvas, recorded, empty);
  const bar = h('progress', { className: 'draw-bar', max: 1, value: 0, 'aria-hidden': 'true' });
  const element = h('div', { className: 'draw-easel' }, frame, before, bar, line, scrub.element);
  const curve = createCurve(session, element);
  const way = unfold(text.curveSummary, curve.element, curve.note);
  element.append(way);

  const show = whenChanged(
    (/** @type {Stage | null} */ stage, /** @type {import('./choices.js').Settings | null} */ settings) => {
      const isFirst = canvas.hidden;
      canvas.hidden = stage === null;
      if (!stage || !settings) return;
      showDrawing(canvas, stage.image, settings);
      if (isFirst) onFirst();
    },
  );

  return {
    element,
    /**
     * @param {import('./choices.js').Drawn | null} drawn
     * @param {{ map: number, name: string, recorded: string | null }} next what would be drawn here; `recorded`: the address of a picture of it
     */
    update(drawn, next) {
      if (drawn) canvas.setAttribute('aria-label', text.alt(drawn.map, drawn.target));
      setText(line, sentenceOf(drawn));
      const stage = shownStage(drawn);
      const address = drawn ? null : next.recorded;
      if (address && recorded.src !== address) {
        recorded.src = address;
        recorded.alt = text.alt(next.map);
      }
      recorded.hidden = before.hidden = address === null;
      setText(empty, drawn?.status === 'drawing' ? '' : text.empty(next.name));
      empty.hidden = stage !== null || address !== null;
      const progress = drawn?.status === 'drawing' ? drawn.progress : null;
      bar.hidden = drawn?.status !== 'drawing';
      bar.value = progress?.total ? progress.done / progress.total : 0;
      way.hidden = (drawn?.activations.length ?? 0) < 2;
      scrub.update(drawn);
      curve.update(drawn, stage);
      show(stage, drawn?.settings ?? null);
    },
  };
}
