import { formatMilliseconds } from '../api/numbers.js';
import { h } from '../ui/dom.js';
import { text } from './text.js';

/** @typedef {import('./main.js').State} State */
/** @typedef {import('./main.js').Device} Device */
/** @typedef {import('./networks.js').Network} Network */

/**
 * A line of the table: what a runtime took for a network.
 * @typedef {object} Row
 * @property {string} runtime
 * @property {string} version of a runtime that is not ours
 * @property {number | string | null} time in milliseconds; a sentence where there is none, and nothing where it is not measured yet
 * @property {number | null} ratio our time over this one's
 */

/** @param {State} state @param {Network} network @param {Device} device @returns {Row[]} ours first */
function rowsOf({ cases, runtimes }, network, device) {
  const found = cases.get(`${network.name} ${device}`) ?? null;
  if (typeof found === 'string') return [{ runtime: text.ours, version: '', time: found, ratio: null }];
  return [
    { runtime: text.ours, version: '', time: found?.ours ?? null, ratio: null },
    ...runtimes.map(({ name, title, version }) => {
      const time = found?.others.get(name) ?? null;
      return { runtime: title, version, time, ratio: found && typeof time === 'number' ? found.ours / time : null };
    }),
  ];
}

/** @param {number} ratio */
function ratioText(ratio) {
  return ratio.toFixed(2);
}

/**
 * The table of a device, with a bar for each time, all on one scale.
 * @param {HTMLTableElement} table @param {State} state @param {Network[]} networks @param {Device} device
 */
export function showTable(table, state, networks, device) {
  const groups = networks.map((network) => ({ network, rows: rowsOf(state, network, device) }));
  const times = groups.flatMap(({ rows }) => rows.map(({ time }) => (typeof time === 'number' ? time : 0)));
  const longest = Math.max(...times);
  const compares = state.runtimes.length > 0;
  const columns = [text.network, text.median, ...(compares ? [text.ratio] : [])];
  table.replaceChildren(
    h('thead', {}, h('tr', {}, ...columns.map((title) => h('th', { scope: 'col' }, title)))),
    ...groups.map(({ network, rows }) => {
      const title = h('th', { scope: 'rowgroup', colSpan: columns.length }, network.title);
      if (network.isRandom) title.append(' ', h('span', { className: 'note' }, text.random));
      return h('tbody', {}, h('tr', {}, title), ...rows.map((row) => rowElement(row, longest, compares)));
    }),
  );
}

/** @param {Row} row @param {number} longest time of the table @param {boolean} compares */
function rowElement({ runtime, time, ratio }, longest, compares) {
  const name = h('th', { scope: 'row' }, runtime);
  if (typeof time === 'string')
    return h('tr', {}, name, h('td', { className: 'note', colSpan: compares ? 2 : 1 }, time));
  const shown = time === null ? dash() : h('span', {}, text.time(formatMilliseconds(time)));
  const bar = h('span', { className: 'bar' });
  bar.style.inlineSize = `${time === null ? 0 : (100 * time) / longest}%`;
  const timeCell = h('td', { className: 'numbers' }, shown, h('span', { className: 'track' }, bar));
  if (!compares) return h('tr', {}, name, timeCell);
  return h('tr', {}, name, timeCell, h('td', { className: 'numbers' }, ratio === null ? '' : ratioText(ratio)));
}

/** What was not measured, to the eye and to the ear. */
function dash() {
  return h('span', {}, h('span', { className: 'visually-hidden' }, text.none), h('span', { ariaHidden: 'true' }, '–'));
}

/** What was measured, to paste into an issue or an article. @param {State} state @param {Network[]} networks @param {Device[]} devices */
export function markdown(state, networks, devices) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  const head = [text.network, text.on, text.runtime, text.median, text.ratio];
  const rows = devices
    .filter((device) => !state.missing.has(device))
    .flatMap((device) =>
      networks.flatMap((network) =>
        rowsOf(state, network, device)
          .filter(({ time }) => time !== null)
          .map(({ runtime, version, time, ratio }) => [
            network.title + (network.isRandom ? ` (${text.random})` : ''),
            text.device(device),
            `${runtime} ${version}`.trim(),
            typeof time === 'number' ? text.time(formatMilliseconds(time)) : `${time}`,
            ratio === null ? '' : ratioText(ratio),
          ]),
      ),
    );
  const missing = [...state.missing.values()];
  return [
    line(head),
    line(['---', '---', '---', '---:', '---:']),
    ...rows.map(line),
    '',
    ...missing,
    state.machine,
    '',
  ].join('\n');
}
