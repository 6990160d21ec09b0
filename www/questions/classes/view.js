import { choiceKey } from '../../classes/choice-key.js';
import { framing, listedResult } from '../../classes/framing.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, select, setOptions, setText, unfold } from '../../ui/dom.js';
import { drawingOf, isRecorded } from '../../card/evidence/recorded.js';
import { Thumbnails } from '../../classes/thumbnails.js';
import { classesAnswer } from './answer.js';
import { PICTURED, classContent, classItem, sharedMaps } from './class-item.js';
import { MapPictures } from '../../classes/map-pictures.js';
import { createOverlap } from './overlap.js';

/**
 * @typedef {import('../../api/types.js').ClassMaps} ClassMaps
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../page/session/session.js').Session} Session
 */

/** Pictures of each map. */
const PLACES = 2;

/** Question 1: which maps belong to which class? */
export class OwnMaps {
  #workbench;
  #session;
  #listed;
  #answer = h('p', { className: 'answer', 'data-testid': 'answer' });
  #legend = h('p', { className: 'note' });
  #pictures;
  #thumbnails;
  #list = h('ul', { className: 'class-list' });
  #overlap;
  /** Drawings of a class's maps. @type {Map<string, ReturnType<typeof import('../draw/wall.js').createWall>>} */
  #walls = new Map();
  /** What was drawn last. @type {unknown[]} */
  #drawn = [];

  /**
   * @param {Workbench} workbench
   * @param {Session} session
   */
  constructor(workbench, session) {
    this.#workbench = workbench;
    this.#session = session;
    this.#pictures = new MapPictures(session);
    this.#thumbnails = new Thumbnails(session);
    this.#listed = select(text.own.model, [], (key) => this.#listOther(key));
    this.#overlap = createOverlap((error) => session.report(error));
    this.element = h(
      'div',
      { className: 'question' },
      this.#answer,
      this.#listed.field,
      this.#legend,
      this.#list,
      this.#overlap.element,
      unfold(text.whatAmISeeing, h('p', {}, text.own.explain)),
    );
  }

  get #result() {
    return listedResult(this.#workbench.results, this.#session.state.classes.listed);
  }

  update() {
    const { results, collection } = this.#workbench;
    const { state } = this.#session;
    const result = this.#result;
    setOptions(
      this.#listed.element,
      results.map((one) => /** @type {const} */ ([choiceKey(one), one.title])),
    );
    if (result) this.#listed.element.value = choiceKey(result);
    this.#listed.field.hidden = results.length < 2;
    if (this.#drawn[0] !== result) {
      // Other lists have other maps.
      for (const wall of this.#walls.values()) wall.stop();
      this.#walls.clear();
    }
    const sorted = JSON.stringify(collection.sources().map(({ name, images }) => [name, images.length]));
    const { look, framed, topCount, article, recordedMaps } = state;
    const inputs = [result, look, framed, topCount, article, recordedMaps, sorted];
    if (inputs.every((input, place) => input === this.#drawn[place])) return;
    this.#drawn = inputs;
    this.#draw(result);
  }

  /** @param {StudyResult | null} result */
  #draw(result) {
    const kept = keepPlace(this.#list);
    this.#drawAnswer(result);
    this.#list.replaceChildren(
      ...this.#workbench.collection.sources().map((one) => {
        const maps = result?.classMaps.find(({ name }) => name === one.name);
        return classItem(one, result && maps ? this.#content(result, maps, one) : [this.#photos(one)]);
      }),
    );
    kept();
    this.#pictures.prune();
    this.#overlap.update(result?.classMaps ?? []);
  }

  /** @param {StudyResult | null} result */
  #drawAnswer(result) {
    const { collection } = this.#workbench;
    const { perImage } = this.#session.state.classes;
    const images = new Map(
      (result?.study.seen(collection.sources()) ?? []).map((one) => [one.name, one.images.length]),
    );
    setText(
      this.#answer,
      result ? classesAnswer(result, images, perImage) : text.own.toCome(collection.images().length),
    );
    this.#legend.hidden = !result?.classMaps.some(({ maps }) => maps.length > 0);
    setText(this.#legend, text.own.pictures(Boolean(result && this.#recordedOf(result.study))));
  }

  /** What was recorded of the maps of a study, where there is such a recording. @param {import('../../classes/study.js').Study} study */
  #recordedOf(study) {
    const { state, model } = this.#session;
    const { recordedMaps } = state;
    const isThere =
      study.model === model &&
      !study.options.article &&
      isRecorded({ model: state.model, article: false }) &&
      recordedMaps?.model === state.model?.offered &&
      recordedMaps?.layer === study.layer;
    return isThere ? recordedMaps : null;
  }

  /** The first photos of a class of which nothing is found yet. @param {import('../../classes/collection.js').ImageClass} one */
  #photos({ images }) {
    const list = h(
      'ul',
      { className: 'map-tiles class-photos' },
      ...images.slice(0, PICTURED).map((image) => h('li', {}, this.#thumbnails.create(image))),
    );
    this.#thumbnails.work();
    return list;
  }

  /**
   * The pictures of a map: where it fires most in the class, and over its second place what it would draw, where that was recorded.
   * @param {StudyResult} result
   * @param {File[]} images of the class
   * @param {number} map
   */
  #pictureOf({ study }, images, map) {
    const recorded = this.#recordedOf(study);
    const drawing = recorded && drawingOf(recorded, map);
    const element = this.#pictures.of(study, images, map, PLACES);
    if (drawing && !element.querySelector('img')) {
      // Without it the second place stays to be seen.
      const image = h('img', { src: drawing, alt: '', onerror: () => image.remove() });
      element.append(image);
    }
    return element;
  }

  /** @param {StudyResult} result @param {ClassMaps} one @param {import('../../classes/collection.js').ImageClass} sorted */
  #content(result, one, { images }) {
    const { study } = result;
    const isOfPage = study.model === this.#session.model;
    const seen = images.filter((image) => study.places.has(image)).length;
    return [
      ...classContent(
        one,
        this.#session.state,
        { title: study.title, layer: study.layer, isOfPage, images: seen },
        {
          open: (map) => this.#session.openMap(map),
          frame: () => this.#session.set({ framed: framing(result, one.name, this.#session.model) }),
          draw: (event) => this.#drawWall(result, one, event),
          picture: (map) => this.#pictureOf(result, images, map),
        },
      ),
      this.#walls.get(one.name)?.element ?? null,
      sharedMaps(one),
    ];
  }

  /** Lists the maps of another model, and frames those of the class that is framed already. @param {string} key */
  #listOther(key) {
    choose(this.#session, 'classes', { listed: key });
    const result = this.#result;
    if (!result) return;
    const { framed } = this.#session.state;
    this.#session.set({ framed: framing(result, framed.name, this.#session.model) });
  }

  /**
   * Draws all maps of a class, one after another; the last wall of the class goes.
   * @param {StudyResult} result
   * @param {ClassMaps} one
   * @param {Event} event
   */
  async #drawWall({ study }, one, event) {
    try {
      const { createWall } = await import('../draw/wall.js');
      this.#walls.get(one.name)?.stop();
      const wall = createWall(
        this.#session,
        study,
        one.maps.map(({ map }) => map),
      );
      this.#walls.set(one.name, wall);
      /** @type {HTMLElement} */ (event.target).closest('.class')?.append(wall.element);
      this.#draw(this.#result);
      wall.focus();
      await wall.draw();
    } catch (error) {
      this.#session.report(error);
    }
  }
}

/**
 * Remembers what is unfolded in a list of classes and where the keyboard is, for the list that takes its place.
 * @param {HTMLElement} list
 * @returns {() => void} puts both back
 */
function keepPlace(list) {
  const focused = document.activeElement;
  const before = [...list.children].map((item) => ({
    name: /** @type {HTMLElement} */ (item).dataset.name,
    unfolded: [...item.querySelectorAll('details')].map(({ open }) => open),
    focus: focused ? [...item.querySelectorAll('button, summary')].indexOf(focused) : -1,
  }));
  return () => {
    for (const item of list.children) {
      const was = before.find(({ name }) => name === /** @type {HTMLElement} */ (item).dataset.name);
      item.querySelectorAll('details').forEach((fold, place) => (fold.open = was?.unfolded[place] ?? false));
      const button = item.querySelectorAll('button, summary')[was?.focus ?? -1];
      /** @type {HTMLElement | undefined} */ (button)?.focus({ preventScroll: true });
    }
  };
}
