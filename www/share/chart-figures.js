/** Charts for a record, drawn anew from what the page's state says: at a width of their own, whatever the page's is. */

import { drawLegend } from '../classes/charts.js';
import { alone } from '../classes/figure.js';
import { listedResult } from '../classes/framing.js';
import { overlapChart } from '../questions/classes/overlap.js';
import { detections } from '../questions/unique/detections.js';
import { verdict } from '../questions/unique/detector.js';
import { curveChart, domainOf, markOperatingPoint, sumsChart } from '../questions/unique/figures.js';
import { thresholdOf } from '../questions/unique/selection.js';
import { drawMeans } from '../ui/charts.js';
import { h } from '../ui/dom.js';
import { text } from './record-text.js';
import { cleanText } from './results.js';

/**
 * @typedef {import('./record.js').Figure} Figure
 * @typedef {import('../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../page/state.js').State} State
 * @typedef {(path: string, blob: Blob) => string} Keep
 */

/** Width of a wide chart, in pixels. */
const WIDTH = 720;

/**
 * @param {import('../page/state.js').LookView} look
 * @param {number} shown maps that the record has with their overlays
 * @param {Keep} keep
 * @returns {Promise<Figure>}
 */
export async function meansFigure(look, shown, keep) {
  const ranking = look.top(look.channels);
  const chart = await drawMeans({
    ranking,
    openMap: null,
    shown: Math.min(shown, ranking.length),
    width: WIDTH,
    label: text.figures.means,
    onChoose: () => {},
  });
  const [figure] = kept([chart], () => 'plots/means.svg', keep);
  return { ...figure, title: text.figures.means, caption: text.figures.meansCaption, alt: text.figures.means };
}

/**
 * The charts of the question about classes that is asked.
 * @param {State} state
 * @param {Workbench | null} workbench
 * @param {Keep} keep
 * @returns {Promise<Figure[]>}
 */
export async function chartFigures(state, workbench, keep) {
  if (!workbench || workbench.results.length === 0) return [];
  const charts =
    state.question === 'classes'
      ? await overlapCharts(state, workbench)
      : state.question === 'unique'
        ? await alarmCharts(state, workbench)
        : [];
  return kept(charts, (place) => `plots/chart-${place + 1}.svg`, keep);
}

/** @param {State} state @param {Workbench} workbench @returns {Promise<Element[]>} */
async function overlapCharts({ classes }, { results }) {
  const chart = await overlapChart(listedResult(results, classes.listed)?.classMaps ?? []);
  return chart ? [chart] : [];
}

/** @param {State} state @param {Workbench} workbench @returns {Promise<Element[]>} */
async function alarmCharts({ unique, classes }, workbench) {
  const names = workbench.collection.targets().map(({ name }) => name);
  const found = await detections(workbench, unique, classes.seed);
  const shared = domainOf(found);
  /** @type {Element[]} */
  const charts = [await drawLegend(names, WIDTH)];
  for (const [place, detection] of found.entries()) {
    // A sum of no maps is zero everywhere, which is no figure.
    if (detection.maps.length === 0) continue;
    const hand = thresholdOf(unique, workbench.results[place], detection);
    const domain = unique.ownScale ? domainOf([detection]) : shared;
    const options = { names, domain, width: WIDTH, hand, onChoose: () => {}, onMove: () => {} };
    const curve = await curveChart(detection);
    const judged = verdict(detection, hand);
    if (judged) markOperatingPoint(curve, detection, judged.threshold);
    charts.push((await sumsChart(detection, options)).chart, curve);
  }
  return charts;
}

/**
 * @param {Element[]} charts
 * @param {(place: number) => string} pathOf
 * @param {Keep} keep
 */
function kept(charts, pathOf, keep) {
  // Only what is in the page has its style.
  const stand = h('div', { className: 'recording' }, ...charts);
  document.body.append(stand);
  try {
    return charts.map((chart, place) => {
      const svg = /** @type {SVGSVGElement} */ (chart instanceof SVGSVGElement ? chart : chart.querySelector('svg'));
      const title = cleanText(chart.getAttribute('aria-label') || text.figures.chart);
      const path = keep(pathOf(place), new Blob([alone([svg])], { type: 'image/svg+xml' }));
      const { width, height } = svg.viewBox.baseVal;
      const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
      return /** @type {const} */ ({ kind: 'picture', title, caption: '', path, alt: title, ...size });
    });
  } finally {
    stand.remove();
  }
}
