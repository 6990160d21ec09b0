import { formatNumber } from '../api/numbers.js';
import { h } from '../ui/dom.js';
import { text } from './text.js';

/** @typedef {import('./main.js').State} State */

/** What a column shows of a case. @typedef {{ title: string, show: (found: import('./measure.js').Case) => string }} Column */

/** @param {State} state @param {'cpu' | 'webgpu'} device @returns {Column[]} */
function columnsOf({ compares }, device) {
  /** @type {Column[]} */
  const columns = [{ title: text.ours(device), show: ({ ours }) => text.time(ours) }];
  if (!compares) return columns;
  return [
    ...columns,
    {
      title: text.theirs,
      show: ({ theirs }) => (typeof theirs === 'number' ? text.time(theirs) : (theirs ?? text.none)),
    },
    {
      title: text.ratio,
      show: ({ ours, theirs, differs }) =>
        typeof theirs !== 'number' ? text.none : differs ? text.differs : formatNumber(ours / theirs),
    },
  ];
}

/** The table as text: its head, and a row for each network. @param {State} state */
function cellsOf(state) {
  const columns = state.devices.map((device) => ({ device, columns: columnsOf(state, device) }));
  const head = [text.network, ...columns.flatMap(({ columns }) => columns.map(({ title }) => title))];
  const rows = state.networks.map(({ name, title }) => [
    title,
    ...columns.flatMap(({ device, columns }) => {
      const found = state.cases.get(`${name} ${device}`);
      if (found === undefined) return columns.map(() => (state.running ? text.waiting : text.none));
      if (typeof found === 'string') return [found, ...columns.slice(1).map(() => text.none)];
      return columns.map(({ show }) => show(found));
    }),
  ]);
  return { head, rows };
}

/** @param {HTMLTableElement} table @param {State} state */
export function showTable(table, state) {
  const { head, rows } = cellsOf(state);
  table.replaceChildren(
    h('thead', {}, h('tr', {}, ...head.map((title) => h('th', { scope: 'col' }, title)))),
    h(
      'tbody',
      {},
      ...rows.map(([name, ...cells]) =>
        h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', { className: 'numbers' }, cell))),
      ),
    ),
  );
}

/** The same to paste into an issue or an article. @param {State} state */
export function markdown(state) {
  const { head, rows } = cellsOf(state);
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '', state.machine, ''].join('\n');
}
