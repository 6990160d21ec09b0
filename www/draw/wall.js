import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { paint } from '../ui/overlay-canvas.js';
import { createPatches } from './patches.js';
import { text } from './text.js';

/** A wall is of many drawings, so each is small. */
const SIZE = 112;
/** Crops below each. */
const PATCHES = 3;

/**
 * All maps of a class, drawn one after another.
 * @param {import('../session.js').Session} session
 * @param {import('../classes/study.js').Study} study
 * @param {number[]} maps
 */
export function createWall(session, study, maps) {
  loadStyle('draw.css', import.meta.url);
  const list = h('ul', { className: 'draw-wall' });
  const line = h('p', { className: 'note', role: 'status' });
  const stop = h('button', { type: 'button', className: 'small', onclick: () => controller.abort() }, text.cancel);
  const element = h('div', { className: 'panel', 'data-testid': 'draw-wall' }, list, h('p', { className: 'buttons' }, stop, line));
  const controller = new AbortController();

  async function draw() {
    try {
      for (const map of maps) {
        const canvas = h('canvas', { className: 'drawing', width: SIZE, height: SIZE, role: 'img', 'aria-label': text.alt(map) });
        const caption = h('span', { className: 'note' }, `#${map}`);
        const patches = createPatches(session, PATCHES);
        list.append(h('li', { 'data-testid': 'drawn', 'data-map': map },
          h('button', { type: 'button', className: 'tile', onclick: () => session.openMap(map) }, canvas, caption), patches.element));
        const target = { layer: study.layer, map };
        const { article = false } = study.options;
        await patches.show(study.model, target, { article, signal: controller.signal });
        const { image, activations } = await study.model.draw(target, {
          size: SIZE, seed: 1, article, signal: controller.signal,
          onProgress: ({ image: sofar, ...progress }) => {
            if (sofar) paint(canvas, sofar);
            setText(line, progress.activation === undefined ? text.setup : `#${map}: ${text.progress(progress)}`);
          },
        });
        paint(canvas, image);
        setText(caption, text.tile(map, activations[activations.length - 1] ?? 0));
      }
      setText(line, '');
    } catch (error) {
      setText(line, controller.signal.aborted ? text.stopped : '');
      if (!controller.signal.aborted) session.report(error);
    }
    if (document.activeElement === stop) list.querySelector('button')?.focus({ preventScroll: true });
    stop.hidden = true;
  }

  return { element, draw, focus: () => stop.focus(), stop: () => controller.abort() };
}
