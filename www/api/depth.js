import { checkLook, layerOf } from './arguments.js';
import { checkList } from './draw-arguments.js';

/**
 * Of every layer the map that fires most.
 * @param {import('./model.js').Model} model
 * @param {import('./model.js').Inside} inside
 * @param {import('./picture-sources.js').ImageSource | import('./picture-sources.js').ImageSource[]} image
 * @param {import('./types.js').DepthOptions & import('./types.js').CallOptions} options
 * @returns {Promise<import('./types.js').StrongestMap[]>}
 */
export async function depth(model, inside, image, { signal, onProgress, ...options }) {
  const { layers = [], erase } = options;
  checkList('layers', layers, 'id');
  for (const layer of layers) layerOf(model.layers, layer);
  await checkLook(model.layers, { erase });
  const { picture, transfer } = await inside.picture(image);
  const content = { model: inside.handle, picture, options };
  return inside.messenger.request('depth', content, { signal, onProgress, transfer });
}
