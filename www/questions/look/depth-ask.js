import { toError } from '../../api/errors.js';
import { currentPhoto, imageOf } from '../../page/state.js';
import { depthAbout } from '../../page/facts.js';
import { shownLayers } from './depth-layers.js';

/** How many answers are kept, for photos that are looked at again. */
const KEPT = 8;

/**
 * Asks for the strongest map of each layer on the photo looked at, unless it is known. Any newer look ends this.
 * @param {import('../../page/session/session.js').Session} session
 * @returns {Promise<string | null>} the code of the error that left it without an answer
 */
export async function askDepth(session) {
  const { state, model, running, frame } = session;
  const photo = currentPhoto(state);
  // A camera's pictures come one after another, and each look has to come at once.
  if (!model || !state.model || !photo || photo.source === frame || state.depth.isOff || depthAbout(state)) return null;
  const { article, depth, model: shown } = state;
  const about = { model: shown, photo: photo.id, source: photo.source, strokes: photo.strokes, article };
  const keep = (/** @type {import('../../api/types.js').StrongestMap[]} */ maps) =>
    session.set({ depth: { ...depth, found: [...session.state.depth.found, { ...about, maps }].slice(-KEPT) } });
  try {
    const layers = shownLayers(shown.layers).map(({ id }) => id);
    const { signal } = running;
    keep(await model.depth(imageOf(photo, model), { layers, article, erase: photo.strokes, signal }));
    return null;
  } catch (error) {
    const { code } = toError(error);
    if (code === 'cancelled' || code === 'closed')
      return running.signal.aborted && session.running === running ? null : code;
    // An engine that was lost by this would be lost again.
    if (code === 'device-lost' || code === 'worker-lost') session.set({ depth: { ...depth, isOff: true } });
    else keep([]);
    if (code === 'device-lost') session.report(error);
    return code;
  }
}
