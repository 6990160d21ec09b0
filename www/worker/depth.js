import { cancelled } from '../api/errors.js';
import { settle } from './looks.js';
import { withTask } from './task.js';

/**
 * The strongest map of each layer, from one run.
 * @param {import('./models.js').OpenModel} open
 * @param {import('../api/engine-types.js').EnginePicture} picture
 * @param {import('../api/types.js').DepthOptions} options
 * @param {import('./engines.js').Call} call
 * @returns {Promise<import('../api/types.js').StrongestMap[]>}
 */
export async function depthOf({ model, engine, description }, picture, { layers = [], ...options }, call) {
  const { recipe, erase } = settle(description, options);
  const erased = erase?.length ? picture.erase(erase) : null;
  try {
    const { value } = await withTask(engine.module, call, (task) =>
      model.depth(erased ?? picture, { layers, recipe }, task),
    );
    if (call.signal.aborted) throw cancelled();
    return value;
  } finally {
    erased?.free();
  }
}
