/**
 * What the visitor and the engine change of drawings. Nothing here knows the DOM.
 */

import { begun, lookedBack } from './drawn.js';
import { followed, isSame, subjectOf } from './subject.js';

/**
 * @typedef {import('./choices.js').Drawings} Drawings
 * @typedef {import('./choices.js').Drawn} Drawn
 * @typedef {import('./choices.js').DrawingChoices} DrawingChoices
 * @typedef {import('./choices.js').Settings} Settings
 * @typedef {import('./choices.js').Subject} Subject
 * @typedef {import('./choices.js').Tile} Tile
 * @typedef {import('./choices.js').Wall} Wall
 * @typedef {import('../../page/state.js').State} State
 */

/** Where the state is and how it is changed. @typedef {{ state: State, set: (change: Partial<State>) => void }} Page */

/** @param {Page} page @param {Partial<Drawings>} change */
function put(page, change) {
  page.set({ drawings: { ...page.state.drawings, ...change } });
}

/** @param {Page} page @param {Partial<DrawingChoices>} change */
function choose(page, change) {
  const { card } = page.state;
  page.set({ card: { ...card, drawing: { ...card.drawing, ...change } } });
}

/** The same pair with another one at a place. @template T @param {[T, T]} pair @param {0 | 1} place @param {T} one @returns {[T, T]} */
function replaced([first, second], place, one) {
  return place === 0 ? [one, second] : [first, one];
}

/** @param {Page} page @param {0 | 1} place @param {Settings} settings */
export function chooseSettings(page, place, settings) {
  choose(page, { settings: replaced(page.state.card.drawing.settings, place, settings) });
}

/** @param {Page} page @param {boolean} both */
export function chooseBoth(page, both) {
  choose(page, { both });
}

/** @param {Page} page @param {import('./choices.js').TargetChoice} target */
export function chooseTarget(page, target) {
  choose(page, { target });
}

/** @param {Page} page @param {number} seed */
export function chooseSeed(page, seed) {
  choose(page, { seed });
}

/**
 * Begins the card's drawings, with the second beside the first where that is chosen.
 * @param {Page} page
 * @param {Pick<Drawn, 'layer' | 'map' | 'target'>} target
 */
export function beginDrawings(page, target) {
  const {
    article,
    card: { drawing },
  } = page.state;
  const [first, second] = drawing.settings.map((settings) =>
    begun({ ...target, settings, seed: drawing.seed, article }),
  );
  choose(page, { brought: null });
  put(page, { easels: [first, drawing.both ? second : null], running: true, held: false });
}

/** The card's drawings are done, stopped or failed. @param {Page} page */
export function endDrawings(page) {
  put(page, { running: false });
}

/** Holds the card's drawings between two steps, or lets them go on. @param {Page} page @param {boolean} held */
export function hold(page, held) {
  put(page, { held });
}

/** @param {Page} page @param {Drawings['patches']} patches */
export function findPatches(page, patches) {
  put(page, { patches });
}

/**
 * Changes the drawing on an easel, where there is one.
 * @param {Page} page
 * @param {0 | 1} place
 * @param {(drawn: Drawn) => Drawn} change
 */
export function editEasel(page, place, change) {
  const { easels } = page.state.drawings;
  const drawn = easels[place];
  if (drawn) put(page, { easels: replaced(easels, place, change(drawn)) });
}

/** Shows an earlier picture of a drawing. @param {Page} page @param {0 | 1} easel @param {number} stage */
export function lookBack(page, easel, stage) {
  editEasel(page, easel, (drawn) => lookedBack(drawn, stage));
}

/** Shows a finished drawing of the wall in the first easel. @param {Page} page @param {Drawn} drawn */
export function showDrawn(page, drawn) {
  put(page, { easels: [drawn, null] });
}

/**
 * Takes the drawings from the card when it is about something else, and what a link brought along for what was there before. A map that
 * hangs on the wall below has its drawing already.
 * @param {Page} page
 * @param {Subject} before what they are of
 * @returns {Subject} what drawings are of from now on
 */
export function followSubject(page, before) {
  const now = followed(before, subjectOf(page.state));
  if (isSame(before, now)) return before;
  const { drawings, card } = page.state;
  if (card.drawing.brought && !isSame(card.drawing.brought, now)) choose(page, { brought: null });
  const hung = before.source === now.source ? onWall(page.state) : null;
  if (hung || drawings.easels.some((drawn) => drawn !== null) || drawings.patches || drawings.running)
    put(page, { easels: [hung, null], patches: null, running: false, held: false });
  return now;
}

/** The finished drawing of the open map on the wall below the card's. @param {Pick<State, 'drawings' | 'look' | 'openMap'>} state */
function onWall({ drawings, look, openMap }) {
  const tiles = drawings.walls.flatMap(({ place, tiles: all }) => (place === 'draw' ? all : []));
  const tile = tiles.find(({ map, drawn }) => map === openMap && drawn?.layer === look?.layer);
  return tile?.status === 'done' ? tile.drawn : null;
}

/** The next wall's number. */
let nextWall = 1;

/**
 * Hangs a wall of maps that wait to be drawn.
 * @param {Page} page
 * @param {Wall['place']} place
 * @param {number[]} maps
 * @returns {number} its id
 */
export function hangWall(page, place, maps) {
  const id = nextWall++;
  const tiles = maps.map((map) => /** @type {const} */ ({ map, status: 'waiting', drawn: null, patches: null }));
  put(page, { walls: [...page.state.drawings.walls, { id, place, tiles, withPatches: false, status: 'drawing' }] });
  return id;
}

/** @param {Page} page @param {number} id */
export function takeWallDown(page, id) {
  put(page, { walls: page.state.drawings.walls.filter((wall) => wall.id !== id) });
}

/** Changes a wall, where it still hangs. @param {Page} page @param {number} id @param {(wall: Wall) => Wall} change */
function editWall(page, id, change) {
  put(page, { walls: page.state.drawings.walls.map((wall) => (wall.id === id ? change(wall) : wall)) });
}

/**
 * @param {Page} page
 * @param {number} id of the wall
 * @param {number} map
 * @param {(tile: Tile) => Partial<Tile>} change
 */
export function editTile(page, id, map, change) {
  editWall(page, id, (wall) => ({
    ...wall,
    tiles: wall.tiles.map((tile) => (tile.map === map ? { ...tile, ...change(tile) } : tile)),
  }));
}

/** Shows where the maps of a wall fire most, or does so no more. @param {Page} page @param {number} id @param {boolean} withPatches */
export function showPatches(page, id, withPatches) {
  editWall(page, id, (wall) => ({ ...wall, withPatches }));
}

/** A wall is done or was stopped; what was not drawn by then is left as it is. @param {Page} page @param {number} id @param {'done' | 'stopped'} status */
export function endWall(page, id, status) {
  const left = (/** @type {Tile} */ tile) =>
    tile.status === 'waiting' || tile.status === 'drawing' ? { ...tile, status: /** @type {const} */ ('left') } : tile;
  editWall(page, id, (wall) => ({ ...wall, status, tiles: wall.tiles.map(left) }));
}
