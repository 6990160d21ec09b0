import { answerWithout } from '../answers.js';
import { subjectOf, withoutAnswer } from './selection.js';

/**
 * Has the engine switch maps off.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createAsker(session) {
  let running = new AbortController();
  return {
    /** @param {number[]} maps */
    async ask(maps) {
      const { state } = session;
      const look = /** @type {import('../../featurescope.js').Look | null} */ (state.look);
      if (!look || state.recorded) return;
      running.abort();
      const { signal } = (running = new AbortController());
      const { to } = state.card.without;
      const question = { look, subject: subjectOf(state), maps, to };
      answerWithout(session, { ...question, ablation: null });
      try {
        const ablation = await look.ablate(maps, { to, signal });
        session.showEngine();
        if (!signal.aborted) answerWithout(session, { ...question, ablation });
      } catch (error) {
        if (signal.aborted) return;
        answerWithout(session, null);
        session.report(error);
      }
    },
    /** Forgets what was found of another photo, map or layer. @param {import('../../page/state.js').State} state */
    update(state) {
      const { without } = state.found;
      // A part that is folded keeps what it found, but not of a look that is gone.
      const isKept = without?.look === state.look && (!state.card.without.open || withoutAnswer(state));
      if (!without || isKept) return;
      running.abort();
      answerWithout(session, null);
    },
  };
}
