import { shownName } from '../page/shown-names.js';
import { finish, loadPlot } from '../ui/charts.js';
import { text } from './text.js';

/** @typedef {import('../questions/unique/detector.js').Point} Point */

/** Shapes beside colours, so that classes can be told apart without seeing colours. The order is Plot's own of filled symbols. */
const SYMBOLS = ['circle', 'triangle', 'square', 'diamond', 'star', 'wye', 'cross'];
/** Observable's ten colours without its red, which is kept for class maps and thresholds. */
const COLOURS = ['#4269d0', '#efb118', '#3ca951', '#a463f2', '#6cc5b0', '#ff8ab7', '#9c6b4e', '#97bbf5', '#9498a0'];

/** A chart of sums that is as wide as this may be higher. */
const WIDE = 800;

/** The scales of classes, the same in every chart.
 * @param {string[]} names */
function classScales(names) {
  return {
    color: { domain: names, range: names.map((_, place) => COLOURS[place % COLOURS.length]) },
    symbol: { domain: names, range: names.map((_, place) => SYMBOLS[place % SYMBOLS.length]) },
  };
}

/** Sizes of the legend in pixels: a line, the room of a mark, and of a letter of its text on average. */
const LINE = 20;
const MARK = 16;
const LETTER = 7.4;
/** Of a Chinese character, which is as wide as high. */
const WIDE_LETTER = 13.5;

/** @param {string} name */
function widthOf(name) {
  return [...name].reduce((width, letter) => width + (letter >= '\u2e80' ? WIDE_LETTER : LETTER), 0);
}

/**
 * Colour and shape of each class, and what filled and hollow marks are, as a drawing of its own that can be saved with a chart.
 * @param {string[]} names
 * @param {number} width
 * @returns {Promise<Element>}
 */
export async function drawLegend(names, width) {
  const Plot = await loadPlot();
  const { color, symbol } = classScales(names);
  let [x, y] = [8, 0];
  // The two kinds of marks are of no class.
  const kinds = new Map([
    [text.unique.counted, 'filled'],
    [text.unique.choosing, 'hollow'],
  ]);
  const entries = [
    ...names.map((name) => ({ name, kind: 'class' })),
    ...[...kinds].map(([name, kind]) => ({ name, kind })),
  ].map(({ name, kind }) => {
    const room = MARK + widthOf(name) + 14;
    if (x > 8 && x + room > width) [x, y] = [8, y + 1];
    const entry = { name, kind, x, y };
    x += room;
    return entry;
  });
  const place = { x: 'x', y: 'y' };
  const legend = Plot.plot({
    width,
    height: LINE * (y + 1),
    margin: 0,
    marginTop: LINE / 2,
    marginBottom: LINE / 2,
    className: 'chart',
    ariaLabel: text.unique.legend,
    x: { domain: [0, width], range: [0, width], axis: null },
    y: { domain: [y, 0], range: [LINE * (y + 0.5), LINE / 2], axis: null },
    color,
    symbol,
    marks: [
      Plot.dot(
        entries.filter(({ kind }) => kind === 'class'),
        { ...place, fill: 'name', symbol: 'name', r: 4 },
      ),
      Plot.dot(
        entries.filter(({ kind }) => kind === 'filled'),
        { ...place, fill: 'currentColor', r: 4 },
      ),
      Plot.dot(
        entries.filter(({ kind }) => kind === 'hollow'),
        { ...place, stroke: 'currentColor', r: 4 },
      ),
      Plot.text(entries, { ...place, text: 'name', dx: 9, textAnchor: 'start', fill: 'currentColor' }),
    ],
  });
  finish(legend);
  return legend;
}

/**
 * The sum of the maps for every image: x the image's place in its class, y the sum. Images that choose the threshold are hollow.
 * @param {{ points: Point[], names: string[], domain: [number, number], width: number, label: string, onChoose: (file: File) => void }} options
 * @returns {Promise<any>} the chart, with its scales
 */
export async function drawSums({ points, names, domain, width, label, onChoose }) {
  const Plot = await loadPlot();
  const { color, symbol } = classScales(names);
  const place = { x: 'index', y: 'sum' };
  const r = width < WIDE ? 3.5 : 5;
  const most = points.reduce((largest, { index }) => Math.max(largest, index), 2);
  const chart = Plot.plot({
    width: Math.max(240, width),
    height: width < WIDE ? 260 : 360,
    // The axes' names stand clear of their numbers.
    marginTop: 34,
    marginBottom: 46,
    marginLeft: 48,
    marginRight: 14,
    className: 'chart',
    ariaLabel: label,
    color,
    symbol,
    x: {
      label: text.unique.x,
      domain: [1, most],
      nice: false,
      ticks: most <= 8 ? Array.from({ length: most }, (_, place) => place + 1) : 8,
      tickFormat: 'd',
    },
    y: { label: text.unique.y, grid: true, domain },
    marks: [
      Plot.ruleY([0]),
      Plot.dot(
        points.filter(({ chooses }) => !chooses),
        { ...place, fill: 'name', symbol: 'name', r, fillOpacity: 0.85, className: 'chart-counted' },
      ),
      Plot.dot(
        points.filter(({ chooses }) => chooses),
        { ...place, stroke: 'name', symbol: 'name', r, className: 'chart-choosing' },
      ),
      Plot.tip(
        points,
        Plot.pointer({
          ...place,
          title: (/** @type {Point} */ { file, name, sum }) => `${shownName(file)}\n${name}\n${text.number(sum)}`,
        }),
      ),
    ],
  });
  finish(chart, 'group');
  chart.addEventListener('click', () => {
    if (chart.value) onChoose(chart.value.file);
  });
  return chart;
}

/**
 * Receiver operating characteristic: how many of the class are found against how many of the rest give a false alarm.
 * @param {{ points: { falsePositiveRate: number, truePositiveRate: number }[], label: string }} options
 * @returns {Promise<any>}
 */
export async function drawRoc({ points, label }) {
  const Plot = await loadPlot();
  const place = { x: 'falsePositiveRate', y: 'truePositiveRate' };
  const chart = Plot.plot({
    width: 240,
    height: 240,
    marginLeft: 48,
    className: 'chart',
    ariaLabel: label,
    x: { label: text.unique.falseAlarms, domain: [0, 1], ticks: 5, tickFormat: '.0%' },
    y: { label: text.unique.found, domain: [0, 1], ticks: 5, tickFormat: '.0%', grid: true },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { className: 'chart-chance', strokeDasharray: '3 3' },
      ),
      Plot.line(points, { ...place, className: 'chart-line' }),
    ],
  });
  finish(chart);
  return chart;
}

/**
 * How many maps each combination of classes has in common: the overlap of the lists, as an UpSet plot has it.
 * @param {{ sets: { classes: string[], count: number }[], names: string[], label: string }} options
 * @returns {Promise<Element>}
 */
export async function drawOverlap({ sets, names, label }) {
  const Plot = await loadPlot();
  const keyed = sets.map((set) => ({ ...set, key: set.classes.join(' + ') }));
  const cells = keyed.flatMap(({ key, classes }) =>
    names.map((name) => ({ key, name, inside: classes.includes(name) })),
  );
  const row = 18;
  const bars = 90;
  const marginLeft = Math.min(160, 24 + 7.4 * Math.max(...names.map(({ length }) => length)));
  const x = { domain: keyed.map(({ key }) => key), axis: null, padding: 0.25 };
  const width = marginLeft + 20 + 34 * keyed.length;
  const above = Plot.plot({
    width,
    height: bars,
    marginLeft,
    marginBottom: 4,
    marginTop: 18,
    className: 'chart',
    x,
    y: { axis: null },
    marks: [
      Plot.barY(keyed, {
        x: 'key',
        y: 'count',
        fill: (/** @type {any} */ { classes }) => (classes.length === 1 ? 'own' : 'shared'),
        className: 'chart-bars',
      }),
      Plot.text(keyed, { x: 'key', y: 'count', text: 'count', dy: -7 }),
    ],
    color: { domain: ['own', 'shared'], range: ['#d3232f', '#9498a0'] },
  });
  const below = Plot.plot({
    width,
    height: row * names.length + 8,
    marginLeft,
    marginTop: 4,
    marginBottom: 4,
    className: 'chart',
    x: { ...x, type: 'band' },
    y: { domain: names, label: null, tickSize: 0 },
    marks: [
      Plot.dot(cells, {
        x: 'key',
        y: 'name',
        r: 5,
        fill: 'currentColor',
        fillOpacity: (/** @type {any} */ { inside }) => (inside ? 1 : 0.12),
      }),
      Plot.line(
        cells.filter(({ inside }) => inside),
        { x: 'key', y: 'name', z: 'key', stroke: 'currentColor', strokeWidth: 2 },
      ),
    ],
  });
  const figure = document.createElement('div');
  figure.className = 'overlap';
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', label);
  for (const part of [above, below]) {
    finish(part, 'presentation');
    figure.append(part);
  }
  return figure;
}
