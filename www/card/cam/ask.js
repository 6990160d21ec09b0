import { toError } from '../../api/errors.js';
import { answerCam } from '../answers.js';
import { camAnswer, camQuestion } from './selection.js';

/**
 * Asks the engine for Grad-CAM, once for each question. The same is not asked again by itself: what fails once fails again, and an error
 * draws the page anew.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createAsker(session) {
  let running = new AbortController();
  return {
    /** @param {import('../../page/state.js').State} state */
    async update(state) {
      // Of a photo or layer that is gone nothing is kept.
      if (state.found.cam && state.found.cam.look !== state.look) {
        running.abort();
        answerCam(session, null);
      }
      const question = camQuestion(state);
      if (!question || camAnswer(state)) return;
      running.abort();
      const controller = (running = new AbortController());
      answerCam(session, { ...question, cam: null, error: null });
      const look = /** @type {import('../../featurescope.js').Look} */ (question.look);
      const { classIndex, at, overlay } = question;
      try {
        const cam = await look.cam(classIndex, { overlay, at, signal: controller.signal });
        session.showEngine();
        if (!controller.signal.aborted) answerCam(session, { ...question, cam, error: null });
      } catch (error) {
        if (controller.signal.aborted) return;
        answerCam(session, { ...question, cam: null, error: toError(error).message });
        session.report(error);
      }
    },
  };
}
