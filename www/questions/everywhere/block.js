import { text } from '../../classes/text.js';
import { natural } from '../../files/natural.js';
import { shownName } from '../../page/shown-names.js';
import { h, setText } from '../../ui/dom.js';
import { MapPictures } from '../../classes/map-pictures.js';
import { ALL } from './choices.js';
import { createChips } from './chips.js';
import { galleryScale } from './gallery-scale.js';
import { createGallery } from './gallery.js';
import { createMatrix } from './matrix.js';
import { createPatchWall } from './patch-wall.js';
import { everywhereAnswer } from './answer.js';
import { choicesOf, pressedMaps, shownMaps, withModel } from './selection.js';

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
  #lead = h('p', { className: 'lead-note note' });
  /** The answer in a sentence, which stands above everything for the first model. */
  answer = h('p', { className: 'answer', 'data-testid': 'answer' });
  #pictures;
  #gallery;
  #wall;
  #matrix;
  #chips;
  /** The last drawing asked for: what it waits for may come late. */
  #turn = 0;
  #key = '';
  /** What is drawn. @type {{ result: StudyResult, mapsOf: string, own: number[] } | null} */
  #shown = null;

  /**
   * @param {Workbench} workbench
   * @param {Session} session
   * @param {(choices: Partial<EverywhereChoices>) => void} change
   */
  constructor(workbench, session, change) {
    this.#workbench = workbench;
    this.#session = session;
    this.#change = change;
    this.#pictures = new MapPictures(session);
    this.#gallery = createGallery(session, text.everywhere.gallery, { photos: true });
    this.#wall = createPatchWall(workbench, session);
    this.#matrix = createMatrix(workbench, (cell) => this.#choose({ cell }));
    this.#chips = createChips({
      press: (map) => this.#press(map),
      all: () => this.#choose({ maps: [] }),
      picture: (map) => this.#pictureOf(map),
    });
    this.element = h(
      'section',
      { className: 'model' },
      this.#title,
      this.answer,
      this.#chips.element,
      this.#gallery.element,
      this.#lead,
      this.#wall.element,
      ...this.#matrix.elements,
    );
  }

  /** @param {Partial<import('./choices.js').ModelChoices>} choices */
  #choose(choices) {
    this.#change(withModel(this.#session.state.everywhere, this.#key, choices));
  }

  /** @param {number} map */
  #press(map) {
    const { everywhere } = this.#session.state;
    const { maps } = choicesOf(everywhere, this.#key);
    const { several } = everywhere;
    this.#choose({ maps: pressedMaps(this.#shown?.own ?? [], maps, { map, several }) });
  }

  /** Where a map fires most in its class. @param {number} map */
  #pictureOf(map) {
    if (!this.#shown) return h('span');
    const { result, mapsOf } = this.#shown;
    const { collection } = this.#workbench;
    const images = collection.sources().find(({ name }) => name === mapsOf)?.images ?? [];
    return this.#pictures.of(result.study, images, map, 1);
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
    const maps = shownMaps(own, choices.maps);
    this.#shown = { result, mapsOf: shown.mapsOf, own };
    this.#chips.update(`${result.study.pictureKey} ${shown.mapsOf} ${result.study.places.size}`, own, maps);
    this.#pictures.prune();
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
    setText(this.answer, text.everywhere.noMaps(mapsOf));
    setText(this.#lead, '');
    this.#gallery.show(study, [], async () => ({ image: new ImageData(1, 1), dead: false }), '');
    this.#wall.update(study, [], []);
  }

  /**
   * @param {StudyResult} result
   * @param {Shown} shown
   * @param {{ maps: number[], inCell: ReturnType<ReturnType<typeof createMatrix>['update']>, isLast: () => boolean }} about
   */
  async #draw({ study }, { images, mapsOf, order }, { maps, inCell, isLast }) {
    const [sums, overs] = await Promise.all([study.sums(maps), Promise.all(maps.map((map) => study.map(map)))]);
    if (!isLast()) return;
    const placeOf = (/** @type {File} */ file) => study.places.get(file) ?? -1;
    const sum = (/** @type {File} */ file) => sums[placeOf(file)];
    const all = inCell?.images ?? this.#imagesOf(study, images);
    const leftOut = all.filter((file) => !Number.isFinite(sum(file))).map(shownName);
    const pool = all.filter((file) => Number.isFinite(sum(file)));
    setText(this.answer, everywhereAnswer(maps, mapsOf, this.#sumsOf(study, mapsOf, sum)));
    const scale = galleryScale(this.#session.state, overs, pool.map(placeOf));
    const mean = pool.reduce((total, file) => total + sum(file), 0) / Math.max(1, pool.length);
    const of = inCell ? text.confusion.title(inCell.cell.truth, inCell.cell.said ?? text.confusion.other) : images;
    this.#lead.textContent =
      `${text.everywhere.lead(maps, pool.length, mean, of)} ${scale.caption}` +
      (leftOut.length > 0 ? ` ${text.unique.leftOut(leftOut)}` : '');
    this.#gallery.show(
      study,
      sorted(pool, order, sum).map((file) => ({ file, caption: text.number(sum(file)), note: shownName(file) })),
      (look, { file }) => look.draw(maps, scale.of(placeOf(file))),
      `${maps} ${order} ${scale.key}`,
    );
    this.#wall.update(study, maps, overs);
  }

  /**
   * What the maps sum up to in the tested images of their class, and in the others.
   * @param {import('../../classes/study.js').Study} study
   * @param {string} mapsOf
   * @param {(file: File) => number} sum
   */
  #sumsOf(study, mapsOf, sum) {
    const classes = study.seen(this.#workbench.collection.targets());
    const of = (/** @type {boolean} */ isOwn) =>
      classes
        .filter(({ name }) => (name === mapsOf) === isOwn)
        .flatMap(({ images }) => images.map(sum))
        .filter(Number.isFinite);
    return { own: of(true), others: of(false) };
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

  /** The answer stands beside the figures again. */
  keepAnswer() {
    if (!this.element.contains(this.answer)) this.#title.after(this.answer);
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
