import { pictureFile } from '../../files/picture-file.js';
import { save } from '../../ui/save.js';
import { h, setText } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';
import { drawCurve } from './curve.js';
import { lastMean, made, pixels } from './made.js';
import { text } from './text.js';

/** A picture on the way, and the step that it was made before. @typedef {{ image: ImageData, step: number }} Stage */

/**
 * One drawing: the picture as it grows, a slider back through what it was, its curve, and its files.
 * @param {import('../../page/engine/session.js').Session} session
 * @param {() => void} onFirst is told when the first picture stands there
 */
export function createEasel(session, onFirst) {
  const canvas = h('canvas', { className: 'drawing', width: 1, height: 1, role: 'img', hidden: true });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'drawing' });
  const slider = h('input', {
    type: 'range',
    min: '0',
    value: '0',
    'aria-label': text.back,
    oninput: () => showStage(slider.valueAsNumber),
  });
  const where = h('p', { className: 'note numbers', 'data-testid': 'drawing-stage' });
  const png = h(
    'button',
    {
      type: 'button',
      className: 'small',
      title: text.pngTitle,
      onclick: () => savePicture().catch((error) => session.report(error)),
    },
    text.png,
  );
  const gif = h(
    'button',
    { type: 'button', className: 'small', title: text.gifTitle, onclick: saveAnimation },
    text.gif,
  );
  const scrub = h(
    'div',
    { className: 'draw-scrub', hidden: true },
    slider,
    where,
    h('p', { className: 'buttons' }, png, gif),
  );
  const curve = h('div');
  const curveNote = h('p', { className: 'note', hidden: true, 'data-testid': 'drawing-curve' });
  const element = h('div', { className: 'draw-easel' }, canvas, line, scrub, curve, curveNote);
  /** @type {Stage[]} */
  let stages = [];
  /** @type {number[]} */
  let activations = [];
  let map = 0;
  let fileName = '';
  let moved = false;
  /** The drawing, once it is finished. @type {import('./made.js').Made | null} */
  let finished = null;

  /** The picture that is shown. */
  async function savePicture() {
    const { image } = stages[slider.valueAsNumber];
    save(await pictureFile(image), `${fileName}.png`);
  }

  /** @param {number} place */
  function showStage(place) {
    const stage = stages[place];
    if (!stage) return;
    paint(canvas, stage.image);
    pixels.set(canvas, stage.image);
    if (finished && place === stages.length - 1) made.set(canvas, finished);
    else made.delete(canvas);
    const { width } = stage.image;
    setText(where, text.stage(stage.step, width));
    slider.setAttribute('aria-valuetext', text.stage(stage.step, width));
    showCurve(stage.step);
  }

  /** @param {ImageData} image @param {number} step */
  function add(image, step) {
    const last = slider.valueAsNumber >= stages.length - 1;
    stages.push({ image, step });
    slider.max = String(stages.length - 1);
    canvas.hidden = scrub.hidden = false;
    // Who looks back is not torn forward.
    if (last) slider.value = slider.max;
    if (last) showStage(stages.length - 1);
    if (stages.length === 1) onFirst();
  }

  let drawing = false;
  /** Draws the curve, unless it is being drawn; the last wish counts. @param {number} shown */
  async function showCurve(shown) {
    curve.dataset.shown = String(shown);
    if (drawing || activations.length < 2) return;
    drawing = true;
    try {
      const label = text.curve(
        stages.some(({ image }) => image.width !== stages[0].image.width),
        moved,
      );
      const chart = await drawCurve(activations, shown, label, element.clientWidth);
      curve.replaceChildren(chart);
      setText(curveNote, label);
      curveNote.hidden = false;
    } catch (error) {
      session.report(error);
    }
    drawing = false;
    if (curve.dataset.shown !== String(shown)) showCurve(Number(curve.dataset.shown));
  }

  async function saveAnimation() {
    gif.disabled = true;
    try {
      const { animation } = await import('./animation.js');
      const name = `${fileName}.gif`;
      save(
        await animation(
          stages.map(({ image }) => image),
          (done, total) => setText(gif, text.gifProgress(done, total)),
        ),
        name,
      );
    } catch (error) {
      session.report(error);
    } finally {
      gif.disabled = false;
      setText(gif, text.gif);
    }
  }

  function clear() {
    stages = [];
    activations = [];
    finished = null;
    made.delete(canvas);
    slider.value = slider.max = '0';
    canvas.hidden = scrub.hidden = curveNote.hidden = true;
    curve.replaceChildren();
    setText(line, '');
  }

  return {
    element,
    clear,
    /**
     * Draws, and resolves when it is done or was stopped.
     * @param {import('../../featurescope.js').Model} model
     * @param {{ layer: string, map: number }} target
     * @param {import('./settings.js').Settings & { seed: number, article: boolean, pause: import('./pause.js').Pause, signal: AbortSignal }} options
     */
    async draw(model, target, options) {
      clear();
      map = target.map;
      moved = options.preset === 'modern';
      fileName = `featurescope-map-${map}-${options.preset}`;
      canvas.setAttribute('aria-label', text.alt(map));
      setText(line, text.setup);
      try {
        const drawing = await model.draw(target, {
          ...options,
          onProgress: (progress) => {
            if (options.signal.aborted || progress.activation === undefined) return;
            setText(line, text.progress(progress));
            activations.push(progress.activation);
            if (progress.image) add(progress.image, progress.done - 1);
          },
        });
        const { seed, article, signal: _signal, pause: _pause, ...settings } = options;
        finished = { ...target, settings, seed, article, activation: lastMean(drawing.activations) };
        session.showEngine();
        add(drawing.image, drawing.activations.length);
        setText(line, text.done(map, options.preset, drawing));
      } catch (error) {
        const { code } = /** @type {import('../../api/errors.js').FeaturescopeError} */ (error);
        setText(line, code === 'cancelled' && stages.length > 0 ? text.stopped : '');
        if (code !== 'cancelled') session.report(error);
      }
    },
  };
}
