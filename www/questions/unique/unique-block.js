import { shownName } from '../../page/shown-names.js';
import { precision, recall } from '../../statistics/alarm.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { drawRoc, drawSums } from '../../classes/charts.js';
import { verdict } from './detector.js';
import { chartTools } from '../../classes/figure.js';
import { galleryScale } from '../everywhere/gallery-scale.js';
import { createGallery, lookAt } from '../everywhere/gallery.js';
import { text } from '../../classes/text.js';
import { thresholdLine } from './threshold.js';
import { untiedNote } from '../everywhere/untied-note.js';

/**
 * @typedef {import('./detector.js').Detection} Detection
 * @typedef {import('./detector.js').Verdict} Verdict
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../page/engine/session.js').Session} Session
 */

/**
 * The figures of one model.
 * @param {Session} session
 */
export function createBlock(session) {
  const title = h('h3');
  const plot = h('div', { className: 'plot' });
  const curve = h('div', { className: 'plot roc' });
  const automatic = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: () => {
        setByHand(null);
        drawVerdict();
        plot.querySelector('.threshold')?.dispatchEvent(new Event('automatic'));
      },
    },
    text.unique.automatic,
  );
  const threshold = h('p', { 'data-testid': 'threshold', role: 'status' });
  const table = h('div');
  const area = h('p', { 'data-testid': 'area' });
  const test = h('p', { className: 'note', 'data-testid': 'mcnemar' });
  const gallery = createGallery(session, text.unique.disagreements);
  const galleryNote = h('p', { className: 'note' });
  const disagreements = unfold(text.unique.disagreements, galleryNote, gallery.element);
  const noMaps = h('p', { className: 'note', 'data-testid': 'no-maps' });
  const leftOut = h('p', { className: 'note' });
  const rows = () =>
    (found?.points ?? []).map(({ file, name, index, sum, headSays, chooses }) => ({
      image: shownName(file),
      class: name,
      index,
      sum,
      head: headSays ? text.unique.alarm : text.unique.quiet,
      half: chooses ? text.unique.chooses : text.unique.scored,
    }));
  const report = (/** @type {unknown} */ error) => session.report(error);
  const legends = () =>
    [...document.querySelectorAll('.chart-legend-box svg')].filter((svg) => svg instanceof SVGSVGElement);
  const sumTools = chartTools({
    name: 'sums',
    charts: () => [...legends(), ...plot.querySelectorAll('svg')],
    rows,
    report,
  });
  const curveRows = () =>
    (found?.roc.points ?? []).map(({ threshold: at, falsePositiveRate, truePositiveRate }) => ({
      threshold: at,
      falsePositiveRate,
      truePositiveRate,
    }));
  const curveTools = chartTools({
    name: 'roc',
    charts: () => [...curve.querySelectorAll('svg')],
    rows: curveRows,
    report,
  });
  const figures = h(
    'div',
    { className: 'model-figures' },
    h('figure', {}, plot, sumTools.element),
    h('div', { className: 'buttons' }, automatic, threshold),
    h(
      'div',
      { className: 'beside' },
      h('div', { className: 'verdict' }, table, test, disagreements),
      h('figure', {}, curve, area, curveTools.element),
    ),
  );
  const element = h('section', { className: 'model' }, title, noMaps, leftOut, figures);
  /** @type {Detection | null} */
  let found = null;
  /** Where the visitor put the line, for each sum of maps that it was put over. @type {Map<string, number>} */
  const byHand = new Map();
  let result = /** @type {StudyResult | null} */ (null);
  let key = '';
  /** @type {any} */
  let curveChart = null;
  let turn = 0;
  /** @type {{ names: string[], domain: [number, number] } | null} */
  let scales = null;
  let width = 0;
  // A block gets narrower when another model comes beside it.
  new ResizeObserver(() => {
    if (scales && !figures.hidden && Math.abs(plot.clientWidth - width) > 8) draw().catch(report);
  }).observe(plot);
  disagreements.addEventListener('toggle', () => drawVerdict());

  /** Tells a sum of maps from another one. */
  const sumKey = () => JSON.stringify([found?.name, found?.maps]);
  const handThreshold = () => byHand.get(sumKey()) ?? null;
  /** @param {number | null} value null: the automatic one */
  function setByHand(value) {
    if (value === null) byHand.delete(sumKey());
    else byHand.set(sumKey(), value);
  }

  async function draw() {
    if (!found || !scales || figures.hidden) return;
    const { names, domain } = scales;
    width = plot.clientWidth;
    const { points, name, roc } = found;
    const mine = ++turn;
    const label = text.unique.chart(name, points.length);
    const [sums, rocChart] = await Promise.all([
      drawSums({ points, names, domain, width, label, onChoose: (file) => lookAt(session, file) }),
      drawRoc({ points: roc.points, label: text.unique.rocChart(name) }),
    ]);
    if (mine !== turn) return;
    plot.replaceChildren(sums);
    curve.replaceChildren(rocChart);
    curveChart = rocChart;
    sumTools.update();
    curveTools.update();
    // Too few images to choose a threshold on may still be enough to try some.
    if (roc.points.length > 0) {
      const begin = handThreshold() ?? found.automatic ?? Infinity;
      const line = thresholdLine({
        chart: sums,
        domain,
        value: begin,
        label: text.unique.slider(name),
        onMove: (value) => {
          setByHand(value);
          drawVerdict();
        },
      });
      line.element.addEventListener('automatic', () => line.set(found?.automatic ?? Infinity));
    }
    drawVerdict();
  }

  /** What follows the threshold. */
  function drawVerdict() {
    if (!found) return;
    const hand = handThreshold();
    const judged = verdict(found, hand);
    const { auc } = found.roc;
    automatic.hidden = hand === null || found.automatic === null;
    area.textContent = auc === null ? text.unique.noArea(found.name) : text.unique.areaOf(auc, found.interval);
    table.replaceChildren(...(judged ? [alarmTable(judged, found.name, found.tied && found.untied.length === 0)] : []));
    test.hidden = !judged;
    threshold.textContent = judged
      ? text.unique.thresholdLine(judged.threshold, hand !== null, judged.scored.length, found.points.length)
      : auc === null
        ? text.unique.noThreshold(found.name)
        : text.unique.noAutomatic(found.name);
    if (!judged) {
      disagreements.hidden = true;
      return;
    }
    const compared = found.tied && found.untied.length === 0;
    if (compared) setText(test, text.unique.mcnemar(judged.mcnemar, judged.scored.length));
    else if (found.untied.length === 0) setText(test, text.unique.unknown(found.name));
    else test.replaceChildren(...untiedNote(found.untied));
    disagreements.hidden = !compared;
    drawOperatingPoint(judged);
    galleryNote.textContent = text.unique.disagree(judged.disagreements.length, found.name);
    if (disagreements.open) drawDisagreements(judged).catch(report);
  }

  /** Where on the curve the threshold is, over all images. @param {Verdict} judged */
  function drawOperatingPoint({ threshold: at }) {
    const points = found?.roc.points ?? [];
    const place = points.findLast((point) => point.threshold >= at) ?? points[0];
    if (!curveChart || !place) return;
    curveChart.querySelector('.chart-open')?.remove();
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [name, value] of Object.entries({
      r: 5,
      class: 'chart-open',
      cx: curveChart.scale('x').apply(place.falsePositiveRate),
      cy: curveChart.scale('y').apply(place.truePositiveRate),
    }))
      dot.setAttribute(name, String(value));
    curveChart.append(dot);
  }

  /** @param {Verdict} judged */
  async function drawDisagreements({ disagreements: points }) {
    if (!result || !found) return;
    const { study } = result;
    const { maps } = found;
    const placeOf = (/** @type {File} */ file) => study.places.get(file) ?? -1;
    const scale = galleryScale(
      session.state,
      await Promise.all(maps.map((map) => study.map(map))),
      points.map(({ file }) => placeOf(file)),
    );
    setText(galleryNote, `${text.unique.disagree(points.length, found?.name ?? '')} ${scale.caption}`);
    const entries = points.map(({ file, name, headSays, sum }) => ({
      file,
      caption: name,
      note: headSays ? text.unique.onlyHead(sum) : text.unique.onlyMaps(sum),
      marked: !headSays,
    }));
    gallery.show(
      study,
      entries,
      (look, { file }) => look.overlay(maps, scale.of(placeOf(file))),
      `disagreements ${maps} ${scale.key}`,
    );
  }

  return {
    element,
    /**
     * @param {StudyResult} next
     * @param {Detection} detected
     * @param {{ names: string[], domain: [number, number] }} nextScales
     * @param {number | null} [threshold] to put the line at
     */
    update(next, detected, nextScales, threshold) {
      const nextKey = JSON.stringify([
        nextScales,
        detected.name,
        detected.maps,
        detected.tied,
        detected.untied,
        detected.leftOut.map(({ name }) => name),
        detected.points.map(({ name, sum, headSays, chooses }) => [name, sum, headSays, chooses]),
      ]);
      result = next;
      if (nextKey === key && threshold === undefined) return;
      key = nextKey;
      found = detected;
      if (threshold !== undefined) setByHand(threshold);
      title.textContent = next.title;
      scales = nextScales;
      noMaps.textContent = detected.maps.length === 0 ? text.unique.noMaps(detected.name) : '';
      leftOut.textContent = detected.leftOut.length > 0 ? text.unique.leftOut(detected.leftOut.map(shownName)) : '';
      // A sum of no maps is zero everywhere, which is no figure.
      figures.hidden = detected.maps.length === 0;
      draw().catch(report);
    },
    get threshold() {
      return handThreshold();
    },
    dispose() {
      gallery.dispose();
    },
  };
}

/**
 * Detector and head beside each other.
 * @param {Verdict} judged
 * @param {string} name
 * @param {boolean} compared the head can say the class, and every other one that is tested
 */
function alarmTable({ detector, head }, name, compared) {
  const percent = (/** @type {number | null} */ part) => (part === null ? '–' : text.percent(part));
  const row = (/** @type {string} */ title, /** @type {Verdict['detector']} */ counts, /** @type {string} */ id) =>
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
