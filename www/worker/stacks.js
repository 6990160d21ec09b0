/** Several pictures that are the slices of one volume, as the engine takes them. */

/** @typedef {import('../api/engine-types.js').EnginePicture} EnginePicture */

/**
 * Decodes the pictures of a stack, asks something about it, and frees it.
 * @template T
 * @param {import('./main.js').Worker} worker
 * @param {import('./models.js').OpenModel} open
 * @param {import('./pictures.js').PictureSource[]} stack from the first slice to the last
 * @param {import('./main.js').Call} call
 * @param {(stack: EnginePicture) => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function ofStack({ pictures, apart }, { engine, model }, stack, call, ask) {
  // Of more pictures than slices only those are decoded that the network gets; where it takes no stack, one, and the look says so.
  const places = [...new Set(model.spread(stack.length) ?? [0])];
  /** @type {EnginePicture | null} */
  let picture = null;
  try {
    for (const [done, place] of places.entries()) {
      call.progress({ stage: 'decode', done, total: places.length });
      const slice = await pictures.decode(engine.module, apart(stack[place], engine.folder), call.signal);
      call.signal.throwIfAborted();
      const before = /** @type {EnginePicture | null} */ (picture);
      picture = before ? before.stacked(slice, place) : slice.alone(place);
      before?.free();
    }
    return await ask(/** @type {EnginePicture} */ (picture));
  } finally {
    picture?.free();
  }
}
