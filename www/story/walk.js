import { h, setText } from '../ui/dom.js';
import { text } from './text.js';

/**
 * A step of a guided walk.
 * @typedef {object} Step
 * @property {string} title
 * @property {() => string[]} paragraphs written when the step is shown, since they may name numbers that were found before
 * @property {() => Promise<void>} [enter] brings the page to what the step is about
 * @property {() => void} [leave] ends what was only for this step
 * @property {HTMLElement} [figure] below the paragraphs
 * @property {boolean} [atOnce] paragraphs and figure stand there while the page is brought there
 */

/**
 * A box at the lower edge of the window that leads through the page step by step.
 * @param {Step[]} steps
 * @param {{ onClose: () => void, report: (error: unknown) => void }} options
 */
export function createWalk(steps, { onClose, report }) {
  const count = h('p', { className: 'note' });
  const title = h('h2', { id: 'walk-heading', tabIndex: -1 });
  const body = h('div', { className: 'walk-body' });
  const back = h('button', { type: 'button', onclick: () => go(current - 1) }, text.back);
  const next = h('button', { type: 'button', className: 'primary', onclick: () => go(current + 1) });
  const fold = h(
    'button',
    {
      type: 'button',
      className: 'small',
      'aria-expanded': 'true',
      onclick: () => {
        body.hidden = !body.hidden;
        fold.setAttribute('aria-expanded', String(!body.hidden));
        setText(fold, body.hidden ? text.unfold : text.fold);
      },
    },
    text.fold,
  );
  const line = h('p', { className: 'note', role: 'status' });
  const element = h(
    'section',
    { className: 'walk', 'aria-labelledby': 'walk-heading', 'data-testid': 'walk' },
    h(
      'div',
      { className: 'walk-head' },
      h('div', {}, count, title),
      h(
        'div',
        { className: 'buttons' },
        fold,
        h('button', { type: 'button', className: 'close', 'aria-label': text.close, onclick: onClose }, '×'),
      ),
    ),
    body,
    h('div', { className: 'buttons' }, back, next, line),
  );
  let current = 0;

  /** @param {number} place */
  async function go(place) {
    if (place >= steps.length) return onClose();
    if (place !== current) steps[current].leave?.();
    current = place;
    const step = steps[place];
    back.disabled = next.disabled = true;
    setText(count, text.step(place + 1, steps.length));
    setText(title, step.title);
    setText(next, place === steps.length - 1 ? text.finish : text.next);
    setText(line, step.enter ? text.working : '');
    const content = () => [
      ...step.paragraphs().map((paragraph) => h('p', {}, paragraph)),
      ...(step.figure ? [step.figure] : []),
    ];
    body.replaceChildren(...(step.atOnce ? content() : []));
    try {
      await step.enter?.();
    } catch (error) {
      report(error);
    }
    if (current !== place) return;
    if (!step.atOnce) body.replaceChildren(...content());
    setText(line, '');
    back.disabled = place === 0;
    next.disabled = false;
    title.focus({ preventScroll: true });
  }

  return { element, start: () => go(0) };
}
