import { h, select, setOptions, setText, unfold } from '../ui/dom.js';
import { text } from './text.js';

/** @typedef {'article' | 'modern'} Preset */

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
  const element = h('div', { className: 'draw-settings', role: 'group', 'aria-label': name },
    h('div', { className: 'buttons' }, way.field, size.field), note,
    unfold(text.more, h('div', { className: 'buttons' }, blur.field, variation.field, distance.field), h('p', { className: 'note' }, text.moreExplain)));
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
    /** @returns {Required<Pick<import('../types.js').DrawOptions, 'preset' | 'size' | 'blur' | 'totalVariation' | 'l2'>>} */
    read: () => ({
      preset: /** @type {Preset} */ (way.element.value), size: Number(size.element.value),
      blur: Number(blur.element.value), totalVariation: Number(variation.element.value), l2: Number(distance.element.value),
    }),
  };
}
