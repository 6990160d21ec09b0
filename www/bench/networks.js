import { onnxFile } from './networks/onnx.js';
import { RANDOM } from './networks/random.js';

/**
 * A network that is measured. `isRandom`: its weights are, and it is written here; the others are files of this site.
 * @typedef {{ name: string, title: string, isRandom: boolean }} Network
 */

/** @type {Network[]} */
export const NETWORKS = [
  { name: 'squeezenet1.1', title: 'SqueezeNet 1.1', isRandom: false },
  { name: 'resnet18', title: RANDOM.resnet18.card.title, isRandom: true },
  { name: 'mobilenetv2', title: RANDOM.mobilenetv2.card.title, isRandom: true },
  { name: 'efficientnet-lite0', title: 'EfficientNet-Lite0', isRandom: false },
];

/**
 * A network's file, and how Featurescope opens it.
 * @param {Network} network @param {AbortSignal} signal
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, source: string | File, card?: import('../api/types.js').Card }>}
 * @throws {Error} where this site does not have it
 */
export async function fileOf({ name, isRandom }, signal) {
  if (isRandom) {
    const { make, card } = RANDOM[/** @type {keyof typeof RANDOM} */ (name)];
    const bytes = onnxFile(make());
    return { bytes, source: new File([bytes], `${name}.onnx`), card };
  }
  const response = await fetch(new URL(`../models/${name}.onnx`, import.meta.url), { signal });
  if (!response.ok) throw new Error(String(response.status));
  return { bytes: new Uint8Array(await response.arrayBuffer()), source: name };
}
