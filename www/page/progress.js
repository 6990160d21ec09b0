import { text } from './text.js';
import { h, setText } from '../ui/dom.js';

/** Work shorter than this is not worth a moving line, in milliseconds. */
const PATIENCE = 300;

/**
 * What is going on, how far it is, and the way out.
 * @param {HTMLElement} root
 * @param {import('./session/session.js').Session} session
 */
export function createProgress(root, session) {
  const bar = h('progress', { max: 1, 'aria-hidden': 'true' });
  const line = h('p', { 'aria-live': 'polite' });
  const cancel = h('button', { type: 'button', className: 'small', onclick: () => stop() }, text.cancel);
  let stop = () => {};
  root.append(bar, line, cancel);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  return {
    /** @param {import('./state.js').State} state */
    update({ progress: running, notice, stopNotice, recorded, asked }) {
      // While a recorded result stands there the engine comes in silently; its badge says how far it is.
      const progress = recorded && !asked ? null : running;
      if (progress && root.hidden && timer === undefined) {
        timer = setTimeout(() => {
          root.hidden = false;
          timer = undefined;
        }, PATIENCE);
      } else if (!progress) {
        clearTimeout(timer);
        timer = undefined;
        root.hidden = !notice;
      }
      setText(line, progress ? text.progress.line(progress) : (notice ?? ''));
      bar.hidden = !progress;
      cancel.hidden = !progress && !stopNotice;
      stop = () => (progress ? session.cancel() : stopNotice?.());
      if (progress?.total) bar.value = Math.min(1, progress.done / progress.total);
      else bar.removeAttribute('value');
    },
  };
}
