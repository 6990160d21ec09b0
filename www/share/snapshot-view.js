/**
 * Shows a record from its file alone. Only "compute it here" loads an engine.
 */

import { cancelled, toError } from '../api/errors.js';
import { text as page } from '../page/text.js';
import { h, setText } from '../ui/dom.js';
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
 * @param {{ close: () => void, goOn: (() => void) | null, engine?: import('../api/types.js').EngineRequest }} options `goOn`: with the finding in the
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
  const ask = modelField(finding, (files) => {
    given = files;
    compute();
  });
  const host = modelHost(recorded);
  const fetches = host ? text.view.fetches(host) : '';
  const heading = h('h2', { id: 'recorded-heading', tabIndex: -1 }, captionOf(finding) || text.view.heading);
  const element = h(
    'section',
    { className: 'recorded panel', 'aria-labelledby': 'recorded-heading', 'data-testid': 'recorded' },
    heading,
    h('p', { className: 'note' }, text.view.recorded(finding.claim.made)),
    factsOf(record),
    h(
      'div',
      { className: 'buttons' },
      again,
      stop,
      goOn ? h('button', { type: 'button', onclick: () => end(goOn) }, text.view.goOn) : null,
      h('button', { type: 'button', onclick: () => end(close) }, text.view.close),
    ),
    h('p', { className: 'note', hidden: fetches === '' }, fetches),
    ask,
    outcome,
    ...record.figures.map((figure) => recordedFigure(figure, addresses.addressOf)),
  );
  if (!hasModel(recorded)) {
    ask.hidden = false;
    again.hidden = true;
  }

  /** Holds the engine that drawings may still be asked of. @type {import('../featurescope.js').Featurescope | null} */
  let scope = null;

  async function compute() {
    const controller = (running = new AbortController());
    const { signal } = controller;
    release();
    again.hidden = true;
    stop.hidden = false;
    // Read out at its end, and not with every byte.
    const line = h('p', { className: 'note', 'aria-live': 'off' }, text.view.computing);
    outcome.replaceChildren(line);
    try {
      await compareInto(outcome, line, recorded, { model: given, engine, signal, onScope: (next) => (scope = next) });
    } catch (error) {
      const { code, message } = toError(error);
      release();
      if (code === 'cancelled') line.remove();
      else line.replaceWith(h('p', { className: 'alert', role: 'alert' }, message));
    }
    again.hidden = !hasModel(recorded);
    stop.hidden = true;
  }

  function release() {
    scope?.close();
    scope = null;
  }

  /** @param {() => void} then */
  function end(then) {
    running?.abort();
    release();
    addresses.release();
    then();
  }

  return { element, focus: () => heading.focus(), close: () => end(close) };
}

/**
 * Runs the network on what the record holds and says, part by part, what differs.
 * @param {HTMLElement} outcome
 * @param {HTMLElement} line in it, which says how far it is
 * @param {Recorded} recorded
 * @param {{ model?: File[], engine?: import('../api/types.js').EngineRequest, signal: AbortSignal,
 *   onScope: (scope: import('../featurescope.js').Featurescope | null) => void }} options
 */
async function compareInto(outcome, line, recorded, { onScope, ...options }) {
  const { signal } = options;
  const [found, { compareParts, drawingsPart, leftOut }] = await Promise.all([
    recompute(recorded, {
      ...options,
      onProgress: (progress) => setText(line, page.progress.line(progress)),
      onBytes: (done, total) => setText(line, text.view.loadingModel(text.open.bytes(done, total))),
    }),
    import('./recomputed-view.js'),
  ]);
  onScope(found.scope);
  if (signal.aborted) throw cancelled();
  const { model, look, notes } = found;
  const comparison = compare(recorded.record, look);
  outcome.dataset.same = String(comparison.same);
  line.before(
    ...notes.map((note) => h('p', { className: 'alert', 'data-testid': 'other-file' }, note)),
    ...differenceOf(comparison, recorded.record.means.length),
  );
  await compareParts(recorded, { model, look, signal, say: (sentence) => setText(line, sentence) }, (part, same) => {
    if (!same) outcome.dataset.same = 'false';
    line.before(part);
  });
  line.before(
    ...leftOut(recorded).map((sentence) => h('p', { 'data-testid': 'not-recomputed' }, sentence)),
    ...[drawingsPart(recorded, { model, signal })].filter((part) => part !== null),
  );
  setText(line, text.view.computedBy(engineNamed(model.engine.name)));
}

/**
 * Where a model that is not in the record is chosen.
 * @param {import('./finding.js').Finding} finding
 * @param {(files: File[]) => void} take
 */
function modelField({ model }, take) {
  const pick = h('input', {
    type: 'file',
    multiple: true,
    className: 'visually-hidden',
    tabIndex: -1,
    'aria-hidden': 'true',
    'data-testid': 'snapshot-model',
    onchange: () => {
      const files = Array.from(pick.files ?? []);
      if (files.length > 0) take(files);
    },
  });
  const wanted = model.kind === 'file' ? text.view.wants(model.name, model.bytes, model.sha256) : '';
  const choose = h('button', { type: 'button', onclick: () => pick.click() }, text.view.chooseModel);
  return h('p', { hidden: true }, text.view.needsModel, ' ', h('b', {}, wanted), ' ', choose, pick);
}

/**
 * What the record was made with.
 * @param {import('./record.js').RecordData} record
 */
function factsOf({ engine, layer: { id, channels, height, width }, model }) {
  return h(
    'dl',
    { className: 'recorded-facts' },
    h('dt', {}, text.view.model),
    h('dd', {}, model.title),
    h('dt', {}, text.view.layer),
    h('dd', {}, text.view.layerLine(id, channels, height, width)),
    h('dt', {}, text.view.engine),
    h('dd', {}, engineNamed(engine)),
  );
}

/**
 * What differs from the record.
 * @param {import('./compare.js').Comparison} comparison
 * @param {number} recorded how many maps it has
 */
function differenceOf(comparison, recorded) {
  const { comparable, count, maps, predictions, same, difference, largest } = comparison;
  if (!comparable) return [h('p', {}, text.view.otherCount)];
  if (same) return [h('p', {}, text.view.same(recorded, difference, largest))];
  return [
    h('p', {}, text.view.differs(count, recorded)),
    h(
      'ul',
      {},
      ...maps.map((entry) => h('li', {}, text.view.mapDiffers(entry))),
      ...predictions.map((entry) => h('li', {}, text.view.predictionDiffers(entry))),
    ),
  ];
}

/** The engines by what they compute on, as the badge has it; their programs' names follow. @param {string} recorded */
function engineNamed(recorded) {
  return recorded
    .replace(/^rten\b/, `${page.engine.device('cpu')} (rten)`)
    .replace(/^wonnx\b/, `${page.engine.device('webgpu')} (wonnx)`);
}
