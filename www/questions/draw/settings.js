import { h, select, setOptions, setText } from '../../ui/dom.js';
import { chooseSettings } from './changes.js';
import { WAYS } from './choices.js';
import { wayOf } from './ways.js';
import { text } from './text.js';

/**
 * @typedef {import('./choices.js').Settings} Settings
 * @typedef {import('./choices.js').Way} Way
 */

/**
 * The way to draw; another one begins with its own settings.
 * @param {import('./changes.js').Page} page
 * @param {0 | 1} place of the drawing
 */
export function createWay(page, place) {
  const { element, field } = select(text.way, text.ways, (way) =>
    chooseSettings(page, place, WAYS[/** @type {Way} */ (way)]),
  );
  return {
    element: field,
    /** @param {Settings} settings */
    update(settings) {
      element.value = wayOf(settings);
    },
  };
}

/**
 * What else a visitor chooses of a drawing.
 * @param {import('./changes.js').Page} page
 * @param {0 | 1} place of the drawing
 * @param {string} name tells two of them apart
 */
export function createSettings(page, place, name) {
  const choose = (/** @type {Partial<Settings>} */ change) =>
    chooseSettings(page, place, { ...page.state.card.drawing.settings[place], ...change });
  const way = place === 0 ? null : createWay(page, place);
  const size = select(text.size, [], (value) => choose({ size: Number(value) }));
  const blur = select(text.blur, [], (value) => choose({ blur: Number(value) }));
  const variation = select(text.variation, [], (value) => choose({ totalVariation: Number(value) }));
  const distance = select(text.distance, [], (value) => choose({ l2: Number(value) }));
  const note = h('p', { className: 'note' });
  const fields = [size.field, blur.field, variation.field, distance.field];
  const element = h(
    'div',
    { className: 'draw-settings', role: 'group', 'aria-label': name },
    h('div', { className: 'buttons' }, way?.element ?? null, ...fields),
    note,
  );

  return {
    element,
    /** @param {Settings} settings */
    update(settings) {
      const { preset, size: side, blur: deviation, totalVariation, l2 } = settings;
      way?.update(settings);
      setText(note, text.explainWay[wayOf(settings)]);
      show(size.element, text.sizes[preset], side);
      show(blur.element, text.blurs, deviation);
      show(variation.element, text.variations, totalVariation);
      show(distance.element, text.distances, l2);
    },
  };
}

/**
 * Offers numbers and shows the chosen one, also where it is none of them, as a link may bring it.
 * @param {HTMLSelectElement} element
 * @param {import('../../ui/dom.js').Options} offered
 * @param {number} number
 */
function show(element, offered, number) {
  const value = String(number);
  setOptions(element, offered.some(([other]) => other === value) ? offered : [...offered, [value, value]]);
  element.value = value;
}
