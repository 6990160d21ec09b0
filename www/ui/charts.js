/**
 * Charts by Observable Plot, loaded on demand from the copy beside the page.
 */

import { loadStyle } from './load-style.js';
import { text } from './text.js';

/** Plot's types lean on those of d3, which brings none: so the library, and the charts that it makes, are `any`.
 * @type {Promise<any> | null} */
let library = null;

/** @param {string} path */
function loadScript(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL(path, import.meta.url).href;
    script.onload = () => resolve(undefined);
    script.onerror = () => reject(new Error(`cannot load ${path}`));
    document.head.append(script);
  });
}

/** Plot and d3, once for the page.
 * @returns {Promise<any>} */
export function loadPlot() {
  library ??= loadScript('../vendor/d3.min.js')
    .then(() => Promise.all([loadScript('../vendor/plot.umd.min.js'), loadStyle('charts.css', import.meta.url)]))
    .then(() => /** @type {{ Plot?: unknown }} */ (globalThis).Plot);
  // A failed download may work the next time.
  library.catch(() => (library = null));
  return library;
}

/**
 * Plot brings its rules in a <style>, which the content security policy refuses; they are in charts.css. It also names its
 * groups, which have no role that could have a name.
 * @param {Element} chart
 * @param {'img' | 'group' | 'presentation'} [role] a group, where something in it can be used
 */
export function finish(chart, role = 'img') {
  for (const style of chart.querySelectorAll('style')) style.remove();
  for (const group of chart.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
  chart.setAttribute('role', role);
}

/**
 * @param {{ ranking: { map: number, mean: number, rank: number | null }[], openMap: number | null, shown: number, width: number,
 *   label: string, onChoose: (map: number) => void }} options
 * @returns {Promise<Element>}
 */
export async function drawMeans({ ranking, openMap, shown, width, label, onChoose }) {
  const Plot = await loadPlot();
  const points = ranking.map((entry, i) => ({ ...entry, place: i + 1 }));
  const point = { x: 'place', y: 'mean' };
  const chart = Plot.plot({
    width: Math.max(240, width),
    height: 196,
    // The axes' names stand clear of their numbers.
    marginTop: 28,
    marginBottom: 44,
    marginLeft: 44,
    className: 'chart',
    ariaLabel: label,
    // Ranks are whole numbers, also where there are few.
    x: {
      label: text.axes.rank,
      domain: [1, Math.max(2, ranking.length)],
      tickFormat: 'd',
      ...(ranking.length <= 10 ? { ticks: points.map(({ place }) => place) } : {}),
    },
    y: { label: text.axes.mean, grid: true, nice: true },
    marks: [
      Plot.areaY(points.slice(0, shown), { ...point, className: 'chart-shown' }),
      Plot.ruleY([0]),
      Plot.lineY(points, { ...point, className: 'chart-line' }),
      Plot.dot(
        points.filter(({ map }) => map === openMap),
        { ...point, r: 5, className: 'chart-open' },
      ),
      Plot.tip(points, Plot.pointerX({ ...point, title: text.point })),
    ],
  });
  finish(chart);
  chart.addEventListener('click', () => {
    if (chart.value) onChoose(chart.value.map);
  });
  return chart;
}
