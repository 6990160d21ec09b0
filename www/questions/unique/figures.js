/** The charts of one model's alarm, as the page shows them and as a record keeps them. */

import { drawRoc, drawSums } from '../../classes/charts.js';
import { text } from '../../classes/text.js';
import { thresholdLine } from './threshold.js';

/** @typedef {import('./detector.js').Detection} Detection */

/**
 * An axis from zero that holds all sums, with some room.
 * @param {Detection[]} detections
 * @returns {[number, number]}
 */
export function domainOf(detections) {
  const sums = detections.flatMap(({ points }) => points.map(({ sum }) => sum));
  const most = sums.reduce((largest, sum) => Math.max(largest, sum), 0) || 1;
  const least = sums.reduce((smallest, sum) => Math.min(smallest, sum), 0);
  return [least * 1.05, most * 1.05];
}

/**
 * The sums of all images with the alarm line, which can be moved.
 * @param {Detection} found
 * @param {{ names: string[], domain: [number, number], width: number, hand: number | null, onChoose: (file: File) => void,
 *   onMove: (value: number) => void }} options `names` of the tested classes; `hand`: where the visitor put the line
 */
export async function sumsChart(found, { names, domain, width, hand, onChoose, onMove }) {
  const { points, name, roc, automatic } = found;
  const chart = await drawSums({
    points,
    names,
    domain,
    width,
    label: text.unique.chart(name, points.length),
    onChoose,
  });
  // Too few images to choose a threshold on may still be enough to try some.
  const value = hand ?? automatic ?? Infinity;
  const line =
    roc.points.length > 0 ? thresholdLine({ chart, domain, value, label: text.unique.slider(name), onMove }) : null;
  return { chart, line };
}

/**
 * How the detector trades alarms for false alarms, at every threshold.
 * @param {Detection} found
 */
export function curveChart({ roc, name }) {
  return drawRoc({ points: roc.points, label: text.unique.rocChart(name) });
}

/**
 * Marks where on the curve a threshold is, over all images.
 * @param {any} chart what `curveChart` gave: Plot's own, with its scales
 * @param {Detection} found
 * @param {number} threshold
 */
export function markOperatingPoint(chart, { roc: { points } }, threshold) {
  const place = points.findLast((point) => point.threshold >= threshold) ?? points[0];
  if (!place) return;
  chart.querySelector('.chart-open')?.remove();
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  for (const [name, value] of Object.entries({
    r: 5,
    class: 'chart-open',
    cx: chart.scale('x').apply(place.falsePositiveRate),
    cy: chart.scale('y').apply(place.truePositiveRate),
  }))
    dot.setAttribute(name, String(value));
  chart.append(dot);
}
