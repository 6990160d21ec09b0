import { text } from './text.js';
import { createAlerts } from './alerts.js';
import { createCard } from '../card/card.js';
import { createLater } from './later.js';
import { byId } from '../ui/dom.js';
import { connectInput, listenForFiles } from '../ui/drop.js';
import { createDepth } from '../questions/look/depth.js';
import { createLook } from '../questions/look/look.js';
import { createOpening } from '../questions/look/opening.js';
import { createPhoto } from '../questions/look/photo.js';
import { createPredictions } from '../questions/look/predictions.js';
import { createProgress } from './progress.js';
import { createQuestions } from '../questions/index.js';
import { createTray } from '../questions/look/tray.js';
import { createTopbar } from './topbar.js';

/** What one frame may spend on drawing, in milliseconds; layout and paint come on top. */
const BUDGET = 4;

/** @typedef {{ update: (state: import('./state.js').State) => Generator<undefined, void> | void }} Component */

/**
 * Builds the page once and returns the function that draws a state into it, and the one that opens a link in the address.
 * @param {import('./session/session.js').Session} session
 * @returns {{ render: (state: import('./state.js').State) => void, openLink: () => void, parts: import('../share/open.js').PageParts }} `parts`: of the
 *   page, for what is loaded later
 */
export function createPage(session) {
  const later = createLater(session, { show: (part) => components.push(part), pickModel: () => pickModel() });
  const images = connectInput(byId('image-input'), later.take);
  const folder = connectInput(byId('folder-input'), (files) => later.take(files, true));
  const pickModel = connectInput(byId('model-input'), later.takeModel);
  listenForFiles(later.take);
  const skip = document.querySelector('.skip');
  if (skip) skip.textContent = text.skip;
  byId('footer').textContent = text.privacy;
  /** @type {Component[]} */
  const components = [
    createTopbar(byId('topbar'), session, later),
    createQuestions(byId('questions'), later.ask),
    createProgress(byId('progress'), session),
    createAlerts(byId('alerts'), session),
    createOpening(byId('opening'), session, later),
    createCard(byId('card'), session, later),
    createPredictions(byId('predictions'), session),
    createPhoto(byId('photo'), session),
    createTray(byId('tray'), session, { images, folder }),
    createDepth(byId('depth'), session),
    createLook(byId('look'), session),
    later.asked,
  ];
  return { render: createPainter(session, components), openLink: later.openLink, parts: later.parts };
}

/**
 * Draws states into components, in slices that leave frames to the visitor.
 * @param {import('./session/session.js').Session} session
 * @param {Component[]} components to which others may come
 * @returns {(state: import('./state.js').State) => void}
 */
function createPainter(session, components) {
  /** @type {WeakSet<Component>} */
  const failed = new WeakSet();
  /** @type {Generator<undefined, void> | null} */
  let work = null;
  /** The state changed while it was drawn. */
  let again = false;

  /** @param {import('./state.js').State} state */
  function* draw(state) {
    for (const component of components) {
      try {
        const more = component.update(state);
        if (more) yield* more;
      } catch (error) {
        // A part that cannot be drawn must not keep the others from being drawn. It is told of once, since it fails again with
        // every drawing.
        if (!failed.has(component)) {
          failed.add(component);
          session.report(error);
        }
      }
      yield;
    }
    // What changed meanwhile is drawn next.
    if (again) return;
    session.isDrawn = true;
    // Everything else is said at once, where the state changes.
    if (state.status === 'ready') document.body.dataset.state = 'ready';
  }

  function drawOn() {
    // Nobody waits for a frame of a page that does not show itself yet.
    const end = document.body.classList.contains('waiting') ? Infinity : performance.now() + BUDGET;
    while (work && !work.next().done) {
      if (performance.now() > end) return void requestAnimationFrame(drawOn);
    }
    work = again ? draw(session.state) : null;
    again = false;
    if (work) requestAnimationFrame(drawOn);
  }

  // A drawing that is under way is ended before the next begins, or what comes last would wait for as long as the state changes with
  // every frame. What is drawn already costs a comparison.
  return (state) => {
    session.isDrawn = false;
    if (work) {
      again = true;
      return;
    }
    work = draw(state);
    drawOn();
  };
}
