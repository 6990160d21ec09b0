import { toError } from '../../api/errors.js';
import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { overlayCanvas, paint } from '../../ui/overlay-canvas.js';

/**
 * @typedef {import('../../api/types.js').Cam} Cam
 * @typedef {import('../../page/state.js').State} State
 */

/**
 * Grad-CAM for a class beside the opened map.
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createCam(session) {
  const classes = h('datalist', { id: 'cam-classes' });
  const choice = h('input', {
    id: 'cam-class',
    type: 'text',
    autocomplete: 'off',
    onchange: () => choose(),
    onfocus: () => choice.select(),
  });
  // The field offers only what fits to what stands in it.
  choice.setAttribute('list', classes.id);
  const canvas = h('canvas', {
    className: 'overlay',
    width: 1,
    height: 1,
    role: 'img',
    'data-testid': 'cam',
    hidden: true,
  });
  const all = h('figcaption', { className: 'note' });
  const single = overlayCanvas();
  const one = h('figcaption', { className: 'note' });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'cam-caption' });
  const element = h(
    'div',
    { className: 'panel' },
    h('p', { className: 'note' }, text.differ),
    h('div', { className: 'field' }, h('label', { for: choice.id }, text.class), choice, classes),
    line,
    h('div', { className: 'pair' }, h('figure', {}, canvas, all), h('figure', {}, single.element, one)),
    unfold(common.whatAmISeeing, h('p', {}, text.explain)),
  );
  let running = new AbortController();
  /** @type {Cam | null} */
  let found = null;
  let asked = '';
  /** The class that is shown, and whether somebody asked for it; else it is the most probable one. */
  let classIndex = 0;
  let isChosen = false;
  /** The classes on offer, by what stands in the field for them. @type {Map<string, number>} */
  let offered = new Map();
  /** What they were made of. @type {string[] | null} */
  let labels = null;
  /** @type {State} */
  let state = session.state;

  /** Takes the class that was typed or picked. */
  function choose() {
    const found = offered.get(choice.value.trim()) ?? beginningWith(choice.value.trim());
    if (found === undefined) {
      setText(line, text.noSuchClass(choice.value));
      return;
    }
    classIndex = found;
    isChosen = true;
    asked = '';
    name();
    show();
  }

  /** The only class whose name begins so, or is this one but for capital letters. @param {string} typed */
  function beginningWith(typed) {
    if (!typed) return undefined;
    const wanted = typed.toLowerCase();
    const found = [...offered].filter(([label]) => label.toLowerCase().startsWith(wanted));
    return (found.find(([label]) => label.toLowerCase() === wanted) ??
      (found.length === 1 ? found[0] : undefined))?.[1];
  }

  /** Writes the class's name into the field, unless somebody is typing there. */
  function name() {
    const [label = ''] = [...offered].find(([, index]) => index === classIndex) ?? [];
    choice.value = label;
  }

  /** Offers all classes of the model. @param {string[]} known @param {number} count */
  function offer(known, count) {
    if (known === labels && offered.size > 0) return;
    labels = known;
    offered = new Map();
    for (let index = 0; index < count; index++) {
      const label = known[index] || common.predictions.unnamed(index);
      // Two classes of ImageNet are both called crane.
      offered.set(offered.has(label) ? `${label} (${index})` : label, index);
    }
    classes.replaceChildren(...[...offered.keys()].map((value) => h('option', { value })));
  }

  async function show() {
    const look = /** @type {import('../../featurescope.js').Look | null} */ (state.look);
    if (!look || state.recorded) return;
    if (look.silence === 'no-scores' || look.silence === 'not-finite' || look.finite === false) {
      running.abort();
      found = null;
      asked = '';
      canvas.hidden = true;
      setText(all, '');
      return setText(line, look.finite === false ? common.look.notFinite : common.predictions.nothing);
    }
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
      session.showEngine();
      if (controller.signal.aborted) return;
      found = cam;
      paint(canvas, cam.image);
      canvas.hidden = false;
      describe();
    } catch (error) {
      if (controller.signal.aborted) return;
      // The same is not asked again by itself: what fails once fails again, and an error draws the page anew.
      setText(line, toError(error).message);
      session.report(error);
    }
  }

  /** What the picture shows, in a sentence, which names the opened map as well. */
  function describe() {
    const { openMap } = state;
    if (!found || openMap === null) return;
    const label = [...offered].find(([, index]) => index === found?.classIndex)?.[0] ?? '';
    const {
      weights,
      cells: { data, width, height },
    } = found;
    const peak = data.reduce((best, value, cell) => (value > data[best] ? cell : best), 0);
    const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a]);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const where = common.place((Math.floor(peak / width) + 0.5) / height, ((peak % width) + 0.5) / width);
    const sentence =
      data[peak] > 0
        ? text.sentence({
            label,
            where,
            strongest: order.slice(0, 3),
            map: openMap,
            share: weights[openMap] / largest,
            place: order.indexOf(openMap) + 1,
            maps: weights.length,
          })
        : text.nothing(label);
    setText(line, sentence);
    setText(all, text.all(label));
    canvas.setAttribute('aria-label', sentence);
    canvas.dataset.classIndex = String(found.classIndex);
  }

  return {
    element,
    /** What stands there now, and in a sentence; null before it does. */
    get found() {
      return found && { cam: found, canvas, sentence: line.textContent ?? '' };
    },
    /** The class that is shown. */
    get choices() {
      return { classIndex };
    },
    /** @param {{ classIndex: number }} choices */
    choose({ classIndex: wanted }) {
      classIndex = wanted;
      isChosen = true;
      this.update(state);
    },
    /** @param {State} next */
    update(next) {
      state = next;
      const { look, openMap, overlay, model } = state;
      if (!look || openMap === null) return;
      if (!element.closest('details')?.open) {
        // Unfolding it anew asks anew for what failed.
        if (!found) asked = '';
        return;
      }
      const known = labels;
      offer(model?.labels ?? [], model?.classes ?? look.predictions.length);
      // Another model has other classes.
      if (known !== null && known !== labels && classIndex >= (model?.classes ?? 0)) isChosen = false;
      if (!isChosen) classIndex = look.predictions[0]?.index ?? 0;
      if (document.activeElement !== choice) name();
      choice.disabled = state.recorded;
      setText(one, text.one(openMap));
      single.update({ look, maps: [openMap], options: { ...overlay, scale: 'map' } });
      show();
      describe();
    },
  };
}
