/** Memory of the engine that is no reason to replace it, in bytes, and for each byte of the model's file so many more. A photo of 50 megapixels
 * takes 150 MB and more, and WebAssembly gives nothing back. */
const ROOM = 96 * 2 ** 20;
const ROOM_OF_MODEL = 4;

/** Finds out whether the engine's memory is larger than it has to be. @param {import('./core.js').Core} core @param {number} photo that may have made it so */
export async function weigh(core, photo) {
  const { scope, model } = core;
  const memory = await scope?.memory().catch(() => null);
  if (memory && model && core.scope === scope && core.model === model) {
    if (memory.wasmBytes > ROOM + ROOM_OF_MODEL * model.bytes) core.swollenBy = photo;
  }
}
