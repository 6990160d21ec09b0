import { save } from '../ui/downloads.js';
import { h, select, setText } from '../ui/dom.js';
import { loadPlot, finish } from '../ui/charts.js';
import { loadStyle } from '../ui/load-style.js';
import { paint } from '../ui/overlay-canvas.js';
import { text } from './text.js';

/** @typedef {import('../types.js').Progress} Progress */

/**
 * Question 2 for one map: the picture as it grows, its curve, and the sizes it went through.
 * @param {import('../session.js').Session} session
 */
export function createDrawing(session) {
  loadStyle('draw.css', import.meta.url);
  const canvas = h('canvas', { className: 'drawing', width: 1, height: 1, role: 'img', hidden: true });
  const size = select(text.size, text.sizes, () => {});
  const seed = h('input', { id: 'draw-seed', type: 'number', min: '0', max: '4294967295', value: '1' });
  const start = h('button', { type: 'button', className: 'primary', onclick: () => draw() }, text.draw);
  const stop = h('button', { type: 'button', hidden: true, onclick: () => running?.abort() }, text.cancel);
  const png = h('button', { type: 'button', className: 'small', hidden: true, onclick: () => canvas.toBlob((blob) => {
    if (blob) save(blob, `featurescope-map-${drawn}.png`);
  }) }, text.save);
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'drawing' });
  const curve = h('div');
  const curveNote = h('p', { className: 'note', hidden: true }, text.curve);
  const way = h('ul', { className: 'draw-sizes', 'aria-label': text.steps });
  size.element.value = '230';
  const element = h('div', { className: 'panel' }, h('p', { className: 'note' }, text.explain),
    h('div', { className: 'buttons' }, size.field, h('div', { className: 'field' }, h('label', { for: seed.id }, text.seed), seed)),
    h('p', { className: 'buttons' }, start, stop, png), line, canvas, way, curve, curveNote);
  /** @type {AbortController | null} */
  let running = null;
  let drawn = -1;
  let shown = '';

  async function draw() {
    const { model, state } = session;
    const map = state.openMap;
    const layer = state.look?.layer;
    if (!model || !layer || map === null || running) return;
    const controller = (running = new AbortController());
    begin(map);
    /** @type {number[]} */
    const activations = [];
    let side = 0;
    try {
      const drawing = await model.draw({ layer, map }, {
        size: Number(size.element.value), seed: Math.max(0, Math.round(seed.valueAsNumber) || 0), article: state.article, signal: controller.signal,
        onProgress: (progress) => {
          if (controller.signal.aborted) return;
          if (progress.activation === undefined) return setText(line, text.setup);
          setText(line, text.progress(progress));
          activations.push(progress.activation);
          if (!progress.image) return;
          if (side > 0 && progress.image.width !== side) keep();
          side = progress.image.width;
          show(progress.image, map);
        },
      });
      show(drawing.image, map);
      setText(line, text.done(map, drawing));
      drawCurve(Array.from(drawing.activations));
    } catch (error) {
      if (controller.signal.aborted) {
        setText(line, activations.length > 0 ? text.stopped : '');
        drawCurve(activations);
      } else {
        setText(line, '');
        session.report(error);
      }
    }
    if (running === controller) running = null;
    start.hidden = false;
    stop.hidden = true;
    setText(start, text.again);
  }

  /** @param {number} map */
  function begin(map) {
    drawn = map;
    start.hidden = true;
    stop.hidden = false;
    png.hidden = canvas.hidden = true;
    way.replaceChildren();
    curve.replaceChildren();
    curveNote.hidden = true;
    setText(line, text.setup);
  }

  /** @param {ImageData} image @param {number} map */
  function show(image, map) {
    paint(canvas, image);
    canvas.setAttribute('aria-label', text.alt(map));
    canvas.hidden = png.hidden = false;
  }

  /** What the last size ended with, to look back at. */
  function keep() {
    const copy = h('canvas', { width: canvas.width, height: canvas.height, 'aria-hidden': 'true' });
    copy.getContext('2d')?.drawImage(canvas, 0, 0);
    way.append(h('li', {}, copy, h('span', { className: 'note' }, String(canvas.width))));
  }

  /** @param {number[]} activations */
  async function drawCurve(activations) {
    if (activations.length === 0) return;
    const Plot = await loadPlot();
    const points = activations.map((mean, step) => ({ step: step + 1, mean }));
    const chart = Plot.plot({
      width: Math.max(240, element.clientWidth), height: 120, marginLeft: 44, className: 'chart', ariaLabel: text.curve,
      x: { label: 'step →' }, y: { label: '↑ mean', grid: true, ticks: 4 }, marks: [Plot.lineY(points, { x: 'step', y: 'mean', className: 'chart-line' })],
    });
    finish(chart);
    curve.replaceChildren(chart);
    curveNote.hidden = false;
  }

  return {
    element,
    /** @param {import('../state.js').State} state */
    update({ openMap, look, recorded }) {
      start.disabled = recorded;
      const key = `${look?.layer} ${openMap}`;
      if (key === shown) return;
      shown = key;
      // What was drawn is another map.
      running?.abort();
      running = null;
      start.hidden = false;
      stop.hidden = png.hidden = canvas.hidden = curveNote.hidden = true;
      setText(line, '');
      setText(start, text.draw);
      way.replaceChildren();
      curve.replaceChildren();
    },
  };
}
