import { catalogue } from '../api/language.js';
import { formatMegabytes } from '../api/numbers.js';

/** The words of bench.html. */
const english = {
  pageTitle: 'Featurescope: how fast is it here?',
  title: 'How fast is it here?',
  /** @param {number} runs @param {number} warmUp */
  lead: (runs, warmUp) =>
    `Four networks look at a photo, on this machine and in this browser. What counts is the median of ${runs} runs, after ${warmUp} that do not.`,
  back: 'Back to Featurescope',
  start: 'Measure',
  stop: 'Stop',
  beside: 'Measure others beside it',
  /** @param {string} address @param {number} bytes */
  from: (address, bytes) => `from ${address}, up to ${formatMegabytes(bytes)}`,
  consent:
    'These are not part of this site. What you tick is loaded from its address when you press Measure, and the host of that address learns that somebody here asked for it. The photo and the networks stay here.',
  network: 'Network',
  on: 'On',
  runtime: 'Runtime',
  median: 'Median',
  ratio: 'Ours / this',
  ours: 'Featurescope',
  /** @param {'cpu' | 'webgpu'} device @returns {string} */
  device: (device) => (device === 'cpu' ? 'Processor' : 'Graphics card'),
  random: 'random weights',
  /** @param {string} milliseconds */
  time: (milliseconds) => `${milliseconds} ms`,
  none: 'not measured',
  /** @param {string} device */
  starting: (device) => `${device}: the engine starts…`,
  /** @param {string} network @param {string} device */
  working: (network, device) => `${network}, ${device}: loading and measuring…`,
  done: 'Measured. Other programs on this machine make times longer; a second try shows by how much.',
  stopped: 'Stopped. What was measured stays.',
  noGpu: 'There is no WebGPU in this browser, or it runs on the processor, so that the graphics card is not measured.',
  /** @param {string} network @param {string} message */
  noNetwork: (network, message) => `This site does not have ${network} (${message}), so that it is not measured.`,
  /** @param {string} runtime @param {string} host */
  unloaded: (runtime, host) => `${runtime} could not be loaded from ${host}, so that it is not measured.`,
  /** @param {string} runtime @param {string} message */
  refused: (runtime, message) => `${runtime} does not run this network: ${message}`,
  differs: 'the results differ by more than a thousandth, so that the times are worthless',
  copy: 'Copy as Markdown',
  copied: 'Copied',
  notCopied: 'The browser does not let this page copy. The table stands below, selected.',
  /** @param {string} browser @param {string} system @param {number} cores @param {string | undefined} adapter */
  machine: (browser, system, cores, adapter) =>
    `${browser} on ${system}; ${cores} ${cores === 1 ? 'core' : 'cores'}${adapter ? `; graphics: ${adapter}` : ''}`,
  how: 'Where the ratio is below 1, ours is faster. Runtimes take turns, get the same numbers, and have one core each on the processor. A time is that from the numbers to the scores; ours gives the maps of a layer as well. ResNet-18 and MobileNetV2 have random weights, since the time depends on the architecture alone. LiteRT.js gets the same networks written in its own format.',
};

export const text = catalogue('bench', english);
