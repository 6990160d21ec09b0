import { h, select, setOptions, setText, unfold } from '../../ui/dom.js';
import { chooseSettings } from './changes.js';
import { inPreset } from './choices.js';
import { text } from './text.js';

/**
 * @typedef {import('./choices.js').Preset} Preset
 * @typedef {import('./choices.js').Settings} Settings
 */

/**
 * What a visitor chooses of a drawing.
 * @param {import('./changes.js').Page} page
 * @param {0 | 1} place of the drawing
 * @param {string} name tells two of them apart
 */
export function createSettings(page, place, name) {
  const now = () => page.state.card.drawing.settings[place];
  const choose = (/** @type {Partial<Settings>} */ change) => chooseSettings(page, place, { ...now(), ...change });
  const way = select(text.way, text.ways, (preset) =>
    chooseSettings(page, place, inPreset(now(), /** @type {Preset} */ (preset))),
  );
  const size = select(text.size, [], (value) => choose({ size: Number(value) }));
  const blur = select(text.blur, [], (value) => choose({ blur: Number(value) }));
  const variation = select(text.variation, [], (value) => choose({ totalVariation: Number(value) }));
  const distance = select(text.distance, [], (value) => choose({ l2: Number(value) }));
  const note = h('p', { className: 'note' });
  const element = h(
    'div',
    { className: 'draw-settings', role: 'group', 'aria-label': name },
    h('div', { className: 'buttons' }, way.field, size.field),
    note,
    unfold(
      text.more,
      h('div', { className: 'buttons' }, blur.field, variation.field, distance.field),
      h('p', { className: 'note' }, text.moreExplain),
    ),
  );

  return {
    element,
    /** @param {Settings} settings */
    update({ preset, size: side, blur: deviation, totalVariation, l2 }) {
      way.element.value = preset;
      setText(note, text.explainWay[preset]);
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
