import { h, select } from '../../ui/dom.js';
import { setChoices } from '../../ui/choices.js';
import { ALL, createBlock } from './everywhere-block.js';
import { text } from '../../classes/text.js';

/**
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/engine/session.js').Session} Session
 */

/**
 * Question 4: one map, or several as their sum, over every image of a class; and what the network makes of the same images.
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createEverywhere(workbench, session) {
  const of = select(text.everywhere.images, [], () => draw());
  const maps = select(text.everywhere.mapsOf, [], () => draw());
  const order = select(
    text.everywhere.order,
    [
      ['strongest', text.everywhere.strongest],
      ['weakest', text.everywhere.weakest],
      ['name', text.everywhere.byName],
    ],
    () => draw(),
  );
  const blocks = h('div', { className: 'models' });
  const choices = h('div', { className: 'controls' }, of.field, maps.field, order.field);
  const element = h(
    'div',
    { className: 'question' },
    h('p', { className: 'note' }, text.everywhere.explain),
    choices,
    blocks,
  );
  /** @type {Map<string, ReturnType<typeof createBlock>>} */
  const drawn = new Map();
  const nothing = h('p', { className: 'note' }, text.nothingYet);
  /** What was asked for before there was anything to choose from.
   * @type {{ subject: import('../classes/panel.js').Subject, arrangement: import('../classes/panel.js').Arrangement } | null} */
  let wanted = null;

  function draw() {
    const { results, collection } = workbench;
    const targets = collection.targets().map(({ name }) => name);
    choices.hidden = results.length === 0;
    setChoices(of.element, [...targets.map((name) => /** @type {const} */ ([name, name])), [ALL, text.everywhere.all]]);
    setChoices(
      maps.element,
      collection.sources().map(({ name }) => /** @type {const} */ ([name, name])),
    );
    if (wanted && results.length > 0) {
      const { subject, arrangement } = wanted;
      maps.element.value = subject.name ?? maps.element.value;
      if (arrangement.images !== undefined) of.element.value = arrangement.images ?? ALL;
      order.element.value = arrangement.order ?? 'strongest';
    }
    for (const [key, { dispose, element: gone }] of drawn) {
      if (results.some((result) => result.key === key)) continue;
      dispose();
      gone.remove();
      drawn.delete(key);
    }
    results.forEach((result, place) => {
      const block = drawn.get(result.key) ?? createBlock(workbench, session);
      drawn.set(result.key, block);
      blocks.append(block.element);
      const choice = { images: of.element.value, mapsOf: maps.element.value, order: order.element.value };
      // A link's maps and cell are the first model's: another one's maps are others.
      block.update(
        result,
        choice,
        wanted && {
          maps: place === 0 ? wanted.subject.maps : [],
          cell: place === 0 ? cellOf(targets, wanted.arrangement.cell) : null,
        },
      );
    });
    if (results.length > 0) wanted = null;
    if (results.length === 0) blocks.append(nothing);
    else nothing.remove();
  }

  return {
    element,
    update: draw,
    get subject() {
      return { name: maps.element.value || null, maps: drawn.values().next().value?.chosen ?? [] };
    },
    /** What is chosen beside the subject, as far as it is not so by itself. @returns {import('../classes/panel.js').Arrangement} */
    get arrangement() {
      const cell = drawn.values().next().value?.cell;
      const targets = workbench.collection.targets().map(({ name }) => name);
      const images = of.element.value === ALL ? null : of.element.value;
      return {
        ...(images === (workbench.collection.targets()[0]?.name ?? null) ? {} : { images }),
        ...(order.element.value === 'strongest'
          ? {}
          : { order: /** @type {'weakest' | 'name'} */ (order.element.value) }),
        ...(cell
          ? { cell: [targets.indexOf(cell.truth), cell.said === null ? targets.length : targets.indexOf(cell.said)] }
          : {}),
      };
    },
    /** Is shown when the view is drawn next.
     * @param {import('../classes/panel.js').Subject} subject
     * @param {import('../classes/panel.js').Arrangement} arrangement */
    choose(subject, arrangement) {
      wanted = { subject, arrangement };
    },
  };
}

/**
 * A cell of the confusion matrix by the names of its classes, which may have moved by the time it is drawn.
 * @param {string[]} names of the tested classes; the column behind the last one is for all other outputs
 * @param {number[] | undefined} cell row and column
 * @returns {import('./everywhere-block.js').Cell | null}
 */
function cellOf(names, cell) {
  if (!cell || names[cell[0]] === undefined) return null;
  return { truth: names[cell[0]], said: names[cell[1]] ?? null };
}
