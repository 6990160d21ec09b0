import { cancelled, toErrorData } from '../api/errors.js';
import { withTask } from './task.js';

/**
 * @typedef {import('../api/engine-types.js').EngineLook} EngineLook
 * @typedef {import('./engines.js').Call} Call
 */

/**
 * The options with nothing left to the model, whose recipe may change: the same look can be made again with them.
 * @param {import('../api/types.js').ModelDescription} description
 * @param {import('../api/types.js').LookOptions} options
 * @returns {import('../api/types.js').LookOptions}
 */
export function settle(description, { layer, recipe, article, ...rest }) {
  return {
    layer: layer ?? (article ? description.article.layer : undefined),
    recipe: recipe ?? (article ? description.article.recipe : description.recipe),
    ...rest,
  };
}

/**
 * @param {import('./models.js').OpenModel} model
 * @param {import('../api/engine-types.js').EnginePicture} picture
 * @param {import('../api/types.js').LookOptions} options
 * @param {Call} call
 * @param {boolean} [mapsAlone] without what the network gives
 * @returns {Promise<{ look: EngineLook, runMilliseconds: number, missing: { message: string, node?: string } | null }>} `missing`: why what it gives is
 *   not known
 */
export async function runLook({ model, engine, description }, picture, options, call, mapsAlone = false) {
  call.progress({ stage: 'run', done: 0, total: 1 });
  const { erase, ...chosen } = settle(description, options);
  const erased = erase?.length ? picture.erase(erase) : null;
  try {
    const { value: look, runMilliseconds } = await withTask(engine.module, call, (task) =>
      model.look(erased ?? picture, { ...chosen, mapsAlone }, task),
    );
    if (!call.signal.aborted)
      return { look, runMilliseconds, missing: look.missing ? toErrorData(look.missing) : null };
    look.free();
    throw cancelled();
  } finally {
    erased?.free();
  }
}

/**
 * Takes everything the page needs at once out of the engine's memory.
 * @param {EngineLook} look
 * @param {import('../api/types.js').ModelDescription} description
 */
export function readLook(look, { labels }) {
  const { layer } = look;
  const statistics = look.statistics();
  const cells = layer.width * layer.height;
  const maps = new Float32Array(statistics.length * cells);
  for (let map = 0; map < statistics.length; map++) maps.set(look.map(map).data, map * cells);
  return {
    layer: layer.id,
    patch: look.patch,
    slices: look.slices,
    graph: look.form,
    output: look.output,
    doubt: look.doubt,
    silence: look.silence ?? null,
    finite: look.finite,
    signed: look.signed,
    layerScale: look.layerScale,
    channels: statistics.length,
    width: layer.width,
    height: layer.height,
    means: look.means(),
    maxima: Float32Array.from(statistics, ({ max }) => max),
    minima: Float32Array.from(statistics, ({ min }) => min),
    peaks: Uint32Array.from(statistics, ({ row, column }) => row * layer.width + column),
    dead: Uint8Array.from(statistics, ({ dead }) => Number(dead)),
    maps,
    ranking: look.top(statistics.length),
    predictions: look
      .predictions(0xffff_ffff)
      .map(({ index, probability }) => ({ index, label: labels[index] || `class ${index}`, probability })),
    seen: look.seen(),
  };
}

/**
 * @param {EngineLook} look
 * @param {{ width: number, height: number }} seen size of the picture that the network saw
 * @param {number[]} maps
 * @param {import('../api/types.js').OverlayOptions} options
 */
export function drawOverlay(look, seen, maps, options) {
  return look.overlay(Uint32Array.from(maps), engineOverlay(seen, options));
}

/**
 * The options as the engine takes them: sides for the size, and a number for the largest value of a set.
 * @param {{ width: number, height: number }} seen size of the picture that the network saw
 * @param {import('../api/types.js').OverlayOptions} options
 */
export function engineOverlay(seen, { size, scale, setMaximum, ...options }) {
  const full = scale === 'set' ? setMaximum : scale;
  return { ...options, ...(size ? fit(seen, size) : {}), ...(full === undefined ? {} : { scale: full }) };
}

/**
 * @param {{ width: number, height: number }} seen
 * @param {number} size of the longer side
 */
function fit({ width, height }, size) {
  const factor = size / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
