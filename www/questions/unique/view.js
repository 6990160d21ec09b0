import { drawLegend } from '../../classes/charts.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, select, setOptions, unfold } from '../../ui/dom.js';
import { numberField } from '../../ui/number-field.js';
import { areasTable } from './areas.js';
import { Block } from './block.js';
import { detections } from './detections.js';
import { domainOf } from './figures.js';
import { shownSum, thresholdOf, withThreshold } from './selection.js';

/**
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/session/session.js').Session} Session
 * @typedef {import('./choices.js').UniqueChoices} UniqueChoices
 */

/** What stands for all of a class's maps in the list of maps. */
const ALL = '';

/** Question 5: are a class's maps unique to it, and do they catch what the head misses? */
export class Unique {
  #workbench;
  #session;
  #fields;
  #legend = h('div', { className: 'chart-legend-box' });
  #legendOf = '';
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
    this.#fields = createFields(change, (seed) => workbench.choose({ seed }).catch((error) => session.report(error)));
    this.element = h(
      'div',
      { className: 'question' },
      h('p', { className: 'note' }, text.unique.explain),
      this.#fields.element,
      this.#note,
      this.#legend,
      this.#summary,
      this.#blocks,
      unfold(text.whatAmISeeing, h('p', {}, text.unique.help)),
    );
  }

  async update() {
    const mine = ++this.#turn;
    const { results, collection, models } = this.#workbench;
    const { unique, classes } = this.#session.state;
    const sources = collection.sources().map(({ name }) => name);
    const sum = shownSum(unique, { sources, results, models: models.length });
    this.#fields.update({ sources, sum, ownScale: unique.ownScale, seed: classes.seed, several: results.length > 1 });
    // Where nothing was found yet there is nothing to choose, and nothing to warn of.
    this.#fields.element.hidden = results.length === 0;
    this.#note.textContent = collection.separate || results.length === 0 ? '' : text.unique.sameImages;
    this.#forgetGone();
    if (results.length === 0) return this.#drawNothing();
    try {
      const found = await detections(this.#workbench, unique, classes.seed);
      if (mine === this.#turn) await this.#draw(found);
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
    this.#blocks.replaceChildren(h('p', { className: 'note' }, text.nothingYet));
    this.#summary.replaceChildren();
    this.#legend.replaceChildren();
    this.#legendOf = '';
  }

  /** @param {import('./detector.js').Detection[]} found of each result */
  async #draw(found) {
    const { results, collection } = this.#workbench;
    const { unique } = this.#session.state;
    const names = collection.targets().map(({ name }) => name);
    // The same axes for all, so that the models can be compared, unless their sums are too different.
    const shared = domainOf(found);
    if (this.#blocks.firstElementChild?.tagName === 'P') this.#blocks.replaceChildren();
    results.forEach((result, place) => {
      const detected = found[place];
      const block =
        this.#drawn.get(result.key) ??
        new Block(
          this.#session,
          () => [...this.#legend.querySelectorAll('svg')],
          (value) => {
            const { unique: now } = this.#session.state;
            const over = block.sum;
            if (over) choose(this.#session, 'unique', withThreshold(now, over.result, over.detection, value));
          },
        );
      this.#drawn.set(result.key, block);
      const before = this.#blocks.children[place] ?? null;
      if (before !== block.element) this.#blocks.insertBefore(block.element, before);
      const domain = unique.ownScale ? domainOf([detected]) : shared;
      block.update(result, detected, { names, domain }, thresholdOf(unique, result, detected));
    });
    this.#summary.replaceChildren(...(results.length > 1 ? [areasTable(results, found)] : []));
    const width = this.#legend.clientWidth;
    const key = JSON.stringify([names, width]);
    if (this.#legendOf === key) return;
    this.#legendOf = key;
    this.#legend.replaceChildren(await drawLegend(names, width));
  }
}

/**
 * What can be chosen for all models at once.
 * @param {(choices: Partial<UniqueChoices>) => void} change
 * @param {(seed: number) => void} onSeed
 */
function createFields(change, onSeed) {
  const of = select(text.unique.mapsOf, [], (name) => change({ mapsOf: name, map: null }));
  const one = select(text.unique.detector, [], (map) => change({ map: map === ALL ? null : Number(map) }));
  const check = h('input', { type: 'checkbox', onchange: () => change({ ownScale: check.checked }) });
  const ownScaleField = h('label', { className: 'field check' }, check, h('span', {}, text.unique.ownScale));
  const split = numberField(text.unique.split, 1, onSeed);
  return {
    element: h('div', { className: 'controls' }, of.field, one.field, split.field, ownScaleField),
    /** @param {{ sources: string[], sum: ReturnType<typeof shownSum>, ownScale: boolean, seed: number, several: boolean }} shown */
    update({ sources, sum, ownScale, seed, several }) {
      setOptions(
        of.element,
        sources.map((name) => /** @type {const} */ ([name, name])),
      );
      of.element.value = sum.name;
      setOptions(one.element, [
        [ALL, text.unique.allMaps],
        ...sum.offered.map((map) => /** @type {const} */ ([String(map), `#${map}`])),
      ]);
      one.element.value = sum.map === null ? ALL : String(sum.map);
      check.checked = ownScale;
      ownScaleField.hidden = !several;
      split.show(seed);
    },
  };
}
