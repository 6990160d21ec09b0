/** bench.html: how fast the networks of this site run on this machine, and another runtime beside ours. */

import { FeaturescopeError } from '../api/errors.js';
import { language } from '../api/language.js';
import { text as apiText } from '../api/text.js';
import { Featurescope } from '../featurescope.js';
import { h, setText } from '../ui/dom.js';
import { RUNS, measure } from './measure.js';
import { markdown, showTable } from './table.js';
import { text } from './text.js';

/** The version that the project's own bench compares with. */
const OTHER = 'https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/';

/**
 * All that the page shows.
 * @typedef {object} State
 * @property {{ name: string, title: string, file: string }[]} networks
 * @property {('cpu' | 'webgpu')[]} devices
 * @property {boolean} compares onnxruntime-web is measured too
 * @property {string} address of its files
 * @property {Map<string, import('./measure.js').Case | string>} cases by network and device; a sentence where it failed
 * @property {string} machine
 * @property {string} status
 * @property {AbortController | null} running
 */

/** @type {State} */
const state = {
  networks: [],
  devices: ['cpu', 'webgpu'],
  compares: false,
  address: OTHER,
  cases: new Map(),
  machine: text.machine(browserName(), navigator.hardwareConcurrency, undefined),
  status: '',
  running: null,
};

document.documentElement.lang = language;
document.title = text.pageTitle;
const root = /** @type {HTMLElement} */ (document.getElementById('bench'));
const button = h('button', { type: 'button', className: 'primary', onclick: () => (state.running ? stop() : start()) });
const status = h('p', { role: 'status' });
const machine = h('p', { className: 'note' });
const table = h('table', { className: 'bench-table' });
const copy = h('button', { type: 'button', onclick: copyTable }, text.copy);
const copied = h('pre', { hidden: true });
const box = h('input', { type: 'checkbox', id: 'compare', onchange: () => set({ compares: box.checked }) });
const address = h('input', {
  type: 'url',
  id: 'address',
  value: OTHER,
  spellcheck: false,
  onchange: () => set({ address: address.value.trim() }),
});
const consent = h('p', { className: 'note' });
const addressLine = h('p', {}, h('label', { for: 'address' }, text.address), address);
root.append(
  h('p', {}, h('a', { href: './' }, text.back)),
  h('h1', {}, text.title),
  h('p', {}, text.lead),
  h('p', { className: 'compare' }, box, h('label', { for: 'compare' }, text.compare)),
  consent,
  addressLine,
  h('p', { className: 'buttons' }, button),
  status,
  h('div', { className: 'wide' }, table),
  machine,
  h('p', { className: 'note' }, text.how(RUNS)),
  h('p', { className: 'buttons' }, copy),
  copied,
);

/** @param {Partial<State>} change */
function set(change) {
  Object.assign(state, change);
  draw();
}

function draw() {
  setText(button, state.running ? text.stop : text.start);
  setText(status, state.status);
  setText(machine, state.machine);
  const host = URL.canParse(state.address) ? new URL(state.address).host : state.address;
  setText(consent, text.consent(host));
  consent.hidden = addressLine.hidden = !state.compares;
  box.disabled = address.disabled = state.running !== null;
  copy.hidden = state.cases.size === 0;
  showTable(table, state);
}

/** Measures all networks on all devices, one after the other, since two at once would share the machine. */
async function start() {
  if (state.compares && !isFolder(state.address)) return set({ status: text.noAddress });
  const running = new AbortController();
  set({ running, cases: new Map(), devices: ['cpu', 'webgpu'], status: '' });
  try {
    for (const device of state.devices) await measureOn(device, running.signal);
    set({ status: [text.done, ...(state.devices.includes('webgpu') ? [] : [text.noGpu])].join(' ') });
  } catch (error) {
    set({ status: running.signal.aborted ? text.stopped : messageOf(error) });
  } finally {
    set({ running: null });
  }
}

function stop() {
  state.running?.abort();
}

/** @param {'cpu' | 'webgpu'} device @param {AbortSignal} signal */
async function measureOn(device, signal) {
  /** @type {Featurescope} */
  let scope;
  try {
    scope = await Featurescope.create({ engine: device, signal });
  } catch (error) {
    if (device === 'webgpu' && error instanceof FeaturescopeError && error.code === 'no-gpu')
      return set({ devices: state.devices.filter((other) => other !== device) });
    throw error;
  }
  try {
    const { adapter } = scope.engine;
    if (adapter) set({ machine: text.machine(browserName(), navigator.hardwareConcurrency, adapter) });
    for (const network of state.networks) {
      set({ status: text.working(network.title, text.ours(device)) });
      const result = await measure({ scope, network, address: state.compares ? state.address : null, signal }).catch(
        (error) => {
          if (signal.aborted) throw error;
          return messageOf(error);
        },
      );
      set({ cases: new Map(state.cases).set(`${network.name} ${device}`, result) });
    }
  } finally {
    scope.close();
  }
}

async function copyTable() {
  const words = markdown(state);
  try {
    await navigator.clipboard.writeText(words);
    set({ status: text.copied });
  } catch {
    set({ status: text.notCopied });
    copied.textContent = words;
    copied.hidden = false;
  }
}

/** @param {string} address */
function isFolder(address) {
  return URL.canParse(address) && new URL(address).protocol === 'https:' && address.endsWith('/');
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The browser with its version, as its own name for itself has it. */
function browserName() {
  const agent = navigator.userAgent;
  return /(Firefox|Edg|OPR|Chrome)\/[\d.]+|Version\/[\d.]+.*/.exec(agent)?.[0] ?? agent;
}

try {
  const response = await fetch(new URL('../models/index.json', import.meta.url));
  /** @type {State['networks']} */
  const models = (await response.json()).models;
  set({ networks: models.map((model) => ({ ...model, title: apiText.model.named(model.name, model.title) })) });
} catch (error) {
  set({ status: messageOf(error) });
}
