import { chooseTarget } from '../../questions/draw/changes.js';
import { classCount, targetOf } from '../../questions/draw/target.js';
import { text } from '../../questions/draw/text.js';
import { h, select, setOptions, setText, whenChanged } from '../../ui/dom.js';
import { classNames, meantClass } from '../cam/classes.js';
import { createSpot } from './spot.js';

/**
 * @typedef {import('../../questions/draw/changes.js').Page} Page
 * @typedef {import('../../questions/draw/choices.js').Target} Target
 * @typedef {import('../../questions/draw/choices.js').TargetChoice} TargetChoice
 * @typedef {import('../../page/state.js').State} State
 */

/** What each kind begins with: everything else is left open. @type {Record<TargetChoice['kind'], TargetChoice>} */
const OPEN = {
  map: { kind: 'map' },
  spot: { kind: 'spot', position: null },
  class: { kind: 'class', classIndex: null },
  mix: { kind: 'mix', others: null },
};

/**
 * What is to be drawn: the map, a spot of it, a class or a mix, and which.
 * @param {Page} page
 */
export function createTargetField(page) {
  const kind = select(text.target, text.targets, (value) =>
    chooseTarget(page, OPEN[/** @type {TargetChoice['kind']} */ (value)]),
  );
  const spot = createSpot(page);
  const drawnClass = createClass(page);
  const mix = createMix(page);
  return {
    elements: [kind.field, drawnClass.element, mix.element],
    spot: spot.element,
    /** @param {State} state */
    update(state) {
      const target = targetOf(state);
      // A network without scores draws no class.
      setOptions(
        kind.element,
        text.targets.filter(([value]) => value !== 'class' || classCount(state) > 0),
      );
      kind.element.value = target?.kind ?? 'map';
      spot.update(state, target?.kind === 'spot' ? target : null);
      drawnClass.update(state, target?.kind === 'class' ? target : null);
      mix.update(state, target?.kind === 'mix' ? target : null);
    },
  };
}

/** The class, of which all are offered while one types. @param {Page} page */
function createClass(page) {
  const list = h('datalist', { id: 'draw-classes' });
  const input = h('input', {
    id: 'draw-class',
    type: 'text',
    autocomplete: 'off',
    onchange,
    onfocus: () => input.select(),
  });
  // The field offers only what fits to what stands in it.
  input.setAttribute('list', list.id);
  const unknown = h('p', { className: 'note', role: 'status' });
  const element = h('div', { className: 'field' }, h('label', { for: input.id }, text.class), input, list, unknown);
  /** @type {string[]} */
  let names = [];

  function onchange() {
    const classIndex = meantClass(names, input.value.trim());
    setText(unknown, classIndex === null ? text.noSuchClass(input.value) : '');
    if (classIndex !== null) chooseTarget(page, { kind: 'class', classIndex });
  }

  const offer = whenChanged((/** @type {string[] | undefined} */ labels, /** @type {number} */ count) => {
    names = classNames(labels ?? [], count);
    list.replaceChildren(...names.map((value) => h('option', { value })));
  });
  return {
    element,
    /** @param {State} state @param {Extract<Target, { kind: 'class' }> | null} target */
    update(state, target) {
      element.hidden = target === null;
      if (!target) return setText(unknown, '');
      offer(state.model?.labels, classCount(state));
      // Nobody is interrupted in typing.
      if (document.activeElement !== input) input.value = names[target.classIndex] ?? '';
    },
  };
}

/** The other map of a mix; the maps of the sum may be several. @param {Page} page */
function createMix(page) {
  const input = h('input', {
    id: 'draw-with',
    type: 'number',
    min: '0',
    className: 'map-number',
    onchange: () => chooseTarget(page, { kind: 'mix', others: others() }),
  });
  const more = h('span', { className: 'note' });
  const element = h('div', { className: 'field' }, h('label', { for: input.id }, text.with), input, more);

  /** The map that was typed; what is no other map leaves it open. */
  function others() {
    const map = input.valueAsNumber;
    const { look, openMap } = page.state;
    const isThere = Number.isInteger(map) && map >= 0 && map < (look?.channels ?? 0) && map !== openMap;
    return isThere ? [map] : null;
  }

  return {
    element,
    /** @param {State} state @param {Extract<Target, { kind: 'mix' }> | null} target */
    update({ look }, target) {
      element.hidden = target === null;
      if (!target) return;
      const [first, ...rest] = target.others;
      input.max = String((look?.channels ?? 1) - 1);
      if (document.activeElement !== input) input.value = String(first);
      setText(more, rest.length > 0 ? text.andAlso(rest) : '');
    },
  };
}
