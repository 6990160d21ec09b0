import { catalogue } from '../api/language.js';
import { formatNumber } from '../api/numbers.js';

/** The words of bench.html. */
const english = {
  pageTitle: 'Featurescope: how fast is it here?',
  title: 'How fast is it here?',
  lead: 'The networks of this site look at a photo on this machine, several times each. What counts is the median time of one run.',
  back: 'Back to Featurescope',
  start: 'Measure',
  stop: 'Stop',
  compare: 'Measure onnxruntime-web beside it',
  /** @param {string} host */
  consent: (host) =>
    `Its files, about 25 MB, are then loaded from ${host}, which learns that somebody here asked for them.`,
  address: 'Address of its files',
  noAddress: 'That is no address of a folder that begins with https:// and ends with a slash.',
  network: 'Network',
  /** @param {'cpu' | 'webgpu'} device @returns {string} */
  ours: (device) => (device === 'cpu' ? 'Processor' : 'Graphics card (WebGPU)'),
  theirs: 'onnxruntime-web',
  ratio: 'ours / theirs',
  /** @param {number} milliseconds */
  time: (milliseconds) => `${formatNumber(milliseconds)} ms`,
  waiting: 'to come',
  none: 'not measured',
  noWorker: 'its worker did not start',
  /** @param {string} network @param {string} device */
  working: (network, device) => `${network}, ${device}: loading and measuring…`,
  done: 'Measured. Other programs on this machine make times longer; a second try shows by how much.',
  stopped: 'Stopped. What was measured stays.',
  noGpu: 'There is no WebGPU in this browser, or it runs on the processor, so that the graphics card is not measured.',
  /** @param {string} runtime @param {string} message */
  failed: (runtime, message) => `${runtime}: ${message}`,
  differs: 'the results differ by more than a thousandth, so that the times are worthless',
  copy: 'Copy as Markdown',
  copied: 'Copied.',
  notCopied: 'The browser does not let this page copy. Here it is:',
  /** @param {string} browser @param {number} cores @param {string | undefined} adapter */
  machine: (browser, cores, adapter) =>
    `${browser}; ${cores} ${cores === 1 ? 'core' : 'cores'}${adapter ? `; graphics: ${adapter}` : ''}`,
  /** @param {number} runs */
  how: (runs) =>
    `Medians of ${runs} runs after two that do not count, in turns where two runtimes are compared. Ours gives the maps of a layer and the scores, the other the scores alone. Featurescope uses one core for one photo.`,
};

export const text = catalogue('bench', english);
