import { sharesInside } from './inside.js';

/** What the visitor chooses of what a network finds. @typedef {Pick<import('../../../page/changes.js').Page, 'state' | 'set'>} Page */

/** @param {Page} page @param {Partial<import('../../../page/state.js').Finds>} change */
function choose(page, change) {
  page.set({ finds: { ...page.state.finds, ...change } });
}

/**
 * Points at a box by its place in the list, or at a class of a mask by its number.
 * @param {Page} page
 * @param {number | null} index
 */
export function pointAtFound(page, index) {
  const { look, finds } = page.state;
  if (!look || index === pointedAt(page.state) || (index === null && finds.pointed === null)) return;
  choose(page, { pointed: index === null ? null : { look, index } });
}

/**
 * Sorts the maps by how much of what they show lies in a box, or in the shape of what is in it, and asks Grad-CAM about it; the same box again ends that.
 * @param {Page} page
 * @param {number} index
 */
export function toggleInside(page, index) {
  const { look, finds, card } = page.state;
  const box = look?.boxes?.[index];
  if (!look || !box || !look.frame) return;
  const isOn = finds.inside?.look === look && finds.inside.index === index;
  const inside = isOn ? null : { look, index, shares: sharesInside(look, look.frame, box) };
  page.set({
    finds: { ...finds, inside },
    card: { ...card, cam: { ...card.cam, classIndex: isOn ? null : index, at: null } },
  });
}

/**
 * Asks Grad-CAM about the class of a mask at one place.
 * @param {Page} page
 * @param {[number, number]} place across and down, as parts of what the network saw
 */
export function chooseMaskPlace(page, [across, down]) {
  const { look, card } = page.state;
  if (!look?.mask || !look.frame) return;
  const { mask, frame } = look;
  const [column, row] = [across * mask.width, down * mask.height].map(Math.floor);
  const classIndex = mask.data[Math.min(mask.height - 1, row) * mask.width + Math.min(mask.width - 1, column)];
  const at = { look, x: frame.x + across * frame.width, y: frame.y + down * frame.height };
  page.set({ card: { ...card, cam: { open: true, classIndex, at } } });
}

/** Asks Grad-CAM about a class of a mask, wherever it is. @param {Page} page @param {number} classIndex */
export function chooseMaskClass(page, classIndex) {
  const { card } = page.state;
  page.set({ card: { ...card, cam: { ...card.cam, classIndex, at: null } } });
}

/** @param {Page} page */
export function toggleMask(page) {
  choose(page, { isOff: !page.state.finds.isOff });
}

/** @param {Page} page */
export function toggleAllBoxes(page) {
  choose(page, { all: !page.state.finds.all });
}

/** Embeddings that are kept, for photos that are looked at again. */
const KEPT = 64;

/** @param {Page} page @param {import('../../../page/state.js').Vector} vector */
export function keepVector(page, vector) {
  choose(page, { vectors: [...page.state.finds.vectors, vector].slice(-KEPT) });
}

/**
 * What is pointed at of the look that shows; null where nothing is.
 * @param {import('../../../page/state.js').State} state
 */
export function pointedAt({ look, finds: { pointed } }) {
  return pointed && pointed.look === look ? pointed.index : null;
}
