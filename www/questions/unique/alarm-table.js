import { text } from '../../classes/text.js';
import { precision, recall } from '../../statistics/alarm.js';
import { h } from '../../ui/dom.js';

/**
 * Detector and head beside each other.
 * @param {import('./detector.js').Verdict} judged
 * @param {string} name
 * @param {boolean} compared the head can say the class, and every other one that is tested
 */
export function alarmTable({ detector, head }, name, compared) {
  const percent = (/** @type {number | null} */ part) => (part === null ? '–' : text.percent(part));
  const row = (/** @type {string} */ title, /** @type {typeof detector} */ counts, /** @type {string} */ id) =>
    h(
      'tr',
      { 'data-testid': id },
      h('th', { scope: 'row' }, title),
      ...[counts.truePositives, counts.falseNegatives, counts.falsePositives, counts.trueNegatives].map((count) =>
        h('td', {}, String(count)),
      ),
      h('td', {}, percent(precision(counts))),
      h('td', {}, percent(recall(counts))),
    );
  return h(
    'div',
    { className: 'table-scroll wide' },
    h(
      'table',
      { className: 'numbers alarm', 'data-testid': 'alarm' },
      h('caption', {}, text.unique.table(name)),
      h('thead', {}, h('tr', {}, ...text.unique.columns(name).map((column) => h('th', { scope: 'col' }, column)))),
      h(
        'tbody',
        {},
        row(text.unique.byMaps, detector, 'alarm-maps'),
        compared ? row(text.unique.byHead, head, 'alarm-head') : null,
      ),
    ),
  );
}
