/**
 * A worker of the worker: decodes pictures with an engine's own decoder while that engine runs the network on the picture
 * before. It is told the folder of the engine once, and then `{ id, blob }`; it answers `{ id, pixels }`, where `pixels` is
 * null for a picture that the engine cannot decode, or 'broke' for one at which the decoder panicked, after which this worker is to be ended.
 */

/** @type {import('./ahead.js').Broke} */
const BROKE = 'broke';

/** @type {Promise<import('../api/engine-types.js').EngineModule> | null} */
let engine = null;

/**
 * @param {string} folder
 * @returns {Promise<import('../api/engine-types.js').EngineModule>}
 */
async function load(folder) {
  const module = await import(`${folder}featurescope.js`);
  const [second] = await Promise.all([fetch(folder + module.files[1]), module.default()]);
  // Most decoders are in the second part.
  module.takeSecondPart(await WebAssembly.compile(await second.arrayBuffer()));
  return module;
}

/** @param {Blob} blob */
async function decode(blob) {
  if (!engine) return null;
  const { Picture } = await engine;
  const picture = Picture.decode(new Uint8Array(await blob.arrayBuffer()));
  try {
    return { width: picture.width, height: picture.height, rgb: picture.rgb() };
  } finally {
    picture.free();
  }
}

self.onmessage = async ({ data: { folder, id, blob } }) => {
  if (folder) {
    engine = load(folder);
    await engine;
    return self.postMessage({ ready: true });
  }
  try {
    const pixels = await decode(blob);
    self.postMessage({ id, pixels }, { transfer: pixels ? [pixels.rgb.buffer] : [] });
  } catch (error) {
    // After a panic nothing here can be relied on. Otherwise the engine that runs the network tries it as well, and says what
    // is wrong with it.
    self.postMessage(error instanceof WebAssembly.RuntimeError ? { id, pixels: BROKE } : { id, pixels: null });
  }
};
