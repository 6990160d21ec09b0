import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';

/**
 * The areas under the curves of several models, as a table.
 * @param {import('../../classes/workbench.js').StudyResult[]} results
 * @param {import('./detector.js').Detection[]} detections
 */
export function areasTable(results, detections) {
  const heads = [text.unique.model, text.unique.area, text.unique.interval];
  const rows = results.map(({ title }, place) => {
    const { maps, roc, interval } = detections[place];
    // A sum of no maps is the same everywhere, which is no finding of 0.5.
    const is = maps.length > 0;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, title),
      h('td', {}, roc.auc === null || !is ? '–' : text.area(roc.auc)),
      h('td', {}, interval && is ? text.between(interval) : '–'),
    );
  });
  return h(
    'div',
    { className: 'table-scroll wide' },
    h(
      'table',
      { className: 'numbers', 'data-testid': 'areas' },
      h('caption', {}, text.unique.areas(detections[0].name)),
      h('thead', {}, h('tr', {}, ...heads.map((title) => h('th', { scope: 'col' }, title)))),
      h('tbody', {}, ...rows),
    ),
  );
}
