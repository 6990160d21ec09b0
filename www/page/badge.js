import { text } from './text.js';
import { h, setText } from '../ui/dom.js';

/** A warm pass slower than this on WebGPU hints at a software adapter that hides it, in milliseconds. */
const SLOW = 500;

/** A stage of the start that takes longer than this is named, in milliseconds; a shorter one would only flicker past. */
const PATIENCE = 1000;

/**
 * Which engine computes, why this one, and how fast.
 * @param {import('./session/session.js').Session} session
 */
export function createBadge(session) {
  const name = h('strong');
  const speed = h('a', { href: 'bench.html', className: 'numbers', title: text.engine.speedHint });
  const reason = h('p', { className: 'note' });
  const other = h('button', { type: 'button', className: 'small', hidden: true });
  const note = h('div', { className: 'badge-note' }, reason, other);
  const element = h(
    'div',
    { id: 'engine-badge', className: 'badge', role: 'group', 'aria-label': text.engine.why },
    h('p', {}, name, ' ', speed),
    note,
  );
  other.addEventListener('click', () => session.switchEngine('cpu'));
  let stage = '';
  let isLong = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** What the engine does behind a recorded result. @param {import('../api/types.js').Progress | null} progress */
  function waiting(progress) {
    if (progress?.stage !== stage) {
      stage = progress?.stage ?? '';
      isLong = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        isLong = true;
        const { state } = session;
        if (state.recorded && state.progress?.stage === stage) setText(reason, waiting(state.progress));
      }, PATIENCE);
    }
    return [text.engine.recorded, progress && (isLong || progress.waiting) ? text.progress.line(progress) : '']
      .join(' ')
      .trim();
  }

  return {
    element,
    /** @param {import('./state.js').State} state */
    update({ engine, engineRequest, look, warm, recorded, progress, errors }) {
      element.dataset.engine = engine?.name ?? '';
      element.dataset.device = engine?.device ?? '';
      // An alert says why.
      const failed = !engine && !progress && errors.length > 0;
      setText(name, engine ? text.engine.device(engine.device) : failed ? text.engine.failed : text.engine.starting);
      const measured = engine && look && !recorded;
      speed.hidden = !measured;
      setText(speed, measured ? text.engine.speed(look.milliseconds) : '');
      const slow = measured && warm && engine.device === 'webgpu' && look.milliseconds > SLOW;
      const why = engine?.reason ?? '';
      const unanswered = progress?.waiting ? text.progress.line(progress) : '';
      const shown = unanswered || (slow ? `${text.engine.slow} ${why}` : why);
      setText(reason, !recorded ? shown : failed ? text.engine.recordedOnly : waiting(progress));
      element.title = reason.textContent ?? '';
      other.hidden = !slow && !unanswered && !(failed && engineRequest === 'webgpu');
      setText(other, text.engine.tryCpu);
      // Why it is this engine is there for whoever asks; that something is slow, waits or failed is for everybody.
      note.classList.toggle('calm', !slow && !unanswered && !failed && other.hidden);
    },
  };
}
