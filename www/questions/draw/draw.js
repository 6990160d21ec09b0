import { ended, finished, stepped } from './drawn.js';
import { askedFor } from './target.js';

/**
 * Draws what was begun, step by step.
 * @param {import('../../page/session/session.js').Session} session
 * @param {import('../../featurescope.js').Model} model
 * @param {import('./choices.js').Drawn} begun
 * @param {{ signal: AbortSignal, pause?: import('./pause.js').Pause }} options
 * @param {(change: (drawn: import('./choices.js').Drawn) => import('./choices.js').Drawn) => void} edit takes in what became of it
 * @throws {import('../../api/errors.js').FeaturescopeError} `cancelled` when it was stopped, and whatever a drawing fails with
 */
export async function draw(session, model, begun, { signal, pause }, edit) {
  const { settings, seed, article } = begun;
  try {
    const drawing = await model.draw(askedFor(begun), {
      ...settings,
      seed,
      article,
      signal,
      ...(pause ? { pause } : {}),
      onProgress: (progress) => {
        if (!signal.aborted) edit((drawn) => stepped(drawn, progress));
      },
    });
    session.showEngine();
    edit((drawn) => finished(drawn, drawing));
  } catch (error) {
    const { code } = /** @type {import('../../api/errors.js').FeaturescopeError} */ (error);
    edit((drawn) => ended(drawn, code === 'cancelled' ? 'stopped' : 'failed'));
    throw error;
  }
}
