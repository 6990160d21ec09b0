import { drawOverlap } from '../../classes/charts.js';
import { chartTools } from '../../classes/figure.js';
import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';
import { overlaps } from './overlaps.js';

/** @typedef {import('../../api/types.js').ClassMaps} ClassMaps */

/**
 * What the lists of several classes have in common, as a chart; null where there is nothing to compare.
 * @param {ClassMaps[]} classMaps
 * @returns {Promise<Element> | null}
 */
export function overlapChart(classMaps) {
  const sets = overlaps(classMaps);
  if (classMaps.length < 2 || sets.length === 0) return null;
  return drawOverlap({ sets, names: classMaps.map(({ name }) => name), label: text.own.overlap });
}

/** @param {(error: unknown) => void} report */
export function createOverlap(report) {
  /** @type {ClassMaps[]} */
  let shown = [];
  const place = h('div', { className: 'plot-box' });
  const tools = chartTools({
    name: 'overlap',
    report,
    charts: () => [...place.querySelectorAll('svg')],
    rows: () => overlaps(shown).map(({ classes, count }) => ({ classes: classes.join(' + '), maps: count })),
  });
  const element = h(
    'figure',
    { className: 'overlap-figure' },
    h('h3', {}, text.own.overlap),
    place,
    h('figcaption', { className: 'note' }, text.own.overlapExplain),
    tools.element,
  );
  return {
    element,
    /** @param {ClassMaps[]} classMaps */
    async update(classMaps) {
      shown = classMaps;
      const drawing = overlapChart(classMaps);
      element.hidden = drawing === null;
      if (!drawing) return;
      try {
        const chart = await drawing;
        if (shown !== classMaps) return;
        place.replaceChildren(chart);
        tools.update();
      } catch (error) {
        report(error);
      }
    },
  };
}
