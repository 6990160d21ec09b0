import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { editTile, endWall, hangWall, showPatches, takeWallDown } from './changes.js';
import { PRESETS } from './choices.js';
import { draw } from './draw.js';
import { begun, withoutPast } from './drawn.js';
import { patchesOf } from './find-patches.js';
import { text } from './text.js';
import { PATCHES, createTile } from './wall-tile.js';

/**
 * @typedef {import('./choices.js').Tile} Tile
 * @typedef {import('./choices.js').Wall} Wall
 */

/** The tiles of a wall are small, so its drawings are. @type {import('./choices.js').Settings} */
const SETTINGS = { ...PRESETS.modern, size: 96 };

/** A tile is painted anew after so many milliseconds. Each time the page is drawn, which would take a third of the time of the steps themselves,
 * and more the more workers draw. */
const SHOW_EVERY = 250;

/**
 * What a wall is of, and how each of its drawings is made.
 * @typedef {{ model: import('../../featurescope.js').Model, layer: string, options: { article?: boolean } }} Subject
 * @typedef {{ place?: Wall['place'], settings?: import('./choices.js').Settings, seed?: number, onOpen?: (map: number) => void }} WallOptions
 */

/**
 * Maps of a layer as a gallery that fills, drawn one after another, as many at a time as there are workers: of those that are not drawn yet the
 * first that the visitor sees, or else the first. They hang in the order that they are given in.
 * @param {import('../../page/session/session.js').Session} session
 * @param {Subject} subject as a study of classes is one
 * @param {number[]} maps
 * @param {WallOptions} [options] `place`: where on the page it hangs; `onOpen`: what a press on a tile does, which opens its map when left out
 */
export function createWall(session, subject, maps, options = {}) {
  const { place = 'classes', settings = SETTINGS, seed = 1, onOpen = (map) => session.openMap(map) } = options;
  loadStyle('draw.css', import.meta.url);
  const id = hangWall(session, place, maps);
  const controller = new AbortController();
  const drawing = new AbortController();
  const tiles = new Map(maps.map((map) => [map, createTile(map, () => onOpen(map))]));
  const items = [...tiles.values()].map(({ item }) => item);
  const list = h('ul', { className: 'draw-wall' }, ...items);
  const line = h('p', { className: 'note', role: 'status' });
  const stop = h('button', { type: 'button', className: 'small', onclick: () => drawing.abort() }, text.cancel);
  const photos = h('button', { type: 'button', className: 'small', onclick: toggle }, text.showPatches);
  const element = h(
    'div',
    { className: 'panel', 'data-testid': 'draw-wall' },
    h('p', { className: 'buttons' }, stop, photos, line),
    list,
  );
  const edit = (/** @type {number} */ map, /** @type {(tile: Tile) => Partial<Tile>} */ change) => {
    editTile(session, id, map, change);
    update();
  };

  /** Shows where the maps fire in the images, or does so no more. */
  async function toggle() {
    showPatches(session, id, !wall()?.withPatches);
    update();
    try {
      for (const map of maps) await findFor(map);
    } catch (error) {
      if (!controller.signal.aborted) session.report(error);
    }
  }

  /** Finds where a map fires, while that is wanted and not known. @param {number} map */
  async function findFor(map) {
    const now = wall();
    if (!now?.withPatches || now.tiles.find((tile) => tile.map === map)?.patches) return;
    const patches = await patchesOf(session, subject.model, targetOf(subject, map), {
      count: PATCHES,
      signal: controller.signal,
    });
    edit(map, () => ({ patches }));
  }

  const wall = () => session.state.drawings.walls.find((one) => one.id === id);

  /** Shows the wall as it is by now, while it hangs. */
  function update() {
    const now = wall();
    if (!now) return;
    for (const tile of now.tiles) tiles.get(tile.map)?.update(tile, now.withPatches);
    photos.setAttribute('aria-pressed', String(now.withPatches));
    setText(line, sentenceOf(now));
    const ended = now.status !== 'drawing';
    if (ended && document.activeElement === stop) tiles.get(maps[0])?.focus();
    stop.hidden = ended;
  }

  update();
  return {
    element,
    focus: () => stop.focus(),
    async draw() {
      // Whoever stops the drawings may still ask where the maps fire.
      await drawAll({ session, subject, settings, seed, signal: drawing.signal, edit }, items);
      endWall(session, id, drawing.signal.aborted ? 'stopped' : 'done');
      update();
    },
    /** Takes the wall down. */
    stop() {
      controller.abort();
      drawing.abort();
      takeWallDown(session, id);
    },
  };
}

/** @param {Wall} wall */
function sentenceOf({ status, tiles }) {
  if (status !== 'drawing') return status === 'stopped' ? text.stopped : '';
  const drawn = tiles.find((tile) => tile.status === 'drawing')?.drawn;
  if (!drawn) return '';
  return drawn.progress ? `#${drawn.map}: ${text.progress(drawn.progress)}` : text.setup;
}

/**
 * What a wall is drawn with; `edit` takes in what becomes of a map's tile.
 * @typedef {{ session: import('../../page/session/session.js').Session, subject: Subject, settings: import('./choices.js').Settings, seed: number,
 *   signal: AbortSignal, edit: (map: number, change: (tile: Tile) => Partial<Tile>) => void }} Means
 */

/** @param {Means} means @param {HTMLElement[]} items of the maps */
async function drawAll(means, items) {
  const { session, subject, signal, edit } = means;
  /** @type {Set<Element>} */
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
  });
  for (const item of items) observer.observe(item);
  const left = [...items];
  let failed = false;
  const drawOn = async () => {
    while (!signal.aborted) {
      // The observer tells what is in sight in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
      const place = left.findIndex((item) => seen.has(item));
      const [item] = left.splice(Math.max(0, place), 1);
      if (!item) break;
      const map = Number(item.dataset.map);
      try {
        await drawTile(means, map);
      } catch (error) {
        if (signal.aborted) break;
        // What is wrong with one map may not be with the next; said once, since it is likely the same.
        edit(map, () => ({ status: 'failed' }));
        if (!failed) session.report(error);
        failed = true;
      }
    }
  };
  const atOnce = await subject.model.workers();
  await Promise.all(Array.from({ length: atOnce }, drawOn));
  observer.disconnect();
}

/** @param {Means} means @param {number} map */
async function drawTile({ session, subject, settings, seed, signal, edit }, map) {
  const beginning = begun({ ...targetOf(subject, map), settings, seed });
  let drawn = beginning;
  let shown = 0;
  edit(map, () => ({ status: 'drawing', drawn }));
  await draw(session, subject.model, beginning, { signal }, (change) => {
    drawn = withoutPast(change(drawn));
    const now = performance.now();
    if (drawn.status === 'drawing' && now - shown < SHOW_EVERY) return;
    shown = now;
    edit(map, () => ({ drawn }));
  });
  edit(map, () => ({ status: 'done' }));
}

/** @param {Subject} subject @param {number} map */
function targetOf({ layer, options }, map) {
  return { layer, map, article: options.article ?? false };
}
