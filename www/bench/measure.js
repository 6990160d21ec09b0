import { Featurescope } from '../featurescope.js';
import { modelInput, probabilities } from './input.js';
import { text } from './text.js';

/** Runs before those that count: a browser compiles WebAssembly quickly at first, and better once it turns out to be used. */
const WARM_UP = 2;

/** Runs that count; an odd number, so that one of them is the median. */
export const RUNS = 7;

/** The largest acceptable difference between probabilities, as a part of the largest. */
const TOLERANCE = 1e-3;

/** The photo that is looked at. */
const PHOTO = '../models/photos/chelsea.webp';

/**
 * A network on a device. `theirs`: null where it is not measured, a sentence where it failed; `differs`: the two results are not the same.
 * @typedef {{ ours: number, theirs: number | string | null, differs: boolean }} Case times are medians in milliseconds
 */

/**
 * @param {object} asked
 * @param {Featurescope} asked.scope
 * @param {{ name: string, file: string }} asked.network
 * @param {string | null} asked.address of onnxruntime-web's files, where it is to be measured too
 * @param {AbortSignal} asked.signal
 * @returns {Promise<Case>}
 */
export async function measure({ scope, network, address, signal }) {
  const photo = await (await fetch(new URL(PHOTO, import.meta.url), { signal })).blob();
  const model = await scope.open(network.name, { signal });
  const other = address === null ? null : new Other(signal);
  try {
    const look = await model.look(photo, { signal });
    const input = modelInput(look.seen(), model.recipe);
    const found = look.predictions;
    look.close();
    let theirs =
      other && (await other.open(await bytesOf(network.file, signal), String(address), model.engine.device, input));
    /** @type {{ ours: number[], theirs: number[] }} */
    const times = { ours: [], theirs: [] };
    for (let run = -WARM_UP; run < RUNS; run++) {
      const again = await model.look(photo, { signal });
      if (run >= 0) times.ours.push(again.milliseconds);
      again.close();
      if (other && typeof theirs !== 'string') {
        theirs = await other.run();
        if (run >= 0 && typeof theirs !== 'string') times.theirs.push(theirs.milliseconds);
      }
    }
    const scores = typeof theirs === 'object' && theirs ? probabilities(theirs.scores, model.output ?? 'logits') : null;
    return {
      ours: median(times.ours),
      theirs: typeof theirs === 'string' ? theirs : theirs && median(times.theirs),
      differs:
        scores !== null &&
        found.some(
          ({ index, probability }) => Math.abs(scores[index] - probability) > TOLERANCE * found[0].probability,
        ),
    };
  } finally {
    other?.end();
    model.close();
  }
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

/** @param {string} file @param {AbortSignal} signal */
async function bytesOf(file, signal) {
  const response = await fetch(new URL(`../models/${file}`, import.meta.url), { signal });
  return new Uint8Array(await response.arrayBuffer());
}

/** onnxruntime-web in a worker of its own, so that no case finds memory or compiled code of another. */
class Other {
  #worker = new Worker(new URL('runtime.js', import.meta.url), { type: 'module' });
  #signal;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
  }

  /**
   * @param {Uint8Array} bytes @param {string} address @param {'cpu' | 'webgpu'} device @param {{ data: Float32Array, shape: number[] }} input
   */
  open(bytes, address, device, { data, shape }) {
    return this.#ask({ open: { address, device, bytes, data, shape } });
  }

  run() {
    return this.#ask({ run: true });
  }

  end() {
    this.#worker.terminate();
  }

  /**
   * @param {import('./runtime.js').Question} question
   * @returns {Promise<{ milliseconds: number, scores: Float32Array } | string>} a sentence where it failed
   */
  #ask(question) {
    return new Promise((resolve, reject) => {
      this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { once: true });
      this.#worker.onmessage = ({ data }) => resolve('error' in data ? data.error : data);
      this.#worker.onerror = ({ message }) => resolve(message || text.noWorker);
      this.#worker.postMessage(question);
    });
  }
}
