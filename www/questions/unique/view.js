import { choiceKey } from '../../classes/choice-key.js';
import { drawLegend } from '../../classes/charts.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, select, setOptions, setText, unfold } from '../../ui/dom.js';
import { areasTable } from './areas.js';
import { Block } from './block.js';
import { detections } from './detections.js';
import { domainOf } from './figures.js';
import { shownSum, takesFrom, thresholdOf, withThreshold } from './selection.js';

/**
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/session/session.js').Session} Session
 * @typedef {import('./choices.js').UniqueChoices} UniqueChoices
 */

/** What stands for all of a class's maps in the list of maps. */
const ALL = '';
/** What stands for every model's own maps in the list of models. */
const EACH = '';

/** Question 5: are a class's maps unique to it, and do they catch what the head misses? */
export class Unique {
  #workbench;
  #session;
  #fields;
  #legend = h('div', { className: 'chart-legend-box' });
  #legendOf = '';
  #head = h('div');
  #nothing = h('p', { className: 'answer', 'data-testid': 'answer' });
  #summary = h('div');
  #note = h('p', { className: 'note' });
  #blocks = h('div', { className: 'models' });
  /** @type {Map<string, Block>} */
  #drawn = new Map();
  /** The last drawing asked for: what it waits for may come late. */
  #turn = 0;

  /**
   * @param {Workbench} workbench
   * @param {Session} session
   */
  constructor(workbench, session) {
    this.#workbench = workbench;
    this.#session = session;
    const change = (/** @type {Partial<UniqueChoices>} */ choices) => choose(session, 'unique', choices);
    this.#fields = createFields(change);
    new ResizeObserver(() => this.#drawLegend().catch((error) => session.report(error))).observe(this.#legend);
    this.element = h(
      'div',
      { className: 'question' },
      this.#head,
      this.#fields.element,
      this.#legend,
      this.#blocks,
      this.#note,
      this.#summary,
      unfold(text.whatAmISeeing, h('p', {}, text.unique.explain), h('p', {}, text.unique.help)),
    );
  }

  async update() {
    const mine = ++this.#turn;
    const { results, collection } = this.#workbench;
    const { unique, classes } = this.#session.state;
    const sources = collection.sources().map(({ name }) => name);
    const sum = shownSum(unique, { sources, results });
    this.#fields.update({ sources, sum, ownScale: unique.ownScale, results });
    this.#blocks.classList.toggle('single', results.length === 1);
    // Where nothing was found yet there is nothing to choose, and nothing to warn of.
    this.#fields.element.hidden = results.length === 0;
    this.#note.textContent = collection.separate || results.length === 0 ? '' : text.unique.sameImages;
    this.#forgetGone();
    if (results.length === 0) return this.#drawNothing();
    try {
      const found = await detections(this.#workbench, unique, classes.seed);
      if (mine === this.#turn) await this.#draw(found, sum.from);
    } catch (error) {
      if (mine === this.#turn) this.#session.report(error);
    }
  }

  #forgetGone() {
    for (const [key, block] of this.#drawn) {
      if (this.#workbench.results.some((result) => result.key === key)) continue;
      block.dispose();
      this.#drawn.delete(key);
    }
  }

  #drawNothing() {
    setText(this.#nothing, text.unique.toCome(this.#workbench.collection.images().length));
    this.#head.replaceChildren(this.#nothing);
    this.#summary.replaceChildren();
    this.#legend.replaceChildren();
    this.#legendOf = '';
  }

  #createBlock() {
    const block = new Block(
      this.#session,
      () => [...this.#legend.querySelectorAll('svg')],
      (value) => {
        const { unique } = this.#session.state;
        const over = block.sum;
        if (over) choose(this.#session, 'unique', withThreshold(unique, over.result, over.detection, value));
      },
    );
    return block;
  }

  /**
   * @param {import('./detector.js').Detection[]} found of each result
   * @param {import('../../classes/workbench.js').StudyResult | null} from whose maps the further models are asked with
   */
  async #draw(found, from) {
    const { results, collection } = this.#workbench;
    const { unique } = this.#session.state;
    const names = collection.targets().map(({ name }) => name);
    // The same axes for all, so that the models can be compared, unless their sums are too different.
    const shared = domainOf(found);
    results.forEach((result, place) => {
      const detected = found[place];
      const block = this.#drawn.get(result.key) ?? this.#createBlock();
      this.#drawn.set(result.key, block);
      const before = this.#blocks.children[place] ?? null;
      if (before !== block.element) this.#blocks.insertBefore(block.element, before);
      const domain = unique.ownScale ? domainOf([detected]) : shared;
      // Of one model, or the first, the answer stands above what can be chosen.
      if (place === 0) this.#head.replaceChildren(block.answer);
      else block.keepAnswer();
      const title = takesFrom(result, from) ? text.unique.withMapsOf(result.title, from?.title ?? '') : result.title;
      block.update(result, detected, { names, domain }, thresholdOf(unique, result, detected), title);
    });
    this.#summary.replaceChildren(...(results.length > 1 ? [areasTable(results, found)] : []));
    await this.#drawLegend();
  }

  /** Colours and shapes, in as many lines as the width asks for. */
  async #drawLegend() {
    const names = this.#workbench.collection.targets().map(({ name }) => name);
    const width = this.#legend.clientWidth;
    const key = JSON.stringify([names, width]);
    if (this.#legendOf === key || width === 0 || this.#workbench.results.length === 0) return;
    this.#legendOf = key;
    this.#legend.replaceChildren(await drawLegend(names, width));
  }
}

/**
 * What can be chosen for all models at once.
 * @param {(choices: Partial<UniqueChoices>) => void} change
 */
function createFields(change) {
  const of = select(text.unique.mapsOf, [], (name) => change({ mapsOf: name, map: null }));
  const one = select(text.unique.detector, [], (map) => change({ map: map === ALL ? null : Number(map) }));
  const from = select(text.unique.mapsFrom, [], (key) => change({ mapsFrom: key === EACH ? null : key }));
  const check = h('input', { type: 'checkbox', onchange: () => change({ ownScale: check.checked }) });
  const ownScaleField = h('label', { className: 'field check' }, check, h('span', {}, text.unique.ownScale));
  return {
    element: h('div', { className: 'controls' }, of.field, one.field, from.field, ownScaleField),
    /** @param {{ sources: string[], sum: ReturnType<typeof shownSum>, ownScale: boolean, results: import('./selection.js').StudyResult[] }} shown */
    update({ sources, sum, ownScale, results }) {
      setOptions(
        of.element,
        sources.map((name) => /** @type {const} */ ([name, name])),
      );
      of.element.value = sum.name;
      const models = results.filter(({ control }) => control === null);
      setOptions(one.element, [
        [ALL, text.unique.allMaps],
        ...sum.offered.map(
          (map, place) =>
            /** @type {const} */ ([String(map), models.length > 1 ? text.unique.place(place + 1, map) : `#${map}`]),
        ),
      ]);
      one.element.value = sum.map === null ? ALL : String(sum.map);
      setOptions(from.element, [
        [EACH, text.unique.each],
        ...models.map((result) => /** @type {const} */ ([choiceKey(result), result.title])),
      ]);
      from.element.value = sum.from ? choiceKey(sum.from) : EACH;
      from.field.hidden = models.length < 2;
      check.checked = ownScale;
      ownScaleField.hidden = results.length < 2;
    },
  };
}
