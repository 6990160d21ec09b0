import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { editTile, endWall, hangWall, takeWallDown } from './changes.js';
import { PRESETS } from './choices.js';
import { draw } from './draw.js';
import { begun, withoutPast } from './drawn.js';
import { patchesOf } from './find-patches.js';
import { text } from './text.js';
import { PATCHES, SIZE, createTile } from './wall-tile.js';

/**
 * @typedef {import('./choices.js').Tile} Tile
 * @typedef {import('./choices.js').Wall} Wall
 */

/** How each drawing of the wall is made. @type {import('./choices.js').Settings} */
const SETTINGS = { ...PRESETS.article, size: SIZE };
const SEED = 1;

/**
 * All maps of a class, drawn one after another: of those that are not drawn yet the first that the visitor sees, or else the first.
 * @param {import('../../page/session/session.js').Session} session
 * @param {import('../../classes/study.js').Study} study
 * @param {number[]} maps
 * @param {Wall['place']} [place] where on the page it hangs
 */
export function createWall(session, study, maps, place = 'classes') {
  loadStyle('draw.css', import.meta.url);
  const id = hangWall(session, place, maps);
  const controller = new AbortController();
  const tiles = new Map(maps.map((map) => [map, createTile(map, () => session.openMap(map))]));
  const items = [...tiles.values()].map(({ item }) => item);
  const list = h('ul', { className: 'draw-wall' }, ...items);
  const line = h('p', { className: 'note', role: 'status' });
  const stop = h('button', { type: 'button', className: 'small', onclick: () => controller.abort() }, text.cancel);
  const element = h(
    'div',
    { className: 'panel', 'data-testid': 'draw-wall' },
    list,
    h('p', { className: 'buttons' }, stop, line),
  );

  /** Shows the wall as it is by now, while it hangs. */
  function update() {
    const wall = session.state.drawings.walls.find((one) => one.id === id);
    if (!wall) return;
    for (const tile of wall.tiles) tiles.get(tile.map)?.update(tile);
    setText(line, sentenceOf(wall));
    const ended = wall.status !== 'drawing';
    if (ended && document.activeElement === stop) tiles.get(maps[0])?.focus();
    stop.hidden = ended;
  }

  update();
  return {
    element,
    focus: () => stop.focus(),
    async draw() {
      const edit = (/** @type {number} */ map, /** @type {(tile: Tile) => Partial<Tile>} */ change) => {
        editTile(session, id, map, change);
        update();
      };
      await drawAll({ session, study, signal: controller.signal, edit }, items);
      endWall(session, id, controller.signal.aborted ? 'stopped' : 'done');
      update();
    },
    /** Takes the wall down. */
    stop() {
      controller.abort();
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
 * @typedef {{ session: import('../../page/session/session.js').Session, study: import('../../classes/study.js').Study, signal: AbortSignal,
 *   edit: (map: number, change: (tile: Tile) => Partial<Tile>) => void }} Means
 */

/** @param {Means} means @param {HTMLElement[]} items of the maps */
async function drawAll(means, items) {
  const { session, signal, edit } = means;
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
  while (left.length > 0 && !signal.aborted) {
    // The observer tells what is in sight in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    const place = left.findIndex((item) => seen.has(item));
    const [item] = left.splice(Math.max(0, place), 1);
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
  observer.disconnect();
}

/** @param {Means} means @param {number} map */
async function drawTile({ session, study, signal, edit }, map) {
  const target = { layer: study.layer, map, article: study.options.article ?? false };
  edit(map, () => ({ status: 'drawing' }));
  const patches = await patchesOf(session, study.model, target, { count: PATCHES, signal });
  const beginning = begun({ ...target, settings: SETTINGS, seed: SEED });
  edit(map, () => ({ patches, drawn: beginning }));
  await draw(session, study.model, beginning, { signal }, (change) =>
    edit(map, ({ drawn }) => ({ drawn: drawn && withoutPast(change(drawn)) })),
  );
  edit(map, () => ({ status: 'done' }));
}
