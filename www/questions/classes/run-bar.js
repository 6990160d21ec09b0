import { text } from '../../classes/text.js';
import { shownName } from '../../page/shown-names.js';
import { h, setText } from '../../ui/dom.js';

/**
 * Lets the network look at the images, and says how far it is.
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {import('../../page/session/session.js').Session} session
 * @param {() => void} focusNext where the keyboard goes when what was pressed is gone
 */
export function createRunBar(workbench, session, focusNext) {
  const start = h('button', { type: 'button', className: 'primary', onclick: () => workbench.run() });
  const cancel = h('button', { type: 'button', onclick: () => workbench.cancel() }, text.cancel);
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const line = h('p', { className: 'note', role: 'status' });
  const here = h('button', {
    type: 'button',
    hidden: true,
    onclick: () => workbench.lookHere().catch((error) => session.report(error)),
  });

  /** The images can be looked at again where the page looks now. */
  function updateHere() {
    const { running, study, isElsewhere } = workbench;
    here.hidden = running !== null || !isElsewhere;
    setText(here, study?.layer === session.state.look?.layer ? text.lookAgain : text.lookHere);
  }

  return {
    element: h('div', { className: 'buttons run-bar' }, start, cancel, bar, line, here),
    updateHere,
    update() {
      const { running } = workbench;
      const empty = workbench.collection.images().length === 0;
      const focused = document.activeElement;
      start.hidden = running !== null || !(workbench.unseen || empty);
      start.disabled = empty;
      setText(start, hasSeen(workbench) ? text.again : text.find);
      cancel.hidden = bar.hidden = running === null;
      if (running) bar.value = running.done / running.total;
      setText(line, running ? text.progress(running) : statusOf(workbench));
      // That all is found shows by itself; whoever hears the page is told.
      line.classList.toggle('visually-hidden', running === null && isSettled(workbench));
      updateHere();
      // The button that was pressed may be gone.
      if ((focused === start && start.hidden) || (focused === here && here.hidden))
        cancel.hidden ? focusNext() : cancel.focus();
      if (focused === cancel && cancel.hidden) start.hidden ? focusNext() : start.focus();
    },
  };
}

/** Whether nothing is left to do or to know of the images. @param {import('../../classes/workbench.js').Workbench} workbench */
function isSettled({ study, studies, unseen, collection }) {
  return (
    study !== null && !unseen && !collection.images().some((image) => studies.some((one) => one.failed.has(image)))
  );
}

/** Whether any of the images were looked at: others before them do not count. @param {import('../../classes/workbench.js').Workbench} workbench */
function hasSeen({ study, collection }) {
  return study !== null && collection.images().some((image) => study.knows(image));
}

/** What was found in the images, in a sentence. @param {import('../../classes/workbench.js').Workbench} workbench */
export function statusOf(workbench) {
  const { study, collection } = workbench;
  const images = collection.images();
  if (images.length === 0) return text.noImages;
  if (!study || !hasSeen(workbench)) return text.waiting;
  const failed = images.filter((image) => study.failed.has(image)).map(shownName);
  const seen = images.filter((image) => study.places.has(image)).length;
  return text.done(seen, study.layer, failed, images.length - seen - failed.length);
}
