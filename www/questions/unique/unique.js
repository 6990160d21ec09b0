import { h, select, unfold } from '../../ui/dom.js';
import { drawLegend } from '../../classes/charts.js';
import { setChoices } from '../../ui/choices.js';
import { detectBy } from './detect.js';
import { numberField } from '../../ui/number-field.js';
import { text } from '../../classes/text.js';
import { createBlock } from './unique-block.js';

/**
 * @typedef {import('./detector.js').Detection} Detection
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/engine/session.js').Session} Session
 */

/** What stands for all of a class's maps in the list of maps. */
const ALL = '';

/**
 * Question 5: are a class's maps unique to it, and do they catch what the head misses?
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createUnique(workbench, session) {
  const of = select(text.unique.mapsOf, [], () => draw());
  const one = select(text.unique.detector, [], () => draw());
  const ownScale = h('input', { type: 'checkbox', onchange: () => draw() });
  const ownScaleField = h('label', { className: 'field check' }, ownScale, h('span', {}, text.unique.ownScale));
  const split = numberField(text.unique.split, workbench.seed, (seed) =>
    workbench.choose({ seed }).catch((error) => session.report(error)),
  );
  const legend = h('div', { className: 'chart-legend-box' });
  const summary = h('div');
  const note = h('p', { className: 'note' });
  const blocks = h('div', { className: 'models' });
  const choices = h('div', { className: 'controls' }, of.field, one.field, split.field, ownScaleField);
  const element = h(
    'div',
    { className: 'question' },
    h('p', { className: 'note' }, text.unique.explain),
    choices,
    note,
    legend,
    summary,
    blocks,
    unfold(text.whatAmISeeing, h('p', {}, text.unique.help)),
  );
  /** @type {Map<string, ReturnType<typeof createBlock>>} */
  const drawn = new Map();
  let legendOf = '';
  let turn = 0;
  /** What was asked for before there was anything to choose from.
   * @type {{ subject: import('../classes/panel.js').Subject, threshold: number | null, arrangement: import('../classes/panel.js').Arrangement } | null} */
  let wanted = null;

  async function draw() {
    const { results, collection, seed } = workbench;
    const mine = ++turn;
    split.show(seed);
    setChoices(
      of.element,
      collection.sources().map(({ name }) => /** @type {const} */ ([name, name])),
    );
    if (wanted && results.length > 0) of.element.value = wanted.subject.name ?? of.element.value;
    const name = of.element.value;
    const first = results[0]?.classMaps.find((other) => other.name === name);
    // A single map is one of the first model's: another model's maps are others. Controls have maps for each of its maps.
    const offered = workbench.models.length > 1 ? [] : (first?.maps ?? []).map(({ map }) => String(map));
    setChoices(one.element, [
      [ALL, text.unique.allMaps],
      ...offered.map((map) => /** @type {const} */ ([map, `#${map}`])),
    ]);
    if (wanted && results.length > 0) {
      one.element.value = String(wanted.subject.maps[0] ?? ALL);
      ownScale.checked = wanted.arrangement.ownScale ?? false;
    }
    const single = one.element.value === ALL ? null : offered.indexOf(one.element.value);
    // Where nothing was found yet there is nothing to choose, and nothing to warn of.
    choices.hidden = results.length === 0;
    note.textContent = collection.separate || results.length === 0 ? '' : text.unique.sameImages;
    for (const [key, block] of drawn) {
      if (results.some((result) => result.key === key)) continue;
      block.dispose();
      block.element.remove();
      drawn.delete(key);
    }
    if (results.length === 0) {
      blocks.replaceChildren(h('p', { className: 'note' }, text.nothingYet));
      summary.replaceChildren();
      legend.replaceChildren();
      legendOf = '';
      return;
    }
    const names = collection.targets().map((target) => target.name);
    try {
      const detections = await Promise.all(results.map((result) => detect(result, name, single, seed)));
      if (mine !== turn) return;
      // The same axes for all, so that the models can be compared, unless their sums are too different.
      const shared = domainOf(detections);
      ownScaleField.hidden = results.length < 2;
      const domain = (/** @type {Detection} */ detected) => (ownScale.checked ? domainOf([detected]) : shared);
      if (blocks.firstElementChild?.tagName === 'P') blocks.replaceChildren();
      results.forEach((result, place) => {
        const block = drawn.get(result.key) ?? createBlock(session);
        drawn.set(result.key, block);
        if (blocks.children[place] !== block.element)
          blocks.insertBefore(block.element, blocks.children[place] ?? null);
        block.update(
          result,
          detections[place],
          { names, domain: domain(detections[place]) },
          wanted ? thresholdOf(result, wanted) : undefined,
        );
      });
      wanted = null;
      summary.replaceChildren(...(results.length > 1 ? [areas(results, detections)] : []));
      const key = JSON.stringify([names, legend.clientWidth]);
      if (legendOf !== key) legend.replaceChildren(await drawLegend(names, legend.clientWidth));
      legendOf = key;
    } catch (error) {
      if (mine === turn) session.report(error);
    }
  }

  /**
   * Where a model's alarm line is to be; those of controls are not kept.
   * @param {StudyResult} result
   * @param {NonNullable<typeof wanted>} asked
   */
  function thresholdOf({ study, control }, { threshold, arrangement }) {
    const place = control === null ? workbench.models.indexOf(study) : -1;
    return place === 0 ? threshold : arrangement.thresholds?.[place - 1];
  }

  /**
   * @param {StudyResult} result
   * @param {string} name
   * @param {number | null} single the place of the one map in the class's list; a control's list has another map there
   * @param {number} seed
   */
  function detect({ study, classMaps }, name, single, seed) {
    const all = classMaps.find((other) => other.name === name)?.maps.map(({ map }) => map) ?? [];
    return detectBy(workbench, study, { name, maps: single === null ? all : all.slice(single, single + 1), seed });
  }

  return {
    element,
    update: draw,
    get subject() {
      return { name: of.element.value || null, maps: one.element.value === ALL ? [] : [Number(one.element.value)] };
    },
    /** Where the visitor put the first model's alarm line; null: where it is by itself. */
    get threshold() {
      return drawn.values().next().value?.threshold ?? null;
    },
    /** What is chosen beside subject and threshold, as far as it is not so by itself. @returns {import('../classes/panel.js').Arrangement} */
    get arrangement() {
      const thresholds = workbench.models.slice(1).map(({ id }) => drawn.get(`${id} ${null}`)?.threshold ?? null);
      return {
        ...(ownScale.checked ? { ownScale: true } : {}),
        ...(thresholds.some((threshold) => threshold !== null) ? { thresholds } : {}),
      };
    },
    /**
     * Is shown when the view is drawn next.
     * @param {import('../classes/panel.js').Subject} subject
     * @param {number | null} threshold
     * @param {import('../classes/panel.js').Arrangement} arrangement
     */
    choose(subject, threshold, arrangement) {
      wanted = { subject, threshold, arrangement };
    },
  };
}

/**
 * An axis from zero that holds all sums, with some room.
 * @param {Detection[]} detections
 * @returns {[number, number]}
 */
function domainOf(detections) {
  const sums = detections.flatMap(({ points }) => points.map(({ sum }) => sum));
  const most = sums.reduce((largest, sum) => Math.max(largest, sum), 0) || 1;
  const least = sums.reduce((smallest, sum) => Math.min(smallest, sum), 0);
  return [least * 1.05, most * 1.05];
}

/**
 * The areas under the curves of several models.
 * @param {StudyResult[]} results
 * @param {Detection[]} detections
 */
function areas(results, detections) {
  return h(
    'div',
    { className: 'table-scroll wide' },
    h(
      'table',
      { className: 'numbers', 'data-testid': 'areas' },
      h('caption', {}, text.unique.areas(detections[0].name)),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...[text.unique.model, text.unique.area, text.unique.interval].map((title) =>
            h('th', { scope: 'col' }, title),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...results.map(({ title }, place) => {
          const {
            maps,
            roc: { auc },
            interval,
          } = detections[place];
          // A sum of no maps is the same everywhere, which is no finding of 0.5.
          const is = maps.length > 0;
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, title),
            h('td', {}, auc === null || !is ? '–' : text.area(auc)),
            h('td', {}, interval && is ? text.between(interval) : '–'),
          );
        }),
      ),
    ),
  );
}
