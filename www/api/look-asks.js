/** What a look is asked that runs the network again. */

import { badArgument, checkChoice, checkNumber, checkOverlay, checkWhole, mapList } from './arguments.js';
import { checkSeed } from './draw-arguments.js';
import { text } from './more-text.js';

/** Each control runs the rest of the network once. */
const MOST_CONTROLS = 1000;

/** What a look has in the worker. @typedef {{ messenger: import('./messenger.js').Messenger, handle: number }} Inside */

/**
 * Switches some of the maps off, and as many others for comparison.
 * @param {import('./look.js').Look} look
 * @param {Inside} inside
 * @param {number | number[]} maps
 * @param {Required<import('./types.js').AblateOptions> & import('./types.js').CallOptions} options
 * @returns {Promise<import('./types.js').Ablation & { engine: import('./types.js').EngineInfo }>}
 */
export async function ablate(look, { messenger, handle }, maps, { to, controls, seed, signal, onProgress }) {
  const list = mapList(maps, look.channels);
  checkChoice('to', to, ['zero', 'mean']);
  checkWhole('controls', controls, 0, MOST_CONTROLS);
  checkSeed(seed);
  const content = { look: handle, options: { maps: list, to, controls, seed } };
  /**
   * @type {{ after: Float32Array, finds: import('./types.js').LookFinds | null, engine: import('./types.js').EngineInfo,
   *   controls: { maps: Uint32Array, after: Float32Array, finds: import('./types.js').LookFinds | null }[] }}
   */
  const found = await messenger.request('ablate', content, { signal, onProgress });
  const labels = new Map(look.predictions.map(({ index, label }) => [index, label]));
  const predictions = (/** @type {Float32Array} */ probabilities) =>
    Array.from(probabilities, (probability, index) => ({ index, label: labels.get(index) ?? '', probability })).sort(
      (one, other) => other.probability - one.probability || one.index - other.index,
    );
  return {
    before: look.predictions,
    after: predictions(found.after),
    finds: found.finds,
    controls: found.controls.map((control) => ({
      maps: Array.from(control.maps),
      after: predictions(control.after),
      finds: control.finds,
    })),
    engine: found.engine,
  };
}

/**
 * What every map adds to a class's score.
 * @param {import('./look.js').Look} look
 * @param {Inside} inside
 * @param {number} classIndex
 */
export async function contributions(look, { messenger, handle }, classIndex) {
  checkClass(look, classIndex);
  return messenger.request('contributions', { look: handle, classIndex });
}

/**
 * Grad-CAM of a class.
 * @param {import('./look.js').Look} look
 * @param {Inside} inside
 * @param {{ classIndex?: number, at?: [number, number], overlay: import('./types.js').OverlayOptions } & import('./types.js').CallOptions} wish
 * @returns {Promise<import('./types.js').Cam & { engine: import('./types.js').EngineInfo }>}
 */
export async function cam(look, { messenger, handle }, { at, overlay, signal, onProgress, ...wish }) {
  const { predictions, mask, frame } = look;
  // What is asked about where nothing is said.
  const { classIndex = predictions[0]?.index ?? mask?.areas[0]?.index ?? 0 } = wish;
  checkClass(look, classIndex);
  const options = { classIndex, at, overlay };
  checkOverlay(overlay);
  if (at !== undefined) {
    if (!mask || !frame) throw badArgument('at', at, text.ofMask);
    if (!Array.isArray(at) || at.length !== 2) throw badArgument('at', at, text.place);
    const [x, y] = at;
    checkNumber('at[0]', x, frame.x, frame.x + frame.width);
    checkNumber('at[1]', y, frame.y, frame.y + frame.height);
  }
  /** @type {import('./types.js').EngineCam & { engine: import('./types.js').EngineInfo }} */
  const { image, ...found } = await messenger.request('cam', { look: handle, options }, { signal, onProgress });
  return { ...found, classIndex, image: new ImageData(image.data, image.width, image.height) };
}

/** @param {import('./look.js').Look} look @param {number} classIndex */
function checkClass({ predictions }, classIndex) {
  // Where nothing is predicted the engine says why.
  if (predictions.length > 0) checkWhole('classIndex', classIndex, 0, predictions.length - 1);
  else checkWhole('classIndex', classIndex);
}
