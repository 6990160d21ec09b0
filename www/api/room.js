/** How many workers a device has room for. */

/** Nobody has waited for more of them, and each loads an engine. */
const MOST = 8;

/** Bytes that a worker takes with its engine, and for each byte of a model's file so many more, with the weights that the CPU engine keeps in its
 * kernels' order besides the file's. Measured in Chromium: with SqueezeNet (5 MB) the page's process grows by 73 MB for each worker, with
 * EfficientNet-Lite0 (18 MB) by 54, to which those weights add 7 and 13 MB; with them, files take up to two and a half times their size
 * (tests/browser/engine-memory.spec.mjs). */
const OF_WORKER = 64 * 2 ** 20;
const OF_MODEL = 2.5;

/** The part of a device's memory that all workers together may take: a browser ends a page that takes much more. */
const SHARE = 1 / 4;

/** Gigabytes of a device that does not say how many it has. */
const UNKNOWN_MEMORY = 4;

/**
 * How many workers a device has room for at a time.
 * @param {{ cores?: number, memory?: number, bytes: number }} device `memory` in gigabytes, as browsers tell it; `bytes`: of the models' files
 */
export function roomFor({ cores = 1, memory = UNKNOWN_MEMORY, bytes }) {
  // One core is left to the page. Of two none is: while work over many goes on, the page has nothing to do but to draw how far it is, and
  // a single worker would leave half of the machine idle.
  const ofCores = cores === 2 ? 2 : cores - 1;
  const ofMemory = Math.floor((SHARE * memory * 2 ** 30) / (OF_WORKER + OF_MODEL * bytes));
  return Math.max(1, Math.min(ofCores, ofMemory, MOST));
}

/**
 * The same of this device.
 * @param {number} bytes of the models' files
 */
export function roomHere(bytes) {
  /** @type {{ hardwareConcurrency?: number, deviceMemory?: number }} */
  const { hardwareConcurrency: cores, deviceMemory: memory } = navigator;
  return roomFor({ cores, memory, bytes });
}
