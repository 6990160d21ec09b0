import { precision, recall } from '../statistics/alarm.js';
import { h, select, setOptions, unfold } from '../ui/dom.js';
import { drawLegend, drawRoc, drawSums } from './charts.js';
import { detection, verdict } from './detector.js';
import { chartTools } from './figure.js';
import { createGallery, lookAt, sumOptions } from './gallery.js';
import { text } from './text.js';
import { thresholdLine } from './threshold.js';

/**
 * @typedef {import('./detector.js').Detection} Detection
 * @typedef {import('./detector.js').Verdict} Verdict
 * @typedef {import('./workbench.js').StudyResult} StudyResult
 * @typedef {import('./workbench.js').Workbench} Workbench
 * @typedef {import('../session.js').Session} Session
 */

/** What stands for all of a class's maps in the list of maps. */
const ALL = '';

/**
 * Question 5: are a class's maps unique to it, and do they catch what the head misses?
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createUnique(workbench, session) {
  const of = select(text.unique.mapsOf, [], () => draw());
  const one = select(text.unique.detector, [], () => draw());
  const ownScale = h('input', { type: 'checkbox', onchange: () => draw() });
  const ownScaleField = h('label', { className: 'field check' }, ownScale, h('span', {}, text.unique.ownScale));
  const legend = h('div', { className: 'chart-legend-box' });
  const summary = h('div');
  const note = h('p', { className: 'note' });
  const blocks = h('div', { className: 'models' });
  const element = h('div', { className: 'question' },
    h('p', { className: 'note' }, text.unique.explain),
    h('div', { className: 'controls' }, of.field, one.field, ownScaleField), note, legend, summary, blocks,
    unfold(text.whatAmISeeing, h('p', {}, text.unique.help)));
  /** @type {Map<string, ReturnType<typeof createBlock>>} */
  const drawn = new Map();
  let legendOf = '';
  let turn = 0;
  /** What was asked for before there was anything to choose from.
   * @type {{ subject: import('./panel.js').Subject, threshold: number | null, arrangement: import('./panel.js').Arrangement } | null} */
  let wanted = null;

  async function draw() {
    const { results, collection, seed } = workbench;
    const mine = ++turn;
    setOptions(of.element, collection.sources().map(({ name }) => /** @type {const} */ ([name, name])));
    if (wanted && results.length > 0) of.element.value = wanted.subject.name ?? of.element.value;
    const name = of.element.value;
    const first = results[0]?.classMaps.find((other) => other.name === name);
    // A single map is one of the first model's: another model's maps are others.
    setOptions(one.element, [[ALL, text.unique.allMaps], ...(results.length > 1 ? [] : (first?.maps ?? []).map(({ map }) => /** @type {const} */ ([String(map), `#${map}`])))]);
    if (wanted && results.length > 0) {
      one.element.value = String(wanted.subject.maps[0] ?? ALL);
      ownScale.checked = wanted.arrangement.ownScale ?? false;
    }
    const single = one.element.value === ALL ? null : Number(one.element.value);
    note.textContent = collection.separate ? '' : text.unique.sameImages;
    for (const [key, block] of drawn) {
      if (results.some((result) => result.key === key)) continue;
      block.dispose();
      block.element.remove();
      drawn.delete(key);
    }
    if (results.length === 0) {
      blocks.replaceChildren(h('p', { className: 'note' }, text.nothingYet));
      summary.replaceChildren();
      legend.replaceChildren();
      legendOf = '';
      return;
    }
    const names = collection.targets().map((target) => target.name);
    try {
      const detections = await Promise.all(results.map((result) => detect(result, name, single, seed)));
      if (mine !== turn) return;
      // The same axes for all, so that the models can be compared, unless their sums are too different.
      const shared = domainOf(detections);
      ownScaleField.hidden = results.length < 2;
      const domain = (/** @type {Detection} */ detected) => (ownScale.checked ? domainOf([detected]) : shared);
      if (blocks.firstElementChild?.tagName === 'P') blocks.replaceChildren();
      results.forEach((result, place) => {
        const block = drawn.get(result.key) ?? createBlock(session);
        drawn.set(result.key, block);
        if (blocks.children[place] !== block.element) blocks.insertBefore(block.element, blocks.children[place] ?? null);
        block.update(result, detections[place], { names, domain: domain(detections[place]) }, wanted ? thresholdOf(result, wanted) : undefined);
      });
      wanted = null;
      summary.replaceChildren(...(results.length > 1 ? [areas(results, detections)] : []));
      const key = JSON.stringify([names, legend.clientWidth]);
      if (legendOf !== key) legend.replaceChildren(await drawLegend(names, legend.clientWidth));
      legendOf = key;
    } catch (error) {
      if (mine === turn) session.report(error);
    }
  }

  /**
   * Where a model's alarm line is to be; those of controls are not kept.
   * @param {StudyResult} result
   * @param {NonNullable<typeof wanted>} asked
   */
  function thresholdOf({ study, control }, { threshold, arrangement }) {
    const place = control === null ? workbench.models.indexOf(study) : -1;
    return place === 0 ? threshold : arrangement.thresholds?.[place - 1];
  }

  /**
   * @param {StudyResult} result
   * @param {string} name
   * @param {number | null} single
   * @param {number} seed
   */
  async function detect({ study, classMaps }, name, single, seed) {
    const maps = single === null ? (classMaps.find((other) => other.name === name)?.maps.map(({ map }) => map) ?? []) : [single];
    const sums = await study.sums(maps);
    const [outputs] = workbench.outputs(study, [name]);
    return detection({
      name, seed,
      classes: study.seen(workbench.collection.targets()),
      sumOf: (file) => sums[study.places.get(file) ?? -1] ?? 0,
      headSays: (file) => outputs.includes(study.saidOf(file)),
      tied: outputs.length > 0,
    });
  }

  return {
    element,
    update: draw,
    get subject() {
      return { name: of.element.value || null, maps: one.element.value === ALL ? [] : [Number(one.element.value)] };
    },
    /** Where the visitor put the first model's alarm line; null: where it is by itself. */
    get threshold() {
      return drawn.values().next().value?.threshold ?? null;
    },
    /** What is chosen beside subject and threshold, as far as it is not so by itself. @returns {import('./panel.js').Arrangement} */
    get arrangement() {
      const thresholds = workbench.models.slice(1).map(({ id }) => drawn.get(`${id} ${null}`)?.threshold ?? null);
      return {
        ...(ownScale.checked ? { ownScale: true } : {}),
        ...(thresholds.some((threshold) => threshold !== null) ? { thresholds } : {}),
      };
    },
    /**
     * Is shown when the view is drawn next.
     * @param {import('./panel.js').Subject} subject
     * @param {number | null} threshold
     * @param {import('./panel.js').Arrangement} arrangement
     */
    choose(subject, threshold, arrangement) {
      wanted = { subject, threshold, arrangement };
    },
  };
}

/**
 * An axis from zero that holds all sums, with some room.
 * @param {Detection[]} detections
 * @returns {[number, number]}
 */
function domainOf(detections) {
  const sums = detections.flatMap(({ points }) => points.map(({ sum }) => sum));
  const most = sums.reduce((largest, sum) => Math.max(largest, sum), 0) || 1;
  const least = sums.reduce((smallest, sum) => Math.min(smallest, sum), 0);
  return [least * 1.05, most * 1.05];
}

/**
 * The areas under the curves of several models.
 * @param {StudyResult[]} results
 * @param {Detection[]} detections
 */
function areas(results, detections) {
  return h('div', { className: 'table-scroll wide' }, h('table', { className: 'numbers', 'data-testid': 'areas' },
    h('caption', {}, text.unique.areas(detections[0].name)),
    h('thead', {}, h('tr', {}, ...[text.unique.model, text.unique.area, text.unique.interval].map((title) => h('th', { scope: 'col' }, title)))),
    h('tbody', {}, ...results.map(({ title }, place) => {
      const { roc: { auc }, interval } = detections[place];
      return h('tr', {}, h('th', { scope: 'row' }, title), h('td', {}, auc === null ? '–' : text.area(auc)),
        h('td', {}, interval ? text.between(interval) : '–'));
    }))));
}

/**
 * The figures of one model.
 * @param {Session} session
 */
function createBlock(session) {
  const title = h('h3');
  const plot = h('div', { className: 'plot' });
  const curve = h('div', { className: 'plot roc' });
  const automatic = h('button', { type: 'button', className: 'small', onclick: () => {
    byHand = null;
    drawVerdict();
    plot.querySelector('.threshold')?.dispatchEvent(new Event('automatic'));
  } }, text.unique.automatic);
  const threshold = h('p', { 'data-testid': 'threshold', role: 'status' });
  const table = h('div');
  const area = h('p', { 'data-testid': 'area' });
  const test = h('p', { className: 'note', 'data-testid': 'mcnemar' });
  const gallery = createGallery(session, text.unique.disagreements);
  const galleryNote = h('p', { className: 'note' });
  const disagreements = unfold(text.unique.disagreements, galleryNote, gallery.element);
  const rows = () => (found?.points ?? []).map(({ file, name, index, sum, headSays, chooses }) => ({
    image: file.name, class: name, index, sum, head: headSays ? text.unique.alarm : text.unique.quiet, half: chooses ? text.unique.chooses : text.unique.scored,
  }));
  const report = (/** @type {unknown} */ error) => session.report(error);
  const legends = () => [...document.querySelectorAll('.chart-legend-box svg')].filter((svg) => svg instanceof SVGSVGElement);
  const sumTools = chartTools({ name: 'sums', charts: () => [...legends(), ...plot.querySelectorAll('svg')], rows, report });
  const curveRows = () => (found?.roc.points ?? []).map(({ threshold: at, falsePositiveRate, truePositiveRate }) => ({ threshold: at, falsePositiveRate, truePositiveRate }));
  const curveTools = chartTools({ name: 'roc', charts: () => [...curve.querySelectorAll('svg')], rows: curveRows, report });
  const element = h('section', { className: 'model' }, title,
    h('figure', {}, plot, sumTools),
    h('div', { className: 'buttons' }, automatic, threshold),
    h('div', { className: 'beside' }, h('div', { className: 'verdict' }, table, test, disagreements), h('figure', {}, curve, area, curveTools)));
  /** @type {Detection | null} */
  let found = null;
  /** @type {number | null} */
  let byHand = null;
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
    if (scales && Math.abs(plot.clientWidth - width) > 8) draw().catch(report);
  }).observe(plot);
  disagreements.addEventListener('toggle', () => drawVerdict());

  async function draw() {
    if (!found || !scales) return;
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
    const start = verdict(found, byHand);
    if (start) {
      const line = thresholdLine({ chart: sums, domain, value: start.threshold, label: text.unique.slider(name), onMove: (value) => {
        byHand = value;
        drawVerdict();
      } });
      line.element.addEventListener('automatic', () => line.set(found?.automatic ?? start.threshold));
    }
    drawVerdict();
  }

  /** What follows the threshold. */
  function drawVerdict() {
    if (!found) return;
    const judged = verdict(found, byHand);
    const { auc } = found.roc;
    automatic.hidden = byHand === null || found.automatic === null;
    area.textContent = auc === null ? text.unique.noArea(found.name) : text.unique.areaOf(auc, found.interval);
    table.replaceChildren(...(judged ? [alarmTable(judged, found.name)] : []));
    disagreements.hidden = test.hidden = !judged;
    threshold.textContent = judged ? text.unique.thresholdLine(judged.threshold, byHand !== null, judged.scored.length, found.points.length) : text.unique.noThreshold(found.name);
    if (!judged) return;
    test.textContent = found.tied ? text.unique.mcnemar(judged.mcnemar, judged.scored.length) : text.unique.untied(found.name);
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
      r: 5, class: 'chart-open', cx: curveChart.scale('x').apply(place.falsePositiveRate), cy: curveChart.scale('y').apply(place.truePositiveRate),
    })) dot.setAttribute(name, String(value));
    curveChart.append(dot);
  }

  /** @param {Verdict} judged */
  async function drawDisagreements({ disagreements: points }) {
    if (!result || !found) return;
    const { study, classMaps } = result;
    const maps = classMaps.find(({ name }) => name === found?.name)?.maps.map(({ map }) => map) ?? [];
    const options = sumOptions(session.state, await Promise.all(maps.map((map) => study.map(map))));
    const entries = points.map(({ file, name, headSays, sum }) => ({
      file, caption: name, note: headSays ? text.unique.onlyHead(sum) : text.unique.onlyMaps(sum), marked: !headSays,
    }));
    gallery.show(study, entries, (look) => look.overlay(maps, options), `disagreements ${maps}`);
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
      const nextKey = JSON.stringify([nextScales, detected.name, detected.tied, detected.points.map(({ name, sum, headSays, chooses }) => [name, sum, headSays, chooses])]);
      result = next;
      if (nextKey === key && threshold === undefined) return;
      // A threshold is one of a certain sum of maps.
      if (threshold !== undefined) byHand = threshold;
      else if (found?.name !== detected.name) byHand = null;
      key = nextKey;
      found = detected;
      title.textContent = next.title;
      scales = nextScales;
      draw().catch(report);
    },
    get threshold() {
      return byHand;
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
 */
function alarmTable({ detector, head }, name) {
  const percent = (/** @type {number | null} */ part) => (part === null ? '–' : text.percent(part));
  const row = (/** @type {string} */ title, /** @type {Verdict['detector']} */ counts, /** @type {string} */ id) => h('tr', { 'data-testid': id },
    h('th', { scope: 'row' }, title),
    ...[counts.truePositives, counts.falseNegatives, counts.falsePositives, counts.trueNegatives].map((count) => h('td', {}, String(count))),
    h('td', {}, percent(precision(counts))), h('td', {}, percent(recall(counts))));
  return h('div', { className: 'table-scroll wide' }, h('table', { className: 'numbers alarm', 'data-testid': 'alarm' },
    h('caption', {}, text.unique.table(name)),
    h('thead', {}, h('tr', {}, ...text.unique.columns(name).map((column) => h('th', { scope: 'col' }, column)))),
    h('tbody', {}, row(text.unique.byMaps, detector, 'alarm-maps'), row(text.unique.byHead, head, 'alarm-head'))));
}
