import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { rememberPage } from './before.js';
import { Stage } from './stage.js';
import { createSteps } from './steps.js';
import { createWalk } from './walk.js';

/** Ends the story that is on the page. @type {(() => Promise<void>) | null} */
let endCurrent = null;

/**
 * The article's story with generated pictures and three small networks, told on the live page.
 * @param {import('../page/session/session.js').Session} session
 * @param {import('../questions/classes/panel.js').ClassesPanel} panel
 */
export async function startStory(session, panel) {
  loadStyle('story.css', import.meta.url);
  // One that is begun anew begins from what the visitor had.
  await endCurrent?.();
  const before = rememberPage(session, panel.workbench, panel.root);
  const stage = new Stage(session, panel);
  const { steps, dispose } = createSteps(stage);
  const opener = document.activeElement;
  const report = (/** @type {unknown} */ error) => {
    if (!stage.ended) session.report(error);
  };
  const end = async () => {
    stage.ended = true;
    endCurrent = null;
    dispose();
    place.remove();
    // The page is as it was, without a jump; the keyboard goes back to where it began.
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    await before.restore();
  };
  const walk = createWalk(steps, { report, onClose: () => end().catch((error) => session.report(error)) });
  const place = h('div', { className: 'walk-place' }, walk.element);
  endCurrent = end;
  document.querySelector('main')?.before(place);
  await walk.start();
}
