import { h, setText, whenChanged } from '../../ui/dom.js';
import { drawCurve } from './curve.js';
import { text } from './text.js';

/**
 * @typedef {import('./choices.js').Drawn} Drawn
 * @typedef {import('./choices.js').Stage} Stage
 */

/**
 * The curve of a drawing, with a mark at the picture that is shown.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} around as wide as the curve is to be
 */
export function createCurve(session, around) {
  const element = h('div');
  const note = h('p', { className: 'note', hidden: true, 'data-testid': 'drawing-curve' });
  /** What is to be seen, and what is. @type {{ drawn: Drawn, step: number } | null} */
  let wished = null;
  let drawing = false;

  /** Draws the curve, unless it is being drawn; the last wish counts. */
  async function draw() {
    if (drawing || !wished || wished.drawn.activations.length < 2) return;
    drawing = true;
    const wish = wished;
    try {
      const label = labelOf(wish.drawn);
      const { activations, target } = wish.drawn;
      const chart = await drawCurve(activations, wish.step, label, around.clientWidth, target);
      if (wished) {
        element.replaceChildren(chart);
        setText(note, label);
        note.hidden = false;
      }
    } catch (error) {
      session.report(error);
    }
    drawing = false;
    if (wished !== wish) draw();
  }

  return {
    element,
    note,
    update: whenStageChanges((drawn, stage) => {
      wished = drawn && stage ? { drawn, step: stage.step } : null;
      if (wished) return void draw();
      note.hidden = true;
      element.replaceChildren();
    }),
  };
}

/** @param {Drawn} drawn */
function labelOf({ stages, settings, target }) {
  const enlarged = stages.some(({ image }) => image.width !== stages[0].image.width);
  return text.curve(enlarged, settings.preset === 'modern', target);
}

/** Every step changes a drawing; its curve is drawn again with its pictures. @param {(drawn: Drawn | null, stage: Stage | null) => void} draw */
function whenStageChanges(draw) {
  /** @type {Drawn | null} */
  let latest = null;
  const changed = whenChanged((/** @type {Stage | null} */ stage) => draw(latest, stage));
  return (/** @type {Drawn | null} */ drawn, /** @type {Stage | null} */ stage) => {
    latest = drawn;
    changed(stage);
  };
}
