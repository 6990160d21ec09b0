/**
 * Shows a record from its file alone. Only "compute it here" loads an engine.
 */

import { toError } from '../errors.js';
import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { captionOf } from './caption.js';
import { compare } from './compare.js';
import { objectAddresses, recordedFigure } from './figures.js';
import { recompute } from './recompute.js';
import { hasModel, modelHost } from './recorded-sources.js';
import { text } from './record-text.js';

/** @typedef {import('./record.js').Recorded} Recorded */

/**
 * @param {Recorded} recorded
 * @param {{ close: () => void, goOn: (() => void) | null, engine?: import('../types.js').EngineRequest }} options `goOn`: with the finding in the
 *   page, where all it needs is in the record
 */
export function createSnapshotView(recorded, { close, goOn, engine }) {
  loadStyle('record.css', import.meta.url);
  const { finding, record, files } = recorded;
  const addresses = objectAddresses(files);
  /** @type {AbortController | null} */
  let running = null;
  /** @type {File[] | undefined} */
  let given;

  const outcome = h('div', { role: 'status', 'data-testid': 'comparison' });
  const again = h('button', { type: 'button', className: 'primary', onclick: () => compute() }, text.view.recompute);
  const stop = h('button', { type: 'button', hidden: true, onclick: () => running?.abort() }, text.view.stop);
  const pick = h('input', { type: 'file', multiple: true, className: 'visually-hidden', tabIndex: -1, 'aria-hidden': 'true', 'data-testid': 'snapshot-model', onchange: () => {
    given = Array.from(pick.files ?? []);
    if (given.length > 0) compute();
  } });
  const ask = h('p', { hidden: true }, text.view.needsModel, ' ',
    h('b', {}, finding.model.kind === 'file' ? text.view.wants(finding.model.name, finding.model.bytes, finding.model.sha256) : ''), ' ',
    h('button', { type: 'button', onclick: () => pick.click() }, text.view.chooseModel), pick);
  const host = modelHost(recorded);
  const fetches = host ? text.view.fetches(host) : '';
  const heading = h('h2', { id: 'recorded-heading', tabIndex: -1 }, captionOf(finding) || text.view.heading);
  const { id, channels, height, width } = record.layer;
  const element = h('section', { className: 'recorded panel', 'aria-labelledby': 'recorded-heading', 'data-testid': 'recorded' },
    heading,
    h('p', { className: 'note' }, text.view.recorded(finding.claim.made)),
    h('dl', { className: 'recorded-facts' },
      h('dt', {}, text.view.model), h('dd', {}, record.model.title),
      h('dt', {}, text.view.layer), h('dd', {}, text.view.layerLine(id, channels, height, width)),
      h('dt', {}, text.view.engine), h('dd', {}, record.engine)),
    h('div', { className: 'buttons' }, again, stop, goOn ? h('button', { type: 'button', onclick: () => end(goOn) }, text.view.goOn) : null,
      h('button', { type: 'button', onclick: () => end(close) }, text.view.close)),
    h('p', { className: 'note', hidden: fetches === '' }, fetches),
    ask, outcome,
    ...record.figures.map((figure) => recordedFigure(figure, addresses.addressOf)));
  if (!hasModel(recorded)) {
    ask.hidden = false;
    again.hidden = true;
  }

  // What is about several images, or takes its own time to compute.
  const left = record.figures.filter((figure) => figure.kind === 'classes' || (figure.kind === 'picture' && /^(plots\/chart-|drawings\/)/.test(figure.path))).map((figure) => figure.title);

  async function compute() {
    const controller = (running = new AbortController());
    again.hidden = true;
    stop.hidden = false;
    outcome.replaceChildren(h('p', {}, text.view.computing));
    try {
      const { scope, model, look, notes } = await recompute(recorded, { model: given, engine, signal: controller.signal });
      const { name, device } = model.engine;
      outcome.replaceChildren(...notes.map((note) => h('p', { className: 'alert', 'data-testid': 'other-file' }, note)), ...differenceOf(compare(record, look)), ...(left.length > 0 ? [h('p', { 'data-testid': 'not-recomputed' }, text.view.notRecomputed(left))] : []), h('p', { className: 'note' }, text.view.computedBy(`${name} (${device})`)));
      scope.close();
    } catch (error) {
      const { code, message } = toError(error);
      outcome.replaceChildren(...(code === 'cancelled' ? [] : [h('p', { className: 'alert', role: 'alert' }, message)]));
    }
    running = null;
    again.hidden = !hasModel(recorded);
    stop.hidden = true;
  }

  /** @param {import('./compare.js').Comparison} comparison */
  function differenceOf(comparison) {
    const { comparable, count, maps, predictions, same, difference, largest } = comparison;
    outcome.dataset.same = String(same);
    if (!comparable) return [h('p', {}, text.view.otherCount)];
    if (same) return [h('p', {}, text.view.same(record.means.length, difference, largest))];
    return [h('p', {}, text.view.differs(count, record.means.length)),
      h('ul', {}, ...maps.map((entry) => h('li', {}, text.view.mapDiffers(entry))), ...predictions.map((entry) => h('li', {}, text.view.predictionDiffers(entry))))];
  }

  /** @param {() => void} then */
  function end(then) {
    running?.abort();
    addresses.release();
    then();
  }

  return { element, focus: () => heading.focus() };
}
