import { patchPainter, strongestPlaces } from './strongest.js';
import { Thumbnails } from './thumbnails.js';
import { h } from '../ui/dom.js';

/** @typedef {import('./study.js').Study} Study */

/** Pixels of a crop's side, twice what it has on the page. */
const SIDE = 200;

/** Maps as pictures: for each the places in some images where it fires most. What was cut once is shown again in a new list. */
export class MapPictures {
  #thumbnails;
  /** By study, images and map. @type {Map<string, HTMLElement>} */
  #made = new Map();

  /** @param {import('../page/session/session.js').Session} session */
  constructor(session) {
    this.#thumbnails = new Thumbnails(session);
  }

  /**
   * The places of a map, which come as soon as they are known.
   * @param {Study} study
   * @param {File[]} images
   * @param {number} map
   * @param {number} count of places, the strongest first
   */
  of(study, images, map, count) {
    const seen = images.flatMap((file) => {
      const place = study.places.get(file);
      return place === undefined ? [] : [{ file, place }];
    });
    const key = `${study.pictureKey} ${map} ${count} ${seen.map(({ place }) => place)}`;
    const element = this.#made.get(key) ?? h('span', { className: 'map-pictures', 'data-count': count });
    if (!this.#made.has(key)) {
      this.#made.set(key, element);
      this.#fill(element, study, { seen, map, count });
    }
    this.#thumbnails.work();
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {Study} study
   * @param {{ seen: { file: File, place: number }[], map: number, count: number }} about
   */
  async #fill(element, study, { seen, map, count }) {
    try {
      const places = strongestPlaces(await study.map(map), seen, count);
      element.prepend(
        ...places.map(({ file, peak }) => this.#thumbnails.create(file, patchPainter(study, peak, SIDE))),
      );
      this.#thumbnails.work();
    } catch {
      // The engine went away, which the page reports where it happens; the next results have pictures again.
    }
  }

  /** Lets go of what is on the page no longer. */
  prune() {
    for (const [key, element] of this.#made) {
      if (element.isConnected) continue;
      for (const canvas of element.querySelectorAll('canvas')) this.#thumbnails.remove(canvas);
      this.#made.delete(key);
    }
  }
}
