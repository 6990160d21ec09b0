import { h, setText } from '../ui/dom.js';
import { text } from './text.js';
import { createWalkFigure } from './walk-figure.js';

/**
 * A step of a guided walk.
 * @typedef {object} Step
 * @property {string} title
 * @property {string} [chapter] that it is of
 * @property {() => string[]} paragraphs written when the step is shown, since they may name numbers that were found before
 * @property {() => string | null} [conclusion] what the step has shown, in one sentence; null where it could not be found
 * @property {() => Promise<void>} [enter] brings the page to what the step is about
 * @property {() => void} [leave] ends what was only for this step
 * @property {HTMLElement} [figure] in the place of the page
 * @property {boolean} [atOnce] paragraphs and figure stand there while the page is brought there
 */

/**
 * A box beside the page, on small screens above it, that leads through the page step by step.
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
  const line = h('p', { className: 'note', role: 'status', 'data-testid': 'walk-line' });
  const figure = createWalkFigure();
  const chapters = createChapters(steps, (place) => go(place));
  const box = h(
    'section',
    { className: 'walk', 'aria-labelledby': 'walk-heading' },
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
    h('div', { className: 'buttons' }, back, next, figure.again, line),
    chapters.element,
  );
  const element = h(
    'div',
    { className: 'walk-whole', 'data-testid': 'walk' },
    h('div', { className: 'walk-place' }, box),
    figure.element,
  );
  let current = 0;

  /** @param {number} place */
  async function go(place) {
    if (place >= steps.length) return onClose();
    if (place !== current) steps[current].leave?.();
    current = place;
    const step = steps[place];
    back.disabled = next.disabled = true;
    chapters.show(step.chapter, false);
    setText(count, text.step(place + 1, steps.length));
    setText(title, step.title);
    setText(next, place === steps.length - 1 ? text.finish : text.next);
    setText(line, step.enter ? text.working : '');
    const content = () => [...step.paragraphs().map((paragraph) => h('p', {}, paragraph)), ...conclusionOf(step)];
    body.replaceChildren(...(step.atOnce ? content() : []));
    figure.set(step.figure);
    try {
      await step.enter?.();
    } catch (error) {
      report(error);
    }
    if (current !== place) return;
    if (!step.atOnce) body.replaceChildren(...content());
    setText(line, '');
    figure.settled();
    back.disabled = place === 0;
    next.disabled = false;
    chapters.show(step.chapter, true);
    title.focus({ preventScroll: true });
  }

  return { element, start: () => go(0), dispose: () => figure.dispose() };
}

/** @param {Step} step */
function conclusionOf({ conclusion }) {
  const said = conclusion?.();
  return said ? [h('p', { className: 'walk-conclusion', 'data-testid': 'conclusion' }, h('strong', {}, said))] : [];
}

/**
 * The chapters, each a way to its first step.
 * @param {Step[]} steps
 * @param {(place: number) => void} go
 */
function createChapters(steps, go) {
  const names = [...new Set(steps.flatMap(({ chapter }) => chapter ?? []))];
  const buttons = names.map((name) => ({
    name,
    element: h(
      'button',
      {
        type: 'button',
        className: 'small',
        onclick: () => go(steps.findIndex(({ chapter }) => chapter === name)),
      },
      name,
    ),
  }));
  return {
    element: h(
      'nav',
      { className: 'walk-chapters', 'aria-label': text.chaptersLabel },
      ...buttons.map((one) => one.element),
    ),
    /** @param {string | undefined} current @param {boolean} ready another one can be begun */
    show(current, ready) {
      for (const { name, element } of buttons) {
        if (name === current) element.setAttribute('aria-current', 'step');
        else element.removeAttribute('aria-current');
        element.disabled = !ready;
      }
    },
  };
}
