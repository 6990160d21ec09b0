/** bench.html: how fast four networks run on this machine, and other runtimes beside ours. */

import { FeaturescopeError } from '../api/errors.js';
import { language } from '../api/language.js';
import { Featurescope } from '../featurescope.js';
import { copyButton } from '../ui/copy-button.js';
import { h, setText } from '../ui/dom.js';
import { measure, messageOf, RUNS, WARM_UP } from './measure.js';
import { NETWORKS } from './networks.js';
import { RUNTIMES } from './runtimes.js';
import { markdown, showTable } from './table.js';
import { text } from './text.js';

/** @typedef {'cpu' | 'webgpu'} Device */

/** @type {Device[]} */
const DEVICES = ['cpu', 'webgpu'];

/**
 * All that the page shows.
 * @typedef {object} State
 * @property {Set<string>} agreed the runtimes that the visitor agrees to load
 * @property {import('./runtimes.js').Runtime[]} runtimes those that are measured beside ours
 * @property {Map<Device, string>} missing devices that are not measured, and why
 * @property {Map<string, import('./measure.js').Case | string>} cases by network and device; a sentence where there is none
 * @property {string} machine
 * @property {string} status
 * @property {AbortController | null} running
 */

/** @type {State} */
const state = {
  agreed: new Set(),
  runtimes: [],
  missing: new Map(),
  cases: new Map(),
  machine: machineOf(undefined),
  status: '',
  running: null,
};

document.documentElement.lang = language;
document.title = text.pageTitle;
const root = /** @type {HTMLElement} */ (document.getElementById('bench'));
const button = h('button', { type: 'button', className: 'primary', onclick: () => (state.running ? stop() : start()) });
const status = h('p', { role: 'status' });
const machine = h('p', { className: 'note' });
const choices = RUNTIMES.map(({ name, title, version, address, bytes }) => {
  const box = h('input', {
    type: 'checkbox',
    id: name,
    'aria-describedby': `${name}-address`,
    onchange: () => agree(name, box.checked),
  });
  const from = h('span', { id: `${name}-address`, className: 'note' }, text.from(address, bytes));
  return {
    box,
    element: h('div', { className: 'choice' }, box, h('label', { for: name }, `${title} ${version}`), from),
  };
});
const devices = DEVICES.map((device) => {
  const heading = h('h2', { id: `on-${device}` }, text.device(device));
  const table = h('table', { 'aria-labelledby': heading.id });
  const missing = h('p', { className: 'note' });
  return { device, table, missing, element: h('section', {}, heading, missing, table) };
});
const copied = h('pre', { hidden: true, tabIndex: 0 });
const copy = copyButton(text, {
  content: () => markdown(state, NETWORKS, DEVICES),
  select: showMarkdown,
  className: '',
});
const copying = h('p', { className: 'buttons' }, copy.button);
root.append(
  h('p', {}, h('a', { href: './' }, text.back)),
  h('h1', {}, text.title),
  h('p', { className: 'lead' }, text.lead(RUNS, WARM_UP)),
  h(
    'fieldset',
    {},
    h('legend', {}, text.beside),
    ...choices.map(({ element }) => element),
    h('p', { className: 'note' }, text.consent),
  ),
  h('p', { className: 'buttons' }, button, status),
  h('div', { className: 'devices' }, ...devices.map(({ element }) => element)),
  copying,
  copied,
  machine,
  h('p', { className: 'note' }, text.how),
);
draw();

/** @param {Partial<State>} change */
function set(change) {
  Object.assign(state, change);
  draw();
}

function draw() {
  setText(button, state.running ? text.stop : text.start);
  setText(status, state.status);
  setText(machine, state.machine);
  for (const { box } of choices) box.disabled = state.running !== null;
  copying.hidden = state.cases.size === 0;
  copy.reset();
  for (const { device, table, missing } of devices) {
    const reason = state.missing.get(device) ?? '';
    setText(missing, reason);
    missing.hidden = !reason;
    table.hidden = Boolean(reason);
    if (!reason) showTable(table, state, NETWORKS, device);
  }
}

/** @param {string} name @param {boolean} isAgreed */
function agree(name, isAgreed) {
  if (isAgreed) state.agreed.add(name);
  else state.agreed.delete(name);
  // What is shown next is of these; what was measured without them stays until then.
  if (state.cases.size === 0) set({ runtimes: agreedRuntimes() });
}

function agreedRuntimes() {
  return RUNTIMES.filter(({ name }) => state.agreed.has(name));
}

/** Measures all networks on all devices, one after the other, since two at once would share the machine. */
async function start() {
  const running = new AbortController();
  copied.hidden = true;
  set({ running, runtimes: agreedRuntimes(), cases: new Map(), missing: new Map(), status: '' });
  /** @type {Map<string, string>} */
  const unloaded = new Map();
  try {
    for (const device of DEVICES) await measureOn(device, unloaded, running.signal);
    set({ status: text.done });
  } catch (error) {
    set({ status: running.signal.aborted ? text.stopped : messageOf(error) });
  } finally {
    set({ running: null });
  }
}

function stop() {
  state.running?.abort();
}

/** @param {Device} device @param {Map<string, string>} unloaded @param {AbortSignal} signal */
async function measureOn(device, unloaded, signal) {
  set({ status: text.starting(text.device(device)) });
  /** @type {Featurescope} */
  let scope;
  try {
    // Without threads, as the other runtimes are asked to be.
    scope = await Featurescope.create({ engine: device, workers: 1, signal });
  } catch (error) {
    if (device === 'webgpu' && error instanceof FeaturescopeError && error.code === 'no-gpu')
      return set({ missing: new Map([[device, text.noGpu]]) });
    throw error;
  }
  try {
    const { adapter } = scope.engine;
    if (adapter) set({ machine: machineOf(adapter) });
    for (const network of NETWORKS) {
      set({ status: text.working(network.title, text.device(device)) });
      const { runtimes } = state;
      const found = await measure({ scope, device, network, runtimes, unloaded, signal }).catch((error) => {
        signal.throwIfAborted();
        return messageOf(error);
      });
      set({ cases: new Map(state.cases).set(`${network.name} ${device}`, found) });
    }
  } finally {
    scope.close();
  }
}

/** For browsers that do not let this page copy. */
function showMarkdown() {
  copied.textContent = markdown(state, NETWORKS, DEVICES);
  copied.hidden = false;
  getSelection()?.selectAllChildren(copied);
  set({ status: text.notCopied });
}

/** @param {string | undefined} adapter */
function machineOf(adapter) {
  // The browser with its version, as its own name for itself has it.
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|OPR|Chrome)\/[\d.]+|Version\/[\d.]+.*/.exec(agent)?.[0] ?? agent;
  return text.machine(browser, navigator.platform, navigator.hardwareConcurrency, adapter);
}
