import { text as common } from '../text.js';
import { text } from './cam-text.js';
import { h, select, setOptions, setText, unfold } from './dom.js';
import { overlayCanvas, paint } from './overlay-canvas.js';

/**
 * @typedef {import('../types.js').Cam} Cam
 * @typedef {import('../state.js').State} State
 */

/** So many classes to choose from, the most probable first. */
const CLASSES = 20;

/**
 * Grad-CAM for a class beside the opened map.
 * @param {import('../session.js').Session} session
 */
export function createCam(session) {
  const choice = select(text.class, [], () => show());
  const canvas = h('canvas', { className: 'overlay', width: 1, height: 1, role: 'img', 'data-testid': 'cam', hidden: true });
  const all = h('figcaption', { className: 'note' });
  const single = overlayCanvas();
  const one = h('figcaption', { className: 'note' });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'cam-caption' });
  const element = h('div', { className: 'panel' }, h('p', { className: 'note' }, text.differ), choice.field, line,
    h('div', { className: 'pair' }, h('figure', {}, canvas, all), h('figure', {}, single.element, one)),
    unfold(common.whatAmISeeing, h('p', {}, text.explain)));
  let running = new AbortController();
  /** @type {Cam | null} */
  let found = null;
  let asked = '';
  /** A class that was asked for from elsewhere. */
  let wanted = '';
  /** @type {State} */
  let state = session.state;

  async function show() {
    const look = /** @type {import('../featurescope.js').Look | null} */ (state.look);
    const classIndex = Number(choice.element.value);
    if (!look || state.recorded) return;
    const { style, colormap, enlargement } = state.overlay;
    const key = JSON.stringify([look.layer, look.milliseconds, classIndex, style, colormap, enlargement]);
    if (key === asked) return;
    asked = key;
    running.abort();
    const controller = (running = new AbortController());
    found = null;
    canvas.hidden = true;
    setText(line, text.working);
    setText(all, '');
    try {
      const cam = await look.cam(classIndex, { overlay: { style, colormap, enlargement }, signal: controller.signal });
      if (controller.signal.aborted) return;
      found = cam;
      paint(canvas, cam.image);
      canvas.hidden = false;
      describe();
    } catch (error) {
      if (controller.signal.aborted) return;
      setText(line, '');
      asked = '';
      session.report(error);
    }
  }

  /** What the picture shows, in a sentence, which names the opened map as well. */
  function describe() {
    const { openMap } = state;
    if (!found || openMap === null) return;
    const label = choice.element.selectedOptions[0]?.textContent ?? '';
    const { weights, cells: { data, width, height } } = found;
    const peak = data.reduce((best, value, cell) => (value > data[best] ? cell : best), 0);
    const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a]);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const where = common.place((Math.floor(peak / width) + 0.5) / height, ((peak % width) + 0.5) / width);
    const sentence = data[peak] > 0
      ? text.sentence({ label, where, strongest: order.slice(0, 3), map: openMap, share: weights[openMap] / largest, place: order.indexOf(openMap) + 1, maps: weights.length })
      : text.nothing(label);
    setText(line, sentence);
    setText(all, text.all(label));
    canvas.setAttribute('aria-label', sentence);
    canvas.dataset.classIndex = String(found.classIndex);
  }

  return {
    element,
    /** The class that is shown. */
    get choices() {
      return { classIndex: Number(choice.element.value) };
    },
    /** @param {{ classIndex: number }} choices */
    choose({ classIndex }) {
      wanted = String(classIndex);
      this.update(state);
    },
    /** @param {State} next */
    update(next) {
      state = next;
      const { look, openMap, overlay } = state;
      if (!look || openMap === null || !element.closest('details')?.open) return;
      const chosen = wanted || choice.element.value;
      wanted = '';
      setOptions(choice.element, look.predictions.slice(0, CLASSES).map(({ index, label }) => /** @type {const} */ ([String(index), label])));
      if (look.predictions.slice(0, CLASSES).some(({ index }) => String(index) === chosen)) choice.element.value = chosen;
      choice.element.disabled = state.recorded;
      setText(one, text.one(openMap));
      single.update({ look, maps: [openMap], options: { ...overlay, scale: 'map' } });
      show();
      describe();
    },
  };
}
