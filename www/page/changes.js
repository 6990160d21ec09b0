/** What changes the page's state alone and asks nothing of the engine. */

import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {State['errors']} Alerts
 */

/** The questions whose choices have a place of their own in the state. @typedef {'classes' | 'everywhere' | 'unique'} Chosen */

/**
 * What holds the page's state: a session.
 * @typedef {object} Page
 * @property {State} state
 * @property {(change: Partial<State>) => void} set
 * @property {() => number} newId
 */

/**
 * Changes what is chosen in one question; what is not named stays.
 * @template {Chosen} Q
 * @param {Pick<Page, 'state' | 'set'>} page
 * @param {Q} question
 * @param {Partial<State[Q]>} change
 */
export function choose(page, question, change) {
  page.set({ [question]: { ...page.state[question], ...change } });
}

// Maps

/** @param {Page} page @param {number} map */
export function openMap(page, map) {
  const { look, recorded } = page.state;
  if (!look || !Number.isInteger(map)) return;
  if (recorded && !look.top(look.channels).some((entry) => entry.map === map)) return;
  page.set({ openMap: Math.max(0, Math.min(look.channels - 1, map)), cardAsked: true });
}

/** @param {Page} page @param {-1 | 1} step in rank */
export function stepMap(page, step) {
  const { look, openMap: open } = page.state;
  const ranking = look?.top(look.channels) ?? [];
  const place = ranking.findIndex(({ map }) => map === open);
  const next = ranking[place + step] ?? ranking[place] ?? ranking[0];
  if (next) openMap(page, next.map);
}

/** Shows a map in the large picture for as long as it is pointed at. @param {Page} page @param {number | null} pointedMap */
export function pointAt(page, pointedMap) {
  if (pointedMap !== page.state.pointedMap) page.set({ pointedMap });
}

/** @param {Page} page */
export function closeCard(page) {
  page.set({ cardAsked: false });
}

/** @param {Page} page @param {number} map */
export function toggleChosen(page, map) {
  const { chosen } = page.state;
  page.set({ chosen: chosen.includes(map) ? chosen.filter((other) => other !== map) : [...chosen, map] });
}

/** @param {Page} page */
export function clearChosen(page) {
  page.set({ chosen: [] });
}

/** @param {Page} page @param {'mean' | 'contribution'} order */
export function chooseOrder(page, order) {
  page.set({ order });
}

/** @param {Page} page */
export function toggleAllPredictions(page) {
  page.set({ allPredictions: !page.state.allPredictions });
}

// The eraser

/** @param {Page} page */
export function toggleErasing(page) {
  page.set({ erasing: !page.state.erasing });
}

/** @param {Page} page */
export function stopErasing(page) {
  page.set({ erasing: false });
}

/** @param {Page} page @param {number} eraserRadius */
export function setEraserRadius(page, eraserRadius) {
  page.set({ eraserRadius });
}

// The sheet of a model

/** @param {Page} page @param {import('./state.js').Sheet['typed']} [typed] what stands in its fields instead of what is known */
export function openSheet(page, typed = {}) {
  if (page.state.model) page.set({ sheet: { typed, seen: null } });
}

/** @param {Page} page @param {import('./state.js').Sheet['typed']} typed what is not named stays */
export function typeOnSheet(page, typed) {
  const { sheet } = page.state;
  if (sheet) page.set({ sheet: { ...sheet, typed: { ...sheet.typed, ...typed } } });
}

/** @param {Page} page */
export function closeSheet(page) {
  page.set({ sheet: null });
}

// Alerts

/**
 * @param {Page} page
 * @param {string} message
 * @param {string} [name] of the file that the message begins with
 */
export function alertOf(page, message, name) {
  return { id: page.newId(), message, ...(name ? { name } : {}) };
}

/**
 * Says what went wrong, where the visitor has not ended it and nothing else says so.
 * @param {Page} page
 * @param {unknown} error
 */
export function alertTo(page, error) {
  const { code, message } =
    error instanceof FeaturescopeError ? error : new FeaturescopeError('internal', text.errors.internal(String(error)));
  if (code === 'closed' || code === 'cancelled' || code === 'worker-lost') return;
  page.set({ errors: [...page.state.errors, alertOf(page, message)] });
}

/** @param {Page} page @param {number[]} ids */
export function dismiss(page, ids) {
  page.set({ errors: page.state.errors.filter((error) => !ids.includes(error.id)) });
}
