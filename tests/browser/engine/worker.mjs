// Holds one engine, as the page's own worker does, without what lies between it and the page.

import { compareWithGolden } from './goldens.mjs';
import { compareForms } from './forms.mjs';
import { compareGradient } from './gradients.mjs';
import { runGrid } from './grid.mjs';
import { loseDevice, runTogether } from './losses.mjs';
import { openEngine } from './open.mjs';
import { runCases } from './ops.mjs';
import { countPipelines } from './pipelines.mjs';
import { checkItself, compareConvolutions, compareMatrices } from './tiles.mjs';

const device = new URL(location.href).searchParams.get('engine');

/** What can only be done before the engine opens the device. */
const beforehand = {
  /** Lets the adapter and its device seem to have other limits, by WebGPU's names. */
  pretendLimits(limits) {
    for (const [name, value] of Object.entries(limits)) {
      if (!(name in GPUSupportedLimits.prototype)) throw new Error(`there is no limit ${name}`);
      Object.defineProperty(GPUSupportedLimits.prototype, name, { get: () => value });
    }
  },
  /** Lets the adapter seem to be no software one, so that products of matrices are computed in tiles, as on a graphics card. */
  pretendGraphicsCard() {
    for (const name of ['vendor', 'architecture', 'device', 'description']) {
      Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => `pretended ${name}` });
    }
    Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
  },
};

const actions = { checkItself, compareConvolutions, compareMatrices, compareForms, compareGradient, compareWithGolden, countPipelines, loseDevice, runCases, runGrid, runTogether };

let opened;

self.onmessage = async ({ data: { id, name, content } }) => {
  try {
    if (name in beforehand) {
      self.postMessage({ id, result: beforehand[name](...content) });
      return;
    }
    opened ??= openEngine(device);
    self.postMessage({ id, result: await actions[name](await opened, ...content) });
  } catch (error) {
    self.postMessage({ id, error: describe(error) });
  }
};

/** Errors of the engine are plain objects. */
function describe(error) {
  return error instanceof Error ? `${error.stack}` : JSON.stringify(error);
}
