import { canvasFile } from '../api/canvas.js';
import { cells } from '../files/csv.js';
import { loadPlot } from '../ui/charts.js';
import { save } from '../ui/save.js';
import { h, unfold } from '../ui/dom.js';
import { text } from './text.js';

/** A row of the table behind a chart. @typedef {Record<string, string | number | null>} Row */

/** How much sharper the PNG is than the chart on the page. */
const SHARPNESS = 2;
/** Rows of the table on the page; the CSV has all. */
const ROWS = 200;
/** What a drawing needs of the page's style sheet to look the same alone. */
const STYLE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'color',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];

/**
 * What stands below a chart: its downloads, and the numbers behind it as a table, which `update` writes anew for another chart.
 * @param {{ name: string, charts: () => SVGSVGElement[], rows: () => Row[], report: (error: unknown) => void }} options `name`
 *   of the files
 */
export function chartTools({ name, charts, rows, report }) {
  /** @param {string} label @param {() => Promise<Blob>} make @param {string} type */
  const button = (label, make, type) =>
    h(
      'button',
      {
        type: 'button',
        className: 'small',
        onclick: async () => {
          try {
            save(await make(), `featurescope-${name}.${type}`);
          } catch (error) {
            report(error);
          }
        },
      },
      label,
    );
  const table = h('div', { className: 'table-scroll', tabIndex: 0 });
  const data = unfold(text.figure.data, table);
  const update = () => {
    if (data.open) table.replaceChildren(tableOf(rows()));
  };
  data.addEventListener('toggle', update);
  const element = h(
    'div',
    { className: 'chart-tools' },
    h(
      'div',
      { className: 'buttons', role: 'group', 'aria-label': text.figure.downloads },
      button('SVG', async () => new Blob([alone(charts())], { type: 'image/svg+xml' }), 'svg'),
      button('PNG', () => raster(alone(charts())), 'png'),
      button('CSV', async () => new Blob([await csv(rows())], { type: 'text/csv' }), 'csv'),
    ),
    data,
  );
  return { element, update };
}

/** @param {Row[]} rows */
async function csv(rows) {
  await loadPlot();
  return /** @type {{ d3: { csvFormat: (rows: object[]) => string } }} */ (
    /** @type {unknown} */ (globalThis)
  ).d3.csvFormat(cells(rows));
}

/** @param {Row[]} rows */
function tableOf(rows) {
  const names = Object.keys(rows[0] ?? {});
  const cell = (/** @type {string | number | null} */ value) =>
    h('td', {}, typeof value === 'number' ? text.number(value) : String(value ?? ''));
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, text.figure.columns[name] ?? name)))),
    h(
      'tbody',
      {},
      ...rows.slice(0, ROWS).map((row) => h('tr', {}, ...names.map((name) => cell(row[name])))),
      rows.length > ROWS ? h('tr', {}, h('td', { colSpan: names.length }, text.figure.more(rows.length - ROWS))) : null,
    ),
  );
}

/**
 * Drawings below each other as one file that needs no style sheet.
 * @param {SVGSVGElement[]} drawings
 */
export function alone(drawings) {
  const boxes = drawings.map(({ viewBox: { baseVal } }) => baseVal);
  const width = Math.max(...boxes.map((box) => box.width));
  const height = boxes.reduce((sum, box) => sum + box.height, 0);
  const whole = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [attribute, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    whole.setAttribute(attribute, String(value));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [attribute, value] of Object.entries({
    width,
    height,
    fill: getComputedStyle(document.documentElement).backgroundColor,
  }))
    ground.setAttribute(attribute, String(value));
  whole.append(ground);
  let top = 0;
  drawings.forEach((drawing, place) => {
    const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
    const originals = [drawing, ...drawing.querySelectorAll('*')];
    [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
      const style = getComputedStyle(originals[i]);
      const above = i === 0 ? null : getComputedStyle(/** @type {Element} */ (originals[i].parentElement));
      for (const property of STYLE) {
        const value = style.getPropertyValue(property);
        // What an element inherits stands once; opacity is not inherited.
        if (value !== above?.getPropertyValue(property) || property === 'opacity')
          element.setAttribute(property, value);
        else element.removeAttribute(property);
      }
      element.removeAttribute('class');
    });
    copy.setAttribute('y', String(top));
    top += boxes[place].height;
    whole.append(copy);
  });
  return new XMLSerializer().serializeToString(whole);
}

/**
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
async function raster(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * SHARPNESS, image.height * SHARPNESS);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvasFile(canvas);
  } finally {
    URL.revokeObjectURL(address);
  }
}
