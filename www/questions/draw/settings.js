import { h, select, setOptions, setText, unfold } from '../../ui/dom.js';
import { text } from './text.js';

/** @typedef {'article' | 'modern'} Preset */
/** @typedef {Required<Pick<import('../../api/types.js').DrawOptions, 'preset' | 'size' | 'blur' | 'totalVariation' | 'l2'>>} Settings */

/** What a visitor chooses of a drawing; `name` tells two of them apart.
 * @param {string} name
 * @param {Preset} preset to begin with */
export function createSettings(name, preset) {
  const way = select(text.way, text.ways, () => follow());
  const size = select(text.size, text.sizes[preset], () => {});
  const blur = select(text.blur, text.blurs, () => {});
  const variation = select(text.variation, text.variations, () => {});
  const distance = select(text.distance, text.distances, () => {});
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
  way.element.value = preset;
  follow();

  /** Each way has sizes of its own. */
  function follow() {
    const chosen = /** @type {Preset} */ (way.element.value);
    setOptions(size.element, text.sizes[chosen]);
    size.element.value = chosen === 'modern' ? '128' : '230';
    setText(note, text.explainWay[chosen]);
  }

  return {
    element,
    /** @returns {Settings} */
    read: () => ({
      preset: /** @type {Preset} */ (way.element.value),
      size: Number(size.element.value),
      blur: Number(blur.element.value),
      totalVariation: Number(variation.element.value),
      l2: Number(distance.element.value),
    }),
    /** Sets what `read` gave. @param {Settings} settings */
    write({ preset: wanted, size: side, blur: deviation, totalVariation, l2 }) {
      way.element.value = wanted;
      follow();
      put(size.element, side);
      put(blur.element, deviation);
      put(variation.element, totalVariation);
      put(distance.element, l2);
    },
  };
}

/**
 * Chooses a number, also one that is not among those offered, as a link may bring it.
 * @param {HTMLSelectElement} element
 * @param {number} value
 */
function put(element, value) {
  const text = String(value);
  if (![...element.options].some((option) => option.value === text)) element.append(h('option', { value: text }, text));
  element.value = text;
}
