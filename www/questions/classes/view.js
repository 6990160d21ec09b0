import { choiceKey } from '../../classes/choice-key.js';
import { framing, listedResult } from '../../classes/framing.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, select, setOptions } from '../../ui/dom.js';
import { numberField } from '../../ui/number-field.js';
import { classContent, classItem, sharedMaps } from './class-item.js';
import { createOverlap } from './overlap.js';

/**
 * @typedef {import('../../api/types.js').ClassMaps} ClassMaps
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../page/session/session.js').Session} Session
 */

/** Question 1: which maps belong to which class? */
export class OwnMaps {
  #workbench;
  #session;
  #perImage;
  #perClass;
  #listed;
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
    const { perImage, perClass } = session.state.classes;
    this.#perImage = numberField(text.own.perImage, perImage, (value) => workbench.choose({ perImage: value }));
    this.#perClass = numberField(text.own.perClass, perClass, (value) => workbench.choose({ perClass: value }));
    this.#listed = select(text.own.model, [], (key) => this.#listOther(key));
    this.#overlap = createOverlap((error) => session.report(error));
    this.element = h(
      'div',
      { className: 'question' },
      h('p', { className: 'note' }, text.own.explain),
      h('div', { className: 'buttons' }, this.#perImage.field, this.#perClass.field, this.#listed.field),
      this.#list,
      this.#overlap.element,
    );
  }

  get #result() {
    return listedResult(this.#workbench.results, this.#session.state.classes.listed);
  }

  update() {
    const { results, collection } = this.#workbench;
    const { state } = this.#session;
    const result = this.#result;
    this.#perImage.show(state.classes.perImage);
    this.#perClass.show(state.classes.perClass);
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
    const inputs = [result, state.look, state.framed, state.topCount, state.article, sorted];
    if (inputs.every((input, place) => input === this.#drawn[place])) return;
    this.#drawn = inputs;
    this.#draw(result);
  }

  /** @param {StudyResult | null} result */
  #draw(result) {
    const focused = document.activeElement;
    const item = /** @type {HTMLElement | null} */ (focused?.closest('.class'));
    const place = focused ? [...(item?.querySelectorAll('button, summary') ?? [])].indexOf(focused) : -1;
    this.#list.replaceChildren(
      ...this.#workbench.collection.sources().map((one) => {
        const maps = result?.classMaps.find(({ name }) => name === one.name);
        return classItem(one, result && maps ? this.#content(result, maps) : []);
      }),
    );
    // The list is new; the keyboard stays where it was.
    const again = [...this.#list.children].find(
      (one) => item && /** @type {HTMLElement} */ (one).dataset.name === item.dataset.name,
    );
    const button = again?.querySelectorAll('button, summary')[place];
    /** @type {HTMLElement | undefined} */ (button)?.focus({ preventScroll: true });
    this.#overlap.update(result?.classMaps ?? []);
  }

  /** @param {StudyResult} result @param {ClassMaps} one */
  #content(result, one) {
    const { study } = result;
    const isOfPage = study.model === this.#session.model;
    return [
      ...classContent(
        one,
        this.#session.state,
        { title: study.title, layer: study.layer, isOfPage },
        {
          open: (map) => this.#session.openMap(map),
          frame: () => this.#session.set({ framed: framing(result, one.name, this.#session.model) }),
          draw: (event) => this.#drawWall(result, one, event),
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
