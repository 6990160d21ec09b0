import { beginDrawings, editEasel, endDrawings, findPatches, followSubject } from '../../questions/draw/changes.js';
import { draw } from '../../questions/draw/draw.js';
import { patchesOf } from '../../questions/draw/find-patches.js';
import { Pause } from '../../questions/draw/pause.js';

/** Crops of the images beside the drawing. */
export const PATCHES = 6;

/**
 * Has the engine draw what is chosen on the card, and stops when the card is about something else.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createStudio(session) {
  const pause = new Pause();
  /** @type {AbortController | null} */
  let running = null;
  /** What the drawings are of. @type {import('../../questions/draw/choices.js').Subject} */
  let subject = { source: null, map: null };

  /** @param {0 | 1} place @param {import('../../featurescope.js').Model} model @param {AbortController} controller */
  async function drawOn(place, model, controller) {
    const begun = session.state.drawings.easels[place];
    if (!begun) return;
    try {
      await draw(session, model, begun, { signal: controller.signal, pause }, (change) => {
        // What was drawn of something else is not taken in any more.
        if (running === controller) editEasel(session, place, change);
      });
    } catch (error) {
      session.report(error);
    }
  }

  /** @param {import('../../featurescope.js').Model} model @param {{ layer: string, map: number }} target @param {AbortController} controller */
  async function lookForPatches(model, target, controller) {
    const { article } = session.state;
    const { signal } = controller;
    try {
      const patches = await patchesOf(session, model, { ...target, article }, { count: PATCHES, signal });
      if (patches && running === controller) findPatches(session, patches);
    } catch {
      // Cancelled, or the engine went away, which the drawing reports.
    }
  }

  return {
    async draw() {
      const { model, state } = session;
      const layer = state.look?.layer;
      if (!model || !layer || state.openMap === null || running) return;
      const controller = (running = new AbortController());
      const target = { layer, map: state.openMap };
      beginDrawings(session, target);
      pause.held = false;
      // Two drawings take turns, step by step.
      await Promise.all([
        lookForPatches(model, target, controller),
        drawOn(0, model, controller),
        drawOn(1, model, controller),
      ]);
      if (running !== controller) return;
      running = null;
      endDrawings(session);
    },
    stop: () => running?.abort(),
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      pause.held = state.drawings.held;
      const now = followSubject(session, subject);
      if (now === subject) return;
      subject = now;
      running?.abort();
      running = null;
    },
  };
}
