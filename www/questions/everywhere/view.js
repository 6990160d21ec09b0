import { choiceKey } from '../../classes/choice-key.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, select, setOptions, setText, unfold } from '../../ui/dom.js';
import { Block } from './block.js';
import { ALL } from './choices.js';
import { shownClasses, withImages, withMapsOf } from './selection.js';

/**
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/session/session.js').Session} Session
 * @typedef {import('./choices.js').EverywhereChoices} EverywhereChoices
 */

/**
 * Question 4: one map, or several as their sum, over every image of a class; and what the network makes of the same images.
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createEverywhere(workbench, session) {
  const { state } = session;
  const change = (/** @type {Partial<EverywhereChoices>} */ choices) => choose(session, 'everywhere', choices);
  const { images, mapsOf, order, several } = createFields(state, change);
  const blocks = h('div', { className: 'models' });
  const fields = h('div', { className: 'controls' }, mapsOf.field, images.field, order.field, several.field);
  const head = h('div');
  const element = h(
    'div',
    { className: 'question' },
    head,
    fields,
    blocks,
    unfold(text.whatAmISeeing, h('p', {}, text.everywhere.explain)),
  );
  /** @type {Map<string, Block>} */
  const drawn = new Map();
  const nothing = h('p', { className: 'answer', 'data-testid': 'answer' });

  function update() {
    const { results, collection } = workbench;
    const [targets, sources] = [collection.targets(), collection.sources()].map((list) => list.map(({ name }) => name));
    const shown = shownClasses(state.everywhere, { targets, sources });
    fields.hidden = results.length === 0;
    setOptions(images.element, [
      ...targets.map((name) => /** @type {const} */ ([name, name])),
      [ALL, text.everywhere.all],
    ]);
    setOptions(
      mapsOf.element,
      sources.map((name) => /** @type {const} */ ([name, name])),
    );
    images.element.value = shown.images;
    mapsOf.element.value = shown.mapsOf;
    order.element.value = state.everywhere.order;
    several.input.checked = state.everywhere.several;
    for (const [key, block] of drawn) {
      if (results.some((result) => result.key === key)) continue;
      block.dispose();
      drawn.delete(key);
    }
    for (const result of results) {
      const block = drawn.get(result.key) ?? new Block(workbench, session, change);
      drawn.set(result.key, block);
      blocks.append(block.element);
      // Of one model, or the first, the answer stands above what can be chosen.
      if (result === results[0]) head.replaceChildren(block.answer);
      else block.keepAnswer();
      block.update(result, { ...shown, order: state.everywhere.order, key: choiceKey(result) });
    }
    blocks.classList.toggle('single', results.length === 1);
    if (results.length > 0) return;
    setText(nothing, text.everywhere.toCome(collection.images().length));
    head.replaceChildren(nothing);
  }

  return { element, update };
}

/**
 * What can be chosen for all models at once.
 * @param {import('../../page/state.js').State} state
 * @param {(choices: Partial<EverywhereChoices>) => void} change
 */
function createFields(state, change) {
  const input = h('input', { type: 'checkbox', onchange: () => change({ several: input.checked }) });
  return {
    several: { input, field: h('label', { className: 'field check' }, input, h('span', {}, text.everywhere.several)) },
    images: select(text.everywhere.images, [], (name) => change(withImages(state.everywhere, name))),
    mapsOf: select(text.everywhere.mapsOf, [], (name) => change(withMapsOf(state.everywhere, name))),
    order: select(
      text.everywhere.order,
      [
        ['strongest', text.everywhere.strongest],
        ['weakest', text.everywhere.weakest],
        ['name', text.everywhere.byName],
      ],
      (order) => change({ order: /** @type {EverywhereChoices['order']} */ (order) }),
    ),
  };
}
