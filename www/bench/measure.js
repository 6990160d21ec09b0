import { modelInput, probabilities } from './input.js';
import { fileOf } from './networks.js';
import { Other } from './runtimes.js';
import { text } from './text.js';

/** Runs before those that count: a browser compiles WebAssembly quickly at first, and better once it turns out to be used. */
export const WARM_UP = 2;

/** Runs that count; an odd number, so that one of them is the median. */
export const RUNS = 7;

/** The largest acceptable difference between probabilities, as a part of the largest. */
const TOLERANCE = 1e-3;

/** The photo that is looked at. */
const PHOTO = '../models/photos/chelsea.webp';

/**
 * What was measured of a network on a device: `ours` and each runtime's median in milliseconds, or a sentence where there is none.
 * @typedef {{ ours: number, others: Map<string, number | string> }} Case
 */

/** A runtime while it is measured. @typedef {{ runtime: import('./runtimes.js').Runtime, other: Other, times: number[], scores: Float32Array | null, failed: string }} Measured */

/**
 * @param {object} asked
 * @param {import('../featurescope.js').Featurescope} asked.scope
 * @param {'cpu' | 'webgpu'} asked.device
 * @param {import('./networks.js').Network} asked.network
 * @param {import('./runtimes.js').Runtime[]} asked.runtimes measured beside ours
 * @param {Map<string, string>} asked.unloaded those that could not be loaded, with the sentence that says so: they are not asked for again
 * @param {AbortSignal} asked.signal
 * @returns {Promise<Case | string>} a sentence where the network could not be had
 */
export async function measure({ scope, device, network, runtimes, unloaded, signal }) {
  const photo = await (await fetch(new URL(PHOTO, import.meta.url), { signal })).blob();
  const file = await fileOf(network, signal).catch((error) => {
    signal.throwIfAborted();
    return text.noNetwork(network.title, messageOf(error));
  });
  if (typeof file === 'string') return file;
  const model = await scope.open(file.source, { card: file.card, signal });
  const measured = runtimes.map((runtime) => begin(runtime, signal, unloaded.get(runtime.name)));
  try {
    const look = await model.look(photo, { signal });
    const input = modelInput(look.seen(), model.recipe);
    const found = look.predictions;
    look.close();
    for (const one of measured) await attempt(one, signal, () => open(one, device, file.bytes, input, unloaded));
    /** @type {number[]} */
    const ours = [];
    for (let run = -WARM_UP; run < RUNS; run++) {
      const again = await model.look(photo, { signal });
      if (run >= 0) ours.push(again.milliseconds);
      again.close();
      for (const one of measured) {
        await attempt(one, signal, async () => {
          const { milliseconds, scores } = await one.other.run();
          if (run >= 0) one.times.push(milliseconds);
          one.scores = scores;
        });
      }
    }
    const agrees = (/** @type {Float32Array} */ scores) => {
      const theirs = probabilities(scores, model.output ?? 'logits');
      return found.every(
        ({ index, probability }) => Math.abs(theirs[index] - probability) <= TOLERANCE * found[0].probability,
      );
    };
    return { ours: median(ours), others: new Map(measured.map((one) => [one.runtime.name, resultOf(one, agrees)])) };
  } finally {
    for (const { other } of measured) other.end();
    model.close();
  }
}

/** @param {import('./runtimes.js').Runtime} runtime @param {AbortSignal} signal @param {string} [failed] @returns {Measured} */
function begin(runtime, signal, failed = '') {
  return { runtime, other: new Other(runtime, signal), times: [], scores: null, failed };
}

/**
 * @param {Measured} one @param {'cpu' | 'webgpu'} device @param {Uint8Array<ArrayBuffer>} bytes @param {{ data: Float32Array<ArrayBuffer>, shape: number[] }} input
 * @param {Map<string, string>} unloaded
 */
async function open({ runtime, other }, device, bytes, input, unloaded) {
  try {
    await other.load(runtime.address, device);
  } catch {
    const sentence = text.unloaded(runtime.title, new URL(runtime.address).host);
    unloaded.set(runtime.name, sentence);
    throw new Error(sentence);
  }
  await other.open(bytes, input).catch((error) => {
    throw new Error(text.refused(runtime.title, messageOf(error)));
  });
}

/**
 * Does something with a runtime that has not failed before; a failure is kept as its sentence, so that the others go on.
 * @param {Measured} one @param {AbortSignal} signal @param {() => Promise<void>} step
 */
async function attempt(one, signal, step) {
  if (one.failed) return;
  try {
    await step();
  } catch (error) {
    signal.throwIfAborted();
    one.failed = messageOf(error);
  }
}

/** @param {Measured} one @param {(scores: Float32Array) => boolean} agrees */
function resultOf({ times, scores, failed }, agrees) {
  if (failed) return failed;
  return scores && agrees(scores) ? median(times) : text.differs;
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
