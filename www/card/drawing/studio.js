import { beginDrawings, editEasel, endDrawings, findPatches, followSubject } from '../../questions/draw/changes.js';
import { draw } from '../../questions/draw/draw.js';
import { patchesOf } from '../../questions/draw/find-patches.js';
import { Pause } from '../../questions/draw/pause.js';
import { targetOf } from '../../questions/draw/target.js';

/** Crops of the images beside the drawing. */
export const PATCHES = 6;

/** @typedef {import('../../page/state.js').State} State */

/**
 * Has the engine draw what is chosen on the card, and stops when the card is about something else.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createStudio(session) {
  const pause = new Pause();
  const patches = createSearch(session);
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

  return {
    async draw() {
      const { model, state } = session;
      const layer = state.look?.layer;
      if (!model || !layer || state.openMap === null || running) return;
      const controller = (running = new AbortController());
      const target = targetOf(state);
      beginDrawings(session, { layer, map: state.openMap, ...(target ? { target } : {}) });
      pause.held = false;
      // Two drawings take turns, step by step.
      await Promise.all([drawOn(0, model, controller), drawOn(1, model, controller)]);
      if (running !== controller) return;
      running = null;
      endDrawings(session);
    },
    stop: () => running?.abort(),
    /** @param {State} state */
    update(state) {
      pause.held = state.drawings.held;
      const now = followSubject(session, subject);
      patches.update(session.state, now);
      if (now === subject) return;
      subject = now;
      running?.abort();
      running = null;
    },
  };
}

/**
 * Finds where the open map fires most in the images: at once in the view of drawings, elsewhere beside a drawing, since every image is looked at
 * for it; and anew when there are other images.
 * @param {import('../../page/session/session.js').Session} session
 */
function createSearch(session) {
  let controller = new AbortController();
  /** What is or was last looked for, and in what. @type {unknown[]} */
  let wanted = [];

  /** @param {import('../../featurescope.js').Model} model @param {{ layer: string, map: number }} target */
  async function find(model, target) {
    const { signal } = controller;
    const { article } = session.state;
    try {
      const patches = await patchesOf(session, model, { ...target, article }, { count: PATCHES, signal });
      if (patches && !signal.aborted) findPatches(session, patches);
    } catch {
      // Cancelled, or the engine went away, of which a drawing or the next look tells.
    }
  }

  return {
    /** @param {State} state @param {import('../../questions/draw/choices.js').Subject} subject */
    update({ card, drawings, look, openMap, photos, recorded, status, view }, { source, map }) {
      const { model, workbench } = session;
      if (!card.drawing.open || !look || openMap === null || !model || recorded || status !== 'ready') return;
      if (view !== 'draw' && !drawings.easels[0]) return;
      const next = [source, map, photos, workbench?.study ?? null];
      if (next.every((one, place) => one === wanted[place])) return;
      wanted = next;
      controller.abort();
      controller = new AbortController();
      find(model, { layer: look.layer, map: openMap });
    },
  };
}
