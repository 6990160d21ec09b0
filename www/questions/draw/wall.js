import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { paint } from '../../ui/overlay-canvas.js';
import { lastMean, made, pixels } from './made.js';
import { createPatches } from './patches.js';
import { text } from './text.js';

/** A wall is of many drawings, so each is small. */
const SIZE = 112;
/** How each drawing of the wall is made. @type {import('./settings.js').Settings} */
const SETTINGS = { preset: 'article', size: SIZE, blur: 0, totalVariation: 0, l2: 0 };
const SEED = 1;
/** Crops below each. */
const PATCHES = 3;

/** A place on the wall. @typedef {{ map: number, item: HTMLLIElement, canvas: HTMLCanvasElement, caption: HTMLElement,
 *   patches: ReturnType<typeof createPatches> }} Tile */

/**
 * All maps of a class, drawn one after another: of those that are not drawn yet the first that the visitor sees, or else the first.
 * @param {import('../../page/engine/session.js').Session} session
 * @param {import('../../classes/study.js').Study} study
 * @param {number[]} maps
 */
export function createWall(session, study, maps) {
  loadStyle('draw.css', import.meta.url);
  const tiles = maps.map(createTile);
  const list = h('ul', { className: 'draw-wall' }, ...tiles.map(({ item }) => item));
  const line = h('p', { className: 'note', role: 'status' });
  const stop = h('button', { type: 'button', className: 'small', onclick: () => controller.abort() }, text.cancel);
  const element = h(
    'div',
    { className: 'panel', 'data-testid': 'draw-wall' },
    list,
    h('p', { className: 'buttons' }, stop, line),
  );
  const controller = new AbortController();
  const { signal } = controller;

  /** @param {number} map @returns {Tile} */
  function createTile(map) {
    const canvas = h('canvas', {
      className: 'drawing',
      width: SIZE,
      height: SIZE,
      role: 'img',
      'aria-label': text.alt(map),
    });
    const caption = h('span', { className: 'note' }, text.waiting(map));
    const patches = createPatches(session, PATCHES);
    const item = h(
      'li',
      { 'data-testid': 'drawn', 'data-map': map },
      h('button', { type: 'button', className: 'tile', onclick: () => session.openMap(map) }, canvas, caption),
      patches.element,
    );
    return { map, item, canvas, caption, patches };
  }

  /** @param {Tile} tile */
  async function drawTile({ map, item, canvas, caption, patches }) {
    const target = { layer: study.layer, map };
    const { article = false } = study.options;
    /** @param {ImageData} picture */
    const show = (picture) => {
      paint(canvas, picture);
      pixels.set(canvas, picture);
    };
    await patches.show(study.model, target, { article, signal });
    const { image, activations } = await study.model.draw(target, {
      ...SETTINGS,
      seed: SEED,
      article,
      signal,
      onProgress: ({ image: sofar, ...progress }) => {
        if (sofar) show(sofar);
        setText(line, progress.activation === undefined ? text.setup : `#${map}: ${text.progress(progress)}`);
      },
    });
    session.showEngine();
    show(image);
    made.set(canvas, { ...target, settings: SETTINGS, seed: SEED, article, activation: lastMean(activations) });
    setText(caption, text.tile(map, lastMean(activations)));
    item.dataset.done = '';
  }

  async function draw() {
    /** @type {Set<Element>} */
    const seen = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
    });
    for (const { item } of tiles) observer.observe(item);
    const left = [...tiles];
    let failed = false;
    while (left.length > 0 && !signal.aborted) {
      // The observer tells what is in sight in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
      const place = Math.max(
        0,
        left.findIndex(({ item }) => seen.has(item)),
      );
      const [tile] = left.splice(place, 1);
      try {
        await drawTile(tile);
      } catch (error) {
        if (signal.aborted) break;
        // What is wrong with one map may not be with the next; said once, since it is likely the same.
        setText(tile.caption, text.failed(tile.map));
        if (!failed) session.report(error);
        failed = true;
      }
    }
    observer.disconnect();
    for (const { map, caption } of left) setText(caption, `#${map}`);
    setText(line, signal.aborted ? text.stopped : '');
    if (document.activeElement === stop) list.querySelector('button')?.focus({ preventScroll: true });
    stop.hidden = true;
  }

  return { element, draw, focus: () => stop.focus(), stop: () => controller.abort() };
}
