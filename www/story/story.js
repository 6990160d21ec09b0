import { loadStyle } from '../ui/load-style.js';
import { rememberPage } from './before.js';
import { createSteps } from './steps.js';
import { createWalk } from './walk.js';

/** Ends the story that is on the page. @type {(() => Promise<void>) | null} */
let endCurrent = null;

/**
 * The article's questions asked of real photos, and then its story with generated pictures and three small networks, told on the live page.
 * @param {import('../page/session/session.js').Session} session
 * @param {import('../questions/classes/panel.js').ClassesPanel} panel
 */
export async function startStory(session, panel) {
  loadStyle('story.css', import.meta.url);
  // One that is begun anew begins from what the visitor had.
  await endCurrent?.();
  const before = rememberPage(session, panel.workbench, panel.root);
  /** @type {import('./stage.js').Telling} */
  const telling = { ended: false, standing: null, before: panel.workbench.studies };
  const { steps, dispose } = createSteps(telling, session, panel);
  const opener = document.activeElement;
  const report = (/** @type {unknown} */ error) => {
    if (!telling.ended) session.report(error);
  };
  const end = async () => {
    telling.ended = true;
    endCurrent = null;
    dispose();
    walk.dispose();
    walk.element.remove();
    // The page is as it was, without a jump; the keyboard goes back to where it began.
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    await before.restore();
  };
  const walk = createWalk(steps, { report, onClose: () => end().catch((error) => session.report(error)) });
  endCurrent = end;
  document.querySelector('main')?.before(walk.element);
  await walk.start();
}
