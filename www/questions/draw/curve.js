import { finish, loadPlot } from '../../ui/charts.js';
import { text } from './text.js';

/**
 * What is drawn, at every step, with a mark at the step that is shown.
 * @param {number[]} activations those that are no number leave a gap
 * @param {number} shown
 * @param {string} label
 * @param {number} width in pixels
 * @param {import('./choices.js').Target} [target] of the drawing
 * @returns {Promise<Element>}
 */
export async function drawCurve(activations, shown, label, width, target) {
  const Plot = await loadPlot();
  const points = activations.map((mean, step) => ({ step: step + 1, mean }));
  const chart = Plot.plot({
    width: Math.max(160, width),
    height: 110,
    marginLeft: 44,
    className: 'chart',
    ariaLabel: label,
    x: { label: text.curveSteps, ticks: 3 },
    y: { label: `↑ ${text.measure(target)}`, grid: true, ticks: 4 },
    marks: [
      Plot.lineY(points, { x: 'step', y: 'mean', className: 'chart-line' }),
      Plot.dot(points.slice(shown, shown + 1), { x: 'step', y: 'mean', r: 4, className: 'chart-open' }),
    ],
  });
  finish(chart);
  return chart;
}
