import { classRates } from '../../statistics/alarm.js';
import { h } from '../../ui/dom.js';
import { text } from '../../classes/text.js';

/**
 * Which class the network takes the images of each class for. Every number is a button that shows its images.
 * @param {{ counts: number[][], labels: string[], tied: boolean[], rated: boolean, chosen: [number, number] | null, onChoose: (row: number, column: number) => void }} options
 *   `labels`: of the columns, the last one for all other outputs; `counts`: a row for each but the last; `tied`: whether the model has an
 *   output for each class; `rated`: recall and precision stand there
 */
export function confusionTable({ counts, labels, tied, rated, chosen, onChoose }) {
  const rates = classRates(counts, labels.slice(0, -1));
  // A class that the model does not know was neither found nor missed.
  const percent = (/** @type {number} */ place, /** @type {'recall' | 'precision'} */ rate) => {
    const part = tied[place] ? rates[place][rate] : null;
    return part === null ? '–' : text.percent(part);
  };
  return h(
    'div',
    { className: 'table-scroll wide' },
    h(
      'table',
      { className: 'confusion numbers', 'data-testid': 'confusion' },
      h('caption', {}, text.confusion.caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, text.confusion.corner),
          ...labels.map((label) => h('th', { scope: 'col' }, label)),
          rated ? h('th', { scope: 'col' }, text.confusion.recall) : null,
        ),
      ),
      h(
        'tbody',
        {},
        ...counts.map((row, place) => {
          const total = row.reduce((sum, count) => sum + count, 0);
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, labels[place]),
            ...row.map((count, column) =>
              h(
                'td',
                { className: place === column ? 'right' : '' },
                h(
                  'button',
                  {
                    type: 'button',
                    className: 'cell',
                    disabled: count === 0,
                    'data-row': place,
                    'data-column': column,
                    'data-count': count,
                    'data-share': String(total > 0 ? Math.ceil((10 * count) / total) : 0),
                    'aria-pressed': String(chosen?.[0] === place && chosen[1] === column),
                    'aria-label': text.confusion.cell(count, labels[place], labels[column]),
                    onclick: () => onChoose(place, column),
                  },
                  String(count),
                ),
              ),
            ),
            rated ? h('td', {}, percent(place, 'recall')) : null,
          );
        }),
      ),
      rated
        ? h(
            'tfoot',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, text.confusion.precision),
              ...labels.map((_, place) => h('td', {}, rates[place] ? percent(place, 'precision') : '')),
              h('td', {}),
            ),
          )
        : null,
    ),
  );
}
