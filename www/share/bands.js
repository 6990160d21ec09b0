/** What the channels of a network get that takes neither one nor three of them, as far as somebody chose it. Nothing here knows the DOM. */

/** What they get where nobody chooses (`src/onnx/intake.rs`): the first three the picture's colours. */
const COLOURS = /** @type {const} */ (['red', 'green', 'blue']);

/**
 * @param {Pick<import('../api/types.js').Takes, 'bands'>} takes
 * @returns {{ bands?: import('../api/types.js').Band[] }} nothing where it is what they get anyway
 */
export function chosenBands({ bands }) {
  return bands.every((band, place) => band === (COLOURS[place] ?? null)) ? {} : { bands };
}
