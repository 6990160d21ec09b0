import { chartTools } from '../../classes/figure.js';
import { text } from '../../classes/text.js';
import { shownName } from '../../page/shown-names.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { lookAt } from '../everywhere/gallery.js';
import { untiedNote } from '../everywhere/untied-note.js';
import { alarmTable } from './alarm-table.js';
import { uniqueAnswer } from './answer.js';
import { mistakesOf, verdict } from './detector.js';
import { createDisagreements } from './disagreements.js';
import { curveChart, markOperatingPoint, sumsChart } from './figures.js';
import { createMistakes } from './mistakes.js';

/**
 * @typedef {import('./detector.js').Detection} Detection
 * @typedef {import('./detector.js').Verdict} Verdict
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../page/session/session.js').Session} Session
 */

/** A block gets narrower when another model comes beside it; so many pixels do not matter. */
const SAME_WIDTH = 8;

/** The figures of one model. */
export class Block {
  #session;
  #onThreshold;
  #title = h('h3');
  #plot = h('div', { className: 'plot' });
  #curve = h('div', { className: 'plot roc' });
  #automatic = h(
    'button',
    { type: 'button', className: 'small', onclick: () => this.#move(null) },
    text.unique.automatic,
  );
  #threshold = h('p', { className: 'note', 'data-testid': 'threshold', role: 'status' });
  /** The answer in a sentence, which stands above everything for the first model. */
  answer = h('p', { className: 'answer', 'data-testid': 'answer' });
  #mistakes;
  #table = h('div');
  #area = h('p', { 'data-testid': 'area' });
  #test = h('p', { className: 'note', 'data-testid': 'mcnemar' });
  #noMaps = h('p', { className: 'note', 'data-testid': 'no-maps' });
  #leftOut = h('p', { className: 'note' });
  #disagreements;
  #sumTools;
  #curveTools;
  #figures;
  /** What is shown. @type {{ result: StudyResult, detection: Detection } | null} */
  #shown = null;
  /** @type {{ names: string[], domain: [number, number] } | null} */
  #scales = null;
  /** Where the visitor put the line. @type {number | null} */
  #hand = null;
  #key = '';
  #turn = 0;
  #width = 0;
  /** @type {ReturnType<typeof import('./threshold.js').thresholdLine> | null} */
  #line = null;
  /** @type {Element | null} */
  #curveChart = null;

  /**
   * @param {Session} session
   * @param {() => SVGSVGElement[]} legend what the chart's colours and shapes are, which is saved with it
   * @param {(value: number | null) => void} onThreshold the visitor puts the line somewhere; null: where it is by itself
   */
  constructor(session, legend, onThreshold) {
    this.#session = session;
    this.#onThreshold = onThreshold;
    this.#disagreements = createDisagreements(session);
    this.#mistakes = createMistakes(session);
    [this.#sumTools, this.#curveTools] = this.#createTools(legend);
    this.#figures = h(
      'div',
      { className: 'model-figures' },
      h('figure', {}, this.#plot),
      h('div', { className: 'buttons' }, this.#threshold, this.#automatic),
      this.#mistakes.element,
      this.#table,
      this.#sumTools.element,
      unfold(
        text.unique.statistics,
        h(
          'div',
          { className: 'beside' },
          h('div', { className: 'verdict' }, this.#test, this.#disagreements.element),
          h('figure', {}, this.#curve, this.#area, this.#curveTools.element),
        ),
      ),
    );
    this.element = h(
      'section',
      { className: 'model' },
      this.#title,
      this.answer,
      this.#noMaps,
      this.#leftOut,
      this.#figures,
    );
    new ResizeObserver(() => {
      const isOther = Math.abs(this.#plot.clientWidth - this.#width) > SAME_WIDTH;
      if (this.#scales && !this.#figures.hidden && isOther) this.#draw();
    }).observe(this.#plot);
  }

  /** The sum of maps that the line stands over. */
  get sum() {
    return this.#shown;
  }

  /** @param {() => SVGSVGElement[]} legend */
  #createTools(legend) {
    const report = (/** @type {unknown} */ error) => this.#session.report(error);
    const found = () => this.#shown?.detection;
    return [
      chartTools({
        name: 'sums',
        report,
        charts: () => [...legend(), ...this.#plot.querySelectorAll('svg')],
        rows: () => (found()?.points ?? []).map(sumRow),
      }),
      chartTools({
        name: 'roc',
        report,
        charts: () => [...this.#curve.querySelectorAll('svg')],
        rows: () =>
          (found()?.roc.points ?? []).map(({ threshold, falsePositiveRate, truePositiveRate }) => ({
            threshold,
            falsePositiveRate,
            truePositiveRate,
          })),
      }),
    ];
  }

  /**
   * @param {StudyResult} result
   * @param {Detection} detection
   * @param {{ names: string[], domain: [number, number] }} scales
   * @param {number | null} hand where the visitor put the line
   * @param {string} title of the model, and of the one whose maps it is asked with
   */
  update(result, detection, scales, hand, title) {
    const key = JSON.stringify([
      scales,
      title,
      detection.name,
      detection.maps,
      detection.tied,
      detection.untied,
      detection.leftOut.map(({ name }) => name),
      detection.points.map(({ name, sum, headSays, chooses }) => [name, sum, headSays, chooses]),
    ]);
    this.#shown = { result, detection };
    const isMoved = this.#hand !== hand;
    this.#hand = hand;
    if (key === this.#key) {
      if (isMoved) this.#follow();
      return;
    }
    this.#key = key;
    setText(this.#title, title);
    this.#scales = scales;
    this.#noMaps.textContent = detection.maps.length === 0 ? text.unique.noMaps(detection.name) : '';
    const { leftOut } = detection;
    this.#leftOut.textContent = leftOut.length > 0 ? text.unique.leftOut(leftOut.map(shownName)) : '';
    // A sum of no maps is zero everywhere, which is no figure.
    this.#figures.hidden = detection.maps.length === 0;
    setText(this.answer, uniqueAnswer(detection, verdict(detection, hand), hand !== null));
    this.#draw();
  }

  async #draw() {
    if (!this.#shown || !this.#scales || this.#figures.hidden) return;
    const mine = ++this.#turn;
    const { detection } = this.#shown;
    this.#width = this.#plot.clientWidth;
    try {
      const [{ chart, line }, curve] = await Promise.all([
        sumsChart(detection, {
          ...this.#scales,
          width: this.#width,
          hand: this.#hand,
          onChoose: (file) => lookAt(this.#session, file),
          onMove: (value) => this.#move(value),
        }),
        curveChart(detection),
      ]);
      if (mine !== this.#turn) return;
      this.#line = line;
      this.#curveChart = curve;
      this.#plot.replaceChildren(chart);
      this.#curve.replaceChildren(curve);
      this.#sumTools.update();
      this.#curveTools.update();
      this.#drawVerdict();
    } catch (error) {
      this.#session.report(error);
    }
  }

  /** The visitor moves the line, which what is said of it follows at once. @param {number | null} value */
  #move(value) {
    this.#hand = value;
    this.#follow();
    this.#onThreshold(value);
  }

  /** The line was moved, or goes where it is by itself. */
  #follow() {
    if (!this.#shown) return;
    this.#line?.set(this.#hand ?? this.#shown.detection.automatic ?? Infinity);
    this.#drawVerdict();
  }

  /** What follows the threshold. */
  #drawVerdict() {
    if (!this.#shown) return;
    const { result, detection: found } = this.#shown;
    const hand = this.#hand;
    const judged = verdict(found, hand);
    const compared = found.tied && found.untied.length === 0;
    const { auc } = found.roc;
    setText(this.answer, uniqueAnswer(found, judged, hand !== null));
    this.#mistakes.update({ name: found.name, ...(judged ? mistakesOf(judged) : { missed: [], falseAlarms: [] }) });
    this.#automatic.hidden = hand === null || found.automatic === null;
    this.#area.textContent = auc === null ? text.unique.noArea(found.name) : text.unique.areaOf(auc, found.interval);
    this.#table.replaceChildren(...(judged ? [alarmTable(judged, found.name, compared)] : []));
    this.#test.hidden = !judged;
    this.#threshold.textContent = judged
      ? text.unique.thresholdLine(judged.threshold, hand !== null, judged.scored.length, found.points.length)
      : auc === null
        ? text.unique.noThreshold(found.name)
        : text.unique.noAutomatic(found.name);
    this.#disagreements.update(judged && compared ? { judged, found, study: result.study } : null);
    if (!judged) return;
    if (compared) setText(this.#test, text.unique.mcnemar(judged.mcnemar, judged.scored.length));
    else if (found.untied.length === 0) setText(this.#test, text.unique.unknown(found.name));
    else this.#test.replaceChildren(...untiedNote(found.untied));
    if (this.#curveChart) markOperatingPoint(this.#curveChart, found, judged.threshold);
  }

  /** The answer stands beside the figures again. */
  keepAnswer() {
    if (!this.element.contains(this.answer)) this.#title.after(this.answer);
  }

  /** Must be called when it is thrown away. */
  dispose() {
    this.#mistakes.dispose();
    this.#disagreements.dispose();
    this.element.remove();
  }
}

/** A row of the table behind the chart of sums. @param {import('./detector.js').Point} point */
function sumRow({ file, name, index, sum, headSays, chooses }) {
  return {
    image: shownName(file),
    class: name,
    index,
    sum,
    head: headSays ? text.unique.alarm : text.unique.quiet,
    half: chooses ? text.unique.chooses : text.unique.scored,
  };
}
