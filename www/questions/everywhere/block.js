import { text } from '../../classes/text.js';
import { natural } from '../../files/natural.js';
import { shownName } from '../../page/shown-names.js';
import { h } from '../../ui/dom.js';
import { ALL } from './choices.js';
import { createChips } from './chips.js';
import { galleryScale } from './gallery-scale.js';
import { createGallery } from './gallery.js';
import { createMatrix } from './matrix.js';
import { createPatchWall } from './patch-wall.js';
import { choicesOf, withModel } from './selection.js';

/**
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/session/session.js').Session} Session
 * @typedef {import('./choices.js').EverywhereChoices} EverywhereChoices
 */

/** What is shown of every model, and under which key this one's own choices are kept.
 * @typedef {{ images: string, mapsOf: string, order: EverywhereChoices['order'], key: string }} Shown */

/** What one model shows. */
export class Block {
  #workbench;
  #session;
  #change;
  #title = h('h3');
  #lead = h('p', { className: 'lead-note' });
  #gallery;
  #wall;
  #matrix;
  #chips;
  /** The last drawing asked for: what it waits for may come late. */
  #turn = 0;
  #key = '';

  /**
   * @param {Workbench} workbench
   * @param {Session} session
   * @param {(choices: Partial<EverywhereChoices>) => void} change
   */
  constructor(workbench, session, change) {
    this.#workbench = workbench;
    this.#session = session;
    this.#change = change;
    this.#gallery = createGallery(session, text.everywhere.gallery);
    this.#wall = createPatchWall(workbench, session);
    this.#matrix = createMatrix(workbench, (cell) => this.#choose({ cell }));
    this.#chips = createChips((map) => this.#toggle(map));
    this.element = h(
      'section',
      { className: 'model' },
      this.#title,
      ...this.#matrix.elements,
      this.#chips.element,
      this.#lead,
      this.#gallery.element,
      this.#wall.element,
    );
  }

  /** @param {Partial<import('./choices.js').ModelChoices>} choices */
  #choose(choices) {
    this.#change(withModel(this.#session.state.everywhere, this.#key, choices));
  }

  /** @param {number} map */
  #toggle(map) {
    const { maps } = choicesOf(this.#session.state.everywhere, this.#key);
    this.#choose({ maps: maps.includes(map) ? maps.filter((other) => other !== map) : [...maps, map] });
  }

  /**
   * @param {StudyResult} result
   * @param {Shown} shown
   */
  async update(result, shown) {
    const mine = ++this.#turn;
    this.#key = shown.key;
    this.#title.textContent = result.title;
    const choices = choicesOf(this.#session.state.everywhere, shown.key);
    const own = result.classMaps.find(({ name }) => name === shown.mapsOf)?.maps.map(({ map }) => map) ?? [];
    // What is no map of the class any more cannot be chosen either.
    const chosen = choices.maps.filter((map) => own.includes(map));
    const maps = chosen.length > 0 ? chosen : own;
    this.#chips.update(own, chosen);
    const inCell = this.#matrix.update(result, choices.cell);
    if (maps.length === 0) return this.#drawNothing(result, shown);
    try {
      await this.#draw(result, shown, { maps, inCell, isLast: () => mine === this.#turn });
    } catch (error) {
      if (mine === this.#turn) this.#session.report(error);
    }
  }

  /** @param {StudyResult} result @param {Shown} shown */
  #drawNothing({ study }, { mapsOf }) {
    this.#lead.textContent = text.everywhere.noMaps(mapsOf);
    this.#gallery.show(study, [], async () => new ImageData(1, 1), '');
    this.#wall.update(study, [], []);
  }

  /**
   * @param {StudyResult} result
   * @param {Shown} shown
   * @param {{ maps: number[], inCell: ReturnType<ReturnType<typeof createMatrix>['update']>, isLast: () => boolean }} about
   */
  async #draw({ study }, { images, order }, { maps, inCell, isLast }) {
    const [sums, overs] = await Promise.all([study.sums(maps), Promise.all(maps.map((map) => study.map(map)))]);
    if (!isLast()) return;
    const placeOf = (/** @type {File} */ file) => study.places.get(file) ?? -1;
    const sum = (/** @type {File} */ file) => sums[placeOf(file)];
    const all = inCell?.images ?? this.#imagesOf(study, images);
    const leftOut = all.filter((file) => !Number.isFinite(sum(file))).map(shownName);
    const pool = all.filter((file) => Number.isFinite(sum(file)));
    const scale = galleryScale(this.#session.state, overs, pool.map(placeOf));
    const mean = pool.reduce((total, file) => total + sum(file), 0) / Math.max(1, pool.length);
    const of = inCell ? text.confusion.title(inCell.cell.truth, inCell.cell.said ?? text.confusion.other) : images;
    this.#lead.textContent =
      `${text.everywhere.lead(maps, pool.length, mean, of)} ${scale.caption}` +
      (leftOut.length > 0 ? ` ${text.unique.leftOut(leftOut)}` : '');
    this.#gallery.show(
      study,
      sorted(pool, order, sum).map((file) => ({ file, caption: text.number(sum(file)), note: shownName(file) })),
      (look, { file }) => look.overlay(maps, scale.of(placeOf(file))),
      `${maps} ${order} ${scale.key}`,
    );
    this.#wall.update(study, maps, overs);
  }

  /**
   * @param {import('../../classes/study.js').Study} study
   * @param {string} wanted
   */
  #imagesOf(study, wanted) {
    return study
      .seen(this.#workbench.collection.targets())
      .filter(({ name }) => wanted === ALL || name === wanted)
      .flatMap(({ images }) => images);
  }

  /** Must be called when it is thrown away. */
  dispose() {
    this.#turn++;
    this.#gallery.dispose();
    this.#wall.dispose();
    this.element.remove();
  }
}

/**
 * @param {File[]} images
 * @param {EverywhereChoices['order']} order
 * @param {(file: File) => number} sum
 */
function sorted(images, order, sum) {
  const byName = (/** @type {File} */ one, /** @type {File} */ other) => natural.compare(one.name, other.name);
  if (order === 'name') return [...images].sort(byName);
  const sign = order === 'strongest' ? 1 : -1;
  return [...images].sort((one, other) => sign * (sum(other) - sum(one)) || byName(one, other));
}
